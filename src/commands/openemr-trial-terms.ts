/** What the trial of an OpenEMR is given and what it says: shared by its parts. */
import type { ClientKeys } from "#bff/auth/client-keys.ts";
import type { Config } from "#bff/config.ts";
import type { Clock } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";
import type { ProblemCode } from "#model/problem.ts";
import type { Send } from "#openemr/send.ts";

/** `no`: Chartside cannot work so. `refused`: this account may not. `absent`: this server does not have it. */
export type Verdict = "yes" | "no" | "refused" | "absent";
export type Say = (question: string, verdict: Verdict, told?: string) => void;

export type OpenEmrTrial = {
  config: Config;
  send: Send;
  clock: Clock;
  /** Answers with the query of the return. */
  signIn(page: { authorizeUrl: string; redirectUri: string }): Promise<URLSearchParams>;
  /** An invented patient's uuid: a visit with a note and an appointment are written there, the appointment taken away again. */
  patientToWrite?: string;
  /** The clinic server's own; absent: background work is given no token of its own. */
  keys?: ClientKeys | undefined;
};

const reasons: Partial<Record<ProblemCode, string>> = {
  openemr_role_missing: "this account's role may not (OpenEMR: Administration > ACL)",
  openemr_scope_missing: "the token lacks the scope, or the role the right",
  openemr_down: "no answer, or a server error",
  timed_out: "no answer in time",
  openemr_answer_unreadable: "an answer that is not OpenEMR's",
  signed_out: "the token is not taken",
  sign_in_failed: "the sign-in was refused (is the client enabled?)",
};

/** Why, in words; never a body. */
export function wordsOf(thrown: unknown): string {
  const { code, detail, field } = toProblem(thrown);
  if (code === "internal_error") return thrown instanceof Error ? thrown.message.slice(0, 200) : "unknown";
  return [reasons[code] ?? code, field, detail].filter((part) => part !== undefined && part !== "").join("; ");
}
