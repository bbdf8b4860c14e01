/**
 * Everything that crosses between the browser and the clinic server (BFF).
 *
 * Rules for every route: JSON in and out unless said otherwise; every POST/PUT/DELETE carries `x-bff: 1` and is
 * same-origin; failures are `application/problem+json` (problem-json.ts); answers are `Cache-Control: no-store`.
 * Patient data is never in a path or a query: searches are POSTs.
 */
import { z } from "zod";
import { Chunk, maxChunkMs, Sha256 } from "#model/chunk.ts";
import { Consent } from "#model/consent.ts";
import { Evidence } from "#model/evidence.ts";
import { FollowUpRequest } from "#model/follow-up.ts";
import { AppointmentId, PatientId, UserId, VisitId } from "#model/id.ts";
import { Draft, Note } from "#model/note.ts";
import { Patient } from "#model/patient.ts";
import { Problem } from "#model/problem.ts";
import { Gap, Moment } from "#model/recording.ts";
import { Transcript } from "#model/transcript.ts";
import { User } from "#model/user.ts";
import { ProcessingStep, VisitState } from "#model/visit.ts";
import { AudioErased, DeviceReport, JournalKey } from "./bff-audio.ts";
import { FilingView } from "./bff-filing.ts";

/** Query of `GET /api/bootstrap`. `last`: how OpenEMR and the scribe were at the last look is enough, the app only opens. */
export const BootstrapAsk = z.object({ upstreams: z.literal("last").optional() });

/** `GET /api/bootstrap` (public): what the app must know before anybody signs in. */
export const Bootstrap = z.object({
  clinic: z.object({ name: z.string(), timeZone: z.string() }),
  /** The clinic server's clock; the app runs on it, because workstation clocks are wrong. */
  now: z.iso.datetime(),
  oidc: z.object({
    authority: z.string(),
    authorizationEndpoint: z.url(),
    clientId: z.string(),
  }),
  consent: z.object({ textVersion: z.string(), text: z.string(), script: z.string() }),
  /** After this long without a key or a touch the screen is covered. */
  workstationIdleMs: z.number().int().positive(),
  /** The longest chunk of a new visit: a second less than the scribe service takes. */
  maxChunkMs: z.number().positive().default(maxChunkMs),
  /** Is OpenEMR / the scribe answering now? */
  upstreams: z.object({ openemr: z.enum(["up", "down"]), scribe: z.enum(["up", "down"]) }),
  /** Who holds the keys of audio on the devices: the browser, or the clinic server, which then gives the key to wrap with. */
  journalKeys: z.enum(["device", "wrapped"]),
  journalPublicKey: JournalKey.nullable(),
  /** Days that audio stays on the device after signing. */
  audioRetentionDays: z.number().int().min(0).max(90),
  /** Set only when the chart is the sandbox: the words for the banner and the accounts to sign in with. */
  demo: z
    .object({
      banner: z.string(),
      accounts: z.array(z.object({ role: z.string(), username: z.string(), password: z.string() })),
    })
    .nullable(),
});
export type Bootstrap = z.infer<typeof Bootstrap>;

/** `POST /auth/begin` and `GET /api/launch`: bff-launch.ts. */

/**
 * `POST /auth/token` (form, as oidc-client-ts sends it; plus `x-bff: 1`): the answer carries no token.
 * Sets `__Host-sid`. Failures: problem+json `sign_in_failed`.
 */
export const AuthToken = z.object({
  access_token: z.literal("held"),
  token_type: z.literal("Bearer"),
  scope: z.literal("chartside"),
  expires_in: z.number().int(),
});

/** `POST /auth/logout` -> 204. Ends our session and OpenEMR's. */

/** `GET /api/session` -> 200, or 401 `signed_out`. */
export const SessionView = z.object({ user: User, absoluteExpiry: z.iso.datetime() });
export type SessionView = z.infer<typeof SessionView>;

