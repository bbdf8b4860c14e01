import { z } from "zod";

/** Ids are opaque; the brand stops one kind from standing in for another. */
export const VisitId = z.uuid().brand<"VisitId">();
export type VisitId = z.infer<typeof VisitId>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/iu;

/** As the schema, for those who must do without it (shape.ts). */
export function isVisitId(text: string): text is VisitId {
  return uuid.test(text);
}

/** OpenEMR's patient uuid. */
export const PatientId = z.string().min(1).max(64).brand<"PatientId">();
export type PatientId = z.infer<typeof PatientId>;

/** OpenEMR's user uuid (`sub` of the access token). */
export const UserId = z.string().min(1).max(64).brand<"UserId">();
export type UserId = z.infer<typeof UserId>;

/** OpenEMR's `pc_eid`, as a string: servers send it as a string or a number. */
export const AppointmentId = z.string().regex(/^\d+$/).brand<"AppointmentId">();
export type AppointmentId = z.infer<typeof AppointmentId>;

export const AddendumId = z.uuid().brand<"AddendumId">();
export type AddendumId = z.infer<typeof AddendumId>;

export const FollowUpId = z.uuid().brand<"FollowUpId">();
export type FollowUpId = z.infer<typeof FollowUpId>;
