import { z } from "zod";

export const ConsentAnswer = z.enum(["yes", "no", "not_asked"]);
export type ConsentAnswer = z.infer<typeof ConsentAnswer>;

/** What the patient answered, to which text, and when it was asked. */
export const Consent = z.object({
  answer: ConsentAnswer,
  /** Answers of others in the room, nobody named. */
  others: z.array(z.enum(["yes", "no"])).max(10),
  textVersion: z.string().max(40),
  language: z.string().max(20),
  interpreter: z.boolean(),
  askedAt: z.iso.datetime(),
});
export type Consent = z.infer<typeof Consent>;

/** Recording may start only when everybody in the room said yes. */
export function allowsRecording(consent: Consent): boolean {
  return consent.answer === "yes" && consent.others.every((answer) => answer === "yes");
}
