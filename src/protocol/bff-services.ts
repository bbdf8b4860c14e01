/** What crosses between the browser and the clinic server about scribe services. The rules of bff.ts hold. */
import { z } from "zod";
import { ProblemCode } from "#model/problem.ts";

/** What was asked of a service. */
export const ScribeDoing = z.enum(["discover", "open", "send", "finish", "read", "cancel", "register"]);
export type ScribeDoing = z.infer<typeof ScribeDoing>;

/** One service as the clinic configured it, and as it describes itself. Where it says nothing, null or an empty list. */
export const ServiceView = z.object({
  /** The configured name: `VisitView.service`. */
  id: z.string(),
  name: z.string(),
  url: z.string(),
  state: z.enum(["up", "down"]),
  /** Open: not asked for now, because it gave no answer several times in a row. */
  breaker: z.enum(["closed", "half_open", "open"]),
  protocol: z.string(),
  wants: z.enum(["chunks", "whole_file"]).nullable(),
  model: z.string().nullable(),
  maxChunkSeconds: z.number().nullable(),
  maxSessionSeconds: z.number().nullable(),
  audioFormats: z.array(z.string()),
  templates: z.array(z.string()),
  webhooks: z.boolean().nullable(),
  speechEngine: z.string().nullable(),
  noteWriter: z.string().nullable(),
});
export type ServiceView = z.infer<typeof ServiceView>;

/** `GET /api/services` (every role): in order of preference. */
export const ServiceList = z.object({ services: z.array(ServiceView) });
export type ServiceList = z.infer<typeof ServiceList>;

/** `POST /api/services/check` (administrator) -> `ServiceReports`, after every service was asked anew. */

/** `GET /api/services/reports` (administrator): what went wrong lately, without a word about a visit. Lost at a restart. */
export const ServiceReport = z.object({
  id: z.string(),
  downSince: z.iso.datetime().nullable(),
  lastAnswerAt: z.iso.datetime().nullable(),
  /** Newest first, at most 20. */
  failures: z.array(
    z.object({ at: z.iso.datetime(), doing: ScribeDoing, code: ProblemCode, detail: z.string().nullable() }),
  ),
});
export type ServiceReport = z.infer<typeof ServiceReport>;
export const ServiceReports = z.object({
  /** Seconds without an answer after which visits go elsewhere by themselves; null: only by hand. */
  failoverAfterSeconds: z.number().nullable(),
  services: z.array(ServiceReport),
});
export type ServiceReports = z.infer<typeof ServiceReports>;

/**
 * `POST /api/visits/:visitId/service` (the visit's clinician) -> `VisitView`: from now on this service has the visit. All of its
 * audio is sent again from the device that holds it; what the service before still says is not heard. The service that has it
 * already: nothing changes. 409 `conflict` once there is a whole draft.
 */
export const SendElsewhere = z.object({ service: z.string().min(1).max(80) });
