/**
 * What OpenEMR answers, 7.0 to 8.2, as measured: numbers come as strings or numbers, absent things as null, "" or not at
 * all, and rows of older versions lack columns. Only what we read is named; everything else is ignored.
 */
import { z } from "zod";

/** A required cell. */
const Cell = z.union([z.string(), z.number()]).transform(String);
/** An optional cell: null, "" and a missing column all read as null. */
const OptionalCell = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === "" ? null : String(value)));

/** `GET /api/appointment`, `/api/appointment/:eid`, `/api/patient/:pid/appointment[/:eid]`: an array of these. */
export const AppointmentRow = z.object({
  pc_eid: Cell,
  pc_uuid: OptionalCell,
  pid: OptionalCell,
  puuid: OptionalCell,
  pc_aid: OptionalCell,
  pce_aid_uuid: OptionalCell,
  pce_aid_fname: OptionalCell,
  pce_aid_lname: OptionalCell,
  pc_apptstatus: OptionalCell,
  pc_eventDate: Cell,
  pc_startTime: OptionalCell,
  pc_endTime: OptionalCell,
  pc_catid: OptionalCell,
  pc_facility: OptionalCell,
  pc_title: OptionalCell,
  /** Only in single rows. */
  pc_duration: OptionalCell,
  /** Only in single rows of 8.x; undefined means that this server does not show the column. */
  pc_hometext: z.string().nullable().optional(),
});
export type AppointmentRow = z.infer<typeof AppointmentRow>;
export const AppointmentRows = z.array(AppointmentRow);

/** `POST /api/patient/:pid/appointment`: success is an integer `id`, never the status. */
export const AppointmentCreated = z.object({ id: z.coerce.number().int().positive() });

export const PatientRecord = z.object({
  pid: Cell,
  uuid: Cell,
  pubpid: OptionalCell,
  fname: OptionalCell,
  mname: OptionalCell,
  lname: OptionalCell,
  DOB: OptionalCell,
  sex: OptionalCell,
});
export type PatientRecord = z.infer<typeof PatientRecord>;

/** `POST /api/patient`: what `data` holds when it was made. */
export const PatientCreated = z.object({ uuid: Cell });

/** `GET /api/practitioner`. */
export const PractitionerRecord = z.object({ id: Cell, uuid: Cell, fname: OptionalCell, lname: OptionalCell });

/** The envelope of patients and encounters; `validationErrors` is `[]` or a map of field to rule to message. */
export const Envelope = z.object({
  validationErrors: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).nullish(),
  internalErrors: z.array(z.unknown()).nullish(),
  data: z.unknown(),
});

/** 7.0 names a new encounter `{encounter, uuid}`, 8.x `{eid, euuid, encounter}`. */
export const EncounterRow = z
  .object({
    eid: OptionalCell,
    encounter: OptionalCell,
    euuid: OptionalCell,
    uuid: OptionalCell,
    external_id: OptionalCell,
    date: OptionalCell,
  })
  .transform((row) => ({
    id: row.eid ?? row.encounter,
    uuid: row.euuid ?? row.uuid,
    /** `YYYY-MM-DD`, clinic wall clock; null where the answer is of a write (7.0). */
    date: row.date?.slice(0, 10) ?? null,
    externalId: row.external_id,
  }));
export type EncounterRow = z.infer<typeof EncounterRow>;

const Section = z
  .string()
  .nullish()
  .transform((text) => text ?? "");

/** `GET …/soap_note[/:sid]`. The list joins on the form alone, so it repeats rows and shows rows of other patients. */
export const SoapRow = z.object({
  id: Cell,
  pid: Cell,
  subjective: Section,
  objective: Section,
  assessment: Section,
  plan: Section,
});
export type SoapRow = z.infer<typeof SoapRow>;
export const SoapRows = z.array(SoapRow);

/** `POST …/soap_note`: success is a `sid`, never the status. */
export const SoapCreated = z.object({ sid: Cell });

/** `GET /api/patient/:pid/document?path=…`. 7.0 shows neither the name that was given nor a hash. */
export const DocumentRows = z.array(
  z.object({ id: Cell, filename: OptionalCell, hash: OptionalCell, mimetype: OptionalCell }),
);

/** The error body of 7.0.4 and later. */
export const ErrorBody = z.object({ error: z.unknown(), message: z.string() });

const Reference = z.object({ actor: z.object({ reference: z.string() }).nullish() });

/** FHIR R4 Appointment as OpenEMR writes it. Start and end: only the wall-clock part is true (the offset is the server's of today). */
export const FhirAppointment = z.object({
  id: z.string(),
  status: z.string().nullish(),
  start: z.string().nullish(),
  end: z.string().nullish(),
  appointmentType: z.object({ coding: z.array(z.object({ code: z.string().nullish() })).nullish() }).nullish(),
  participant: z.array(Reference).nullish(),
});
export type FhirAppointment = z.infer<typeof FhirAppointment>;

/** A bundle of type "collection"; an empty one has no `entry`. */
export const FhirAppointmentBundle = z.object({
  resourceType: z.literal("Bundle"),
  entry: z.array(z.object({ resource: FhirAppointment })).nullish(),
});
