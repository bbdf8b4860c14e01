/**
 * FHIR R4 scheduling, where a server has it: what it says that it can do, free and busy slots, and why it refuses. No released
 * OpenEMR has it; the integration guide describes it. Only what we read is named.
 */
import { z } from "zod";

/** `GET /fhir/metadata`. */
export const CapabilityStatement = z.object({
  resourceType: z.literal("CapabilityStatement"),
  rest: z.array(
    z.object({
      resource: z
        .array(z.object({ type: z.string(), interaction: z.array(z.object({ code: z.string() })).nullish() }))
        .nullish(),
    }),
  ),
});

/** `busy-unavailable` and the like count as neither free nor booked. Start and end are instants. */
export const FhirSlot = z.object({ status: z.string(), start: z.string(), end: z.string() });

export const FhirSlotBundle = z.object({
  resourceType: z.literal("Bundle"),
  link: z.array(z.object({ relation: z.string(), url: z.string() })).nullish(),
  entry: z.array(z.object({ resource: FhirSlot })).nullish(),
});

/** Of an appointment that was made or read only to be changed: everything is sent back as it came. */
export const WrittenAppointment = z.looseObject({
  resourceType: z.literal("Appointment"),
  id: z.string().min(1),
  status: z.string(),
});

/** The text of an issue may quote what was sent; its code is a fixed word. */
export const OperationOutcome = z.object({
  resourceType: z.literal("OperationOutcome"),
  issue: z
    .array(
      z.object({
        code: z.string().regex(/^[a-z-]{1,40}$/u),
        details: z.object({ text: z.string().nullish() }).nullish(),
      }),
    )
    .min(1),
});
export type OperationOutcome = z.infer<typeof OperationOutcome>;