/** One line of the worklist. Times are the clinic's wall clock. */
export const WorklistRow = z.object({
  appointmentId: AppointmentId.nullable(),
  date: z.iso.date(),
  startTime: z.string(),
  durationMinutes: z.number().int().nullable(),
  reason: z.string(),
  patient: Patient,
  clinician: z.object({ id: UserId.nullable(), name: z.string() }),
  visit: z.object({ id: VisitId, state: VisitState, updatedAt: z.iso.datetime() }).nullable(),
});
export type WorklistRow = z.infer<typeof WorklistRow>;

/** `GET /api/worklist?date=YYYY-MM-DD&scope=mine|all` (clinician, administrator). */
export const Worklist = z.object({
  date: z.iso.date(),
  fetchedAt: z.iso.datetime(),
  /** True when OpenEMR is down and this is the last list it gave. */
  stale: z.boolean(),
  rows: z.array(WorklistRow),
});
export type Worklist = z.infer<typeof Worklist>;

/** `POST /api/patients/search` (clinician, front desk, administrator). */
export const PatientSearch = z.object({ text: z.string().min(2).max(80) });
export const PatientList = z.object({ patients: z.array(Patient) });

/** `PUT /api/visits/:visitId` (clinician): creates the visit under a client-chosen id; the same body again is the same visit. */
export const VisitCreate = z.object({
  patientId: PatientId,
  appointmentId: AppointmentId.nullable(),
  reason: z.string().max(200),
  consent: Consent,
  startedAt: z.iso.datetime(),
  /** The workstation's name, so that another device can say where the audio is. */
  device: z.string().max(80),
  /** OpenEMR's encounter (uuid) that the note goes into, when its page of the patient opened us there. */
  encounterId: z.guid().optional(),
});
export type VisitCreate = z.infer<typeof VisitCreate>;

/** `GET /api/visits/:visitId` and the `visit` event. Holds no note text. */
export const VisitView = z.object({
  id: VisitId,
  state: VisitState,
  patient: Patient,
  appointmentId: AppointmentId.nullable(),
  reason: z.string(),
  clinician: z.object({ id: UserId, name: z.string() }),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  device: z.string(),
  /** What the scribe holds. */
  received: z.object({ chunks: z.number().int(), durationMs: z.number() }),
  /** Which scribe session takes the audio now, 1..: a visit longer than the service's limit goes on in the next one. */
  part: z.number().int().positive().default(1),
  /** The scribe service that has it, by its configured name (`ServiceView.id`); null before the first chunk. */
  service: z.string().nullable().default(null),
  /** It takes the recording in one piece, after its end. */
  wholeFile: z.boolean().default(false),
  /** What the recording device said it still holds, null when it said nothing or has erased it. */
  onDevice: DeviceReport.nullable().default(null),
  audioErased: AudioErased.nullable().default(null),
  /** From then on the device may erase the audio; null while it must be kept: unsigned, not whole at the scribe, on legal hold. */
  audioKeptUntil: z.iso.datetime().nullable().default(null),
  /** Declared by finish; null while the recording runs. */
  declared: z.object({ chunks: z.number().int(), durationMs: z.number() }).nullable(),
  step: ProcessingStep.nullable(),
  /** Why the visit failed or waits. */
  problem: Problem.nullable(),
  signedAt: z.iso.datetime().nullable(),
  filing: FilingView.nullable(),
});
export type VisitView = z.infer<typeof VisitView>;

/** `GET /api/visits` : this clinician's visits, newest first, at most 200. */
export const VisitList = z.object({ visits: z.array(VisitView) });

/** Chunks, marks, the device's own report, deletion receipts and keys: bff-audio.ts. */

/**
 * `POST /api/visits/:visitId/finish` -> `VisitView`. 409 `chunks_missing` unless the scribe holds just these (compare, send what
 * is not listed, finish again). Idempotent; another list afterwards is 409 `conflict`. When the scribe is away the end is kept
 * and told later.
 */
