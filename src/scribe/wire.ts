/** One request to a service: who we are, the protocol's own headers, a deadline, and trying again. */
import type { Clock } from "#model/clock.ts";
import { problem, ProblemError } from "#model/problem.ts";
import { isOk } from "./answer.ts";
import type { Credentials } from "./credentials.ts";
import type { Waiting } from "./retry.ts";
import { retry } from "./retry.ts";
import type { Send, SendAnswer, SendRequest } from "./scribe.ts";

/** What every part of an adapter is given. */
export type Wire = {
  send: Send;
  waiting: Waiting;
  credentials: Credentials;
  /** On every request that carries the credentials. */
  headers: Record<string, string>;
  /** The protocol's error table: the problem behind an answer that is not 2xx. */
  problemOf(answer: SendAnswer, clock: Clock): ProblemError;
  /** The service's own code in an error answer. */
  codeOf(answer: SendAnswer): string | undefined;
};

/** `budgetMs` bounds the pauses between tries, `deadlineMs` each try. `keyless`: the address is not the service's own. */
export type Call = Omit<SendRequest, "headers"> & {
  headers?: Record<string, string>;
  budgetMs: number;
  keyless?: boolean;
};

/**
 * Resolves with 2xx, 3xx and 4xx; 429 and 5xx are tried again within the budget and then thrown as problems. A service that
 * says `internal_error` is asked once more and no oftener (MedScribeAlliance §11). A streamed body is sent once.
 */
export async function call(wire: Wire, { budgetMs, keyless = false, ...request }: Call): Promise<SendAnswer> {
  let internalErrors = 0;
  const once = async (): Promise<SendAnswer> => {
    const answer = await exchange(wire, request, keyless);
    if (answer.status !== 429 && answer.status < 500) return answer;
    if (wire.codeOf(answer) === "internal_error") internalErrors += 1;
    if (internalErrors > 1) return answer;
    throw wire.problemOf(answer, wire.waiting.clock);
  };
  const answer = await (isStream(request.body) ? once() : retry(once, wire.waiting, budgetMs));
  if (answer.status >= 500) throw wire.problemOf(answer, wire.waiting.clock);
  return answer;
}

/** Like `call`, but anything other than 2xx is thrown. */
export async function callOk(wire: Wire, request: Call): Promise<SendAnswer> {
  const answer = await call(wire, request);
  if (!isOk(answer)) throw wire.problemOf(answer, wire.waiting.clock);
  return answer;
}

/** One exchange; a token that was refused is renewed and shown once more. */
async function exchange(wire: Wire, request: Omit<Call, "budgetMs">, keyless: boolean): Promise<SendAnswer> {
  const answer = await sent(wire, request, keyless);
  if (answer.status !== 401 || keyless || isStream(request.body) || !wire.credentials.renew()) return answer;
  return sent(wire, request, keyless);
}

async function sent(wire: Wire, request: Omit<Call, "budgetMs">, keyless: boolean): Promise<SendAnswer> {
  try {
    const own = keyless ? {} : { ...wire.headers, ...(await wire.credentials.headers()) };
    return await wire.send({ ...request, headers: { accept: "application/json", ...own, ...request.headers } });
  } catch (thrown) {
    if (thrown instanceof ProblemError) throw thrown;
    throw problem("scribe_down", {}, thrown);
  }
}

function isStream(body: SendRequest["body"]): boolean {
  return body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array);
}
