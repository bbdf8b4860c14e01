/** The trial's question about work that nobody is signed in for: does OpenEMR give this server a token of its own, and for what. */
import { askForBackgroundToken } from "#bff/auth/background-token.ts";
import { dateIn } from "#model/clock.ts";
import { createCall } from "#openemr/call.ts";
import { wordsOf } from "./openemr-trial-terms.ts";
import type { OpenEmrTrial, Say } from "./openemr-trial-terms.ts";

/** Nothing here is a fault: what is refused is done with the grants of those who signed in. */
export async function tryBackground(trial: OpenEmrTrial, say: Say): Promise<void> {
  const { config, send, clock, keys } = trial;
  const question = "token for background work, by signed assertion";
  if (keys === undefined) return say(question, "absent", "switched off (OPENEMR_CLIENT_ASSERTION)");
  const answer = await askForBackgroundToken({ config, send, clock, keys }).catch((thrown: unknown) => ({
    refused: wordsOf(thrown),
  }));
  if ("refused" in answer) return say(question, "absent", `refused (${answer.refused}); ${withoutIt}`);
  say(question, "yes", `${answer.scopes.join(" ")}, for ${String(answer.expiresInMs / 60_000)} minutes`);
  const call = createCall({ send, baseUrl: config.OPENEMR_URL, site: config.OPENEMR_SITE });
  const access = { token: answer.accessToken };
  const today = dateIn(config.CLINIC_TIME_ZONE, clock.now());
  const refusal = (path: string): Promise<string | undefined> =>
    call(access, { method: "GET", path, query: { date: today } }).then(() => undefined, wordsOf);
  const calendar = answer.scopes.includes("system/Appointment.read")
    ? await refusal("/fhir/Appointment")
    : "no scope for it; it is read when somebody is signed in";
  say("the calendar in the background", calendar === undefined ? "yes" : "absent", calendar ?? "");
  const standard = await refusal("/api/appointment/1");
  const told = standard === undefined ? "notes may be filed while nobody is signed in" : `${standard}; ${withoutIt}`;
  say("the standard API in the background", standard === undefined ? "yes" : "absent", told);
}

const withoutIt = "a note that was signed is filed with its clinician's own grant, or waits until they sign in";