export const VisitFinish = z.object({
  chunks: z.array(Chunk.pick({ sequence: true, sha256: true, durationMs: true })).min(1),
});
export type VisitFinish = z.infer<typeof VisitFinish>;

/** `POST /api/visits/:visitId/discard` -> 204: the scribe job is left to expire, the visit reads "Discarded". `reason` is one of ours. */
export const VisitDiscard = z.object({ reason: z.enum(["discarded", "withdrawn"]) });

/**
 * `POST /api/visits/:visitId/retry` -> `VisitView`: asks the scribe again after a failure that allows it: either the same job is
 * looked at again (`processing`), or the audio is needed again (`waiting_for_network`, no receipts). 409 `conflict` for
 * `audio_too_short`, `audio_quality_poor` and `language_unsupported`.
 */

/** `GET /api/visits/:visitId/note` (the visit's clinician): everything the Review screen shows. */
export const NoteView = z.object({
  visitId: VisitId,
  draft: Draft,
  transcript: Transcript,
  /** The text as edited so far, after signing with its attribution line; `revision` counts saves, 0 = the draft. */
  revision: z.number().int().nonnegative(),
  note: Note,
  savedAt: z.iso.datetime(),
  evidence: Evidence,
  followUps: z.array(FollowUpRequest),
  /** Time that was not recorded, and what the clinician marked or typed meanwhile. */
  gaps: z.array(Gap).default([]),
  moments: z.array(Moment).default([]),
  signed: z.object({ at: z.iso.datetime(), by: z.string(), sha256: Sha256 }).nullable(),
});
export type NoteView = z.infer<typeof NoteView>;

/** `PUT /api/visits/:visitId/note` -> `{revision, savedAt}`; 409 `conflict` when `baseRevision` is not the newest. */
export const NoteSave = z.object({ baseRevision: z.number().int().nonnegative(), note: Note });
export const NoteSaved = z.object({ revision: z.number().int(), savedAt: z.iso.datetime() });

/**
 * `POST /api/visits/:visitId/sign` -> `VisitView`. Freezes the text: `sha256` is of `canonicalNote(note)` of the newest revision,
 * without the attribution line, so that what was read is what is signed. The signed text is that note plus one line at the end
 * of the plan (`attributed` in model/attribution.ts: who, when, drafted with what), which the sign screen shows beforehand with
 * the minute still open; `NoteView.signed.sha256` is of the text with the line, and so are filing and its read-back. Every
 * follow-up's sentence must stand in the plan. The same request again is the same signature. Filing starts by itself.
 */
export const NoteSign = z.object({
  revision: z.number().int().nonnegative(),
  sha256: Sha256,
  followUps: z.array(FollowUpRequest).max(5),
});
export type NoteSign = z.infer<typeof NoteSign>;

/** `POST /api/visits/:visitId/file` -> `VisitView`: tries filing again now. */

/** What writes the notes, and sending a visit to another service: bff-services.ts. */

/** `GET /api/audit?before=seq` (administrator): newest first, 100 a page. No names, no note text. */
export const AuditRow = z.object({
  seq: z.number().int(),
  at: z.iso.datetime(),
  actor: z.string(),
  role: z.string(),
  action: z.enum(["C", "R", "U", "D", "E"]),
  outcome: z.enum(["ok", "refused", "failed"]),
  patient: z.string().nullable(),
  object: z.string(),
  requestId: z.string(),
});
export const AuditPage = z.object({ rows: z.array(AuditRow), intact: z.boolean() });

/**
 * `GET /api/events` (SSE): `id` = log sequence, replayed by `Last-Event-ID`; heartbeat comment every 20 s.
 * Event names: `visit` (data `VisitView`), `follow_ups` (data `{}`: fetch the queue again), `reset` (fetch everything again),
 * `reconnect`. A front-desk stream carries only `follow_ups`.
 */
