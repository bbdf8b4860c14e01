/** The consent answers while they are given; nothing is preselected. */
import { allowsRecording, type Consent, type ConsentAnswer } from "#model/consent.ts";

export type ConsentForm = {
  answer: ConsentAnswer | null;
  /** When the patient's answer was given, clock ms. */
  askedAt: number | null;
  /** One per other person in the room; null until answered. */
  others: readonly ("yes" | "no" | null)[];
  language: string;
  interpreter: boolean;
};

export const emptyConsent: ConsentForm = {
  answer: null,
  askedAt: null,
  others: [],
  language: "en-US",
  interpreter: false,
};

/** Why recording may not start yet, in words; undefined when it may. */
export function obstacleOf(form: ConsentForm): string | undefined {
  if (form.answer === null) return "Answer the consent question first.";
  if (form.answer === "not_asked") return "Ask the patient first; without consent nothing is recorded.";
  if (form.answer === "no") return "The patient said no, so nothing is recorded.";
  if (form.others.includes(null)) return "Give the answer of everybody in the room.";
  return form.others.includes("no") ? "Somebody in the room said no, so nothing is recorded." : undefined;
}

/** The record of the consent, once it allows recording. */
export function toConsent(form: ConsentForm, textVersion: string): Consent | undefined {
  const consent = recordOf(form, textVersion);
  return consent !== undefined && allowsRecording(consent) ? consent : undefined;
}

/** The record of a refusal, by the patient or by somebody in the room. */
export function toRefusal(form: ConsentForm, textVersion: string): Consent | undefined {
  const consent = recordOf(form, textVersion);
  const isRefused = form.answer === "no" || form.others.includes("no");
  return isRefused ? consent : undefined;
}

/** undefined until everybody has answered. */
function recordOf(form: ConsentForm, textVersion: string): Consent | undefined {
  const { answer, askedAt, others, language, interpreter } = form;
  if (answer === null || askedAt === null) return undefined;
  const answered = others.filter((other) => other !== null);
  if (answered.length !== others.length) return undefined;
  const asked = new Date(askedAt).toISOString();
  return { answer, others: answered, textVersion, language, interpreter, askedAt: asked };
}
