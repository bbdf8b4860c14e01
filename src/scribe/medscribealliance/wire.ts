/** One request to the service, with its key, version and deadline. */
import { problem, ProblemError } from "#model/problem.ts";
import { msaVersion } from "#protocol/medscribealliance.ts";
import type { Waiting } from "#scribe/retry.ts";
import { retry } from "#scribe/retry.ts";
import type { Send, SendAnswer, SendRequest } from "#scribe/scribe.ts";
import { isOk } from "./answer.ts";
import { problemOf } from "./problem-of.ts";

/** What every part of the adapter is given. */
export type Wire = { send: Send; waiting: Waiting; apiKey: string };

/** `budgetMs` bounds the pauses between tries, `deadlineMs` each try. `keyless`: the address is not the service's own. */
export type Call = Omit<SendRequest, "headers"> & {
  headers?: Record<string, string>;
  budgetMs: number;
  keyless?: boolean;
};

/** Resolves with 2xx, 3xx and 4xx; 429 and 5xx are tried again within the budget and then thrown as problems. */
export async function call(wire: Wire, { budgetMs, keyless = false, ...request }: Call): Promise<SendAnswer> {
  const own: Record<string, string> = keyless ? {} : { "x-api-key": wire.apiKey, "msa-version": msaVersion };
  const headers = { accept: "application/json", ...own, ...request.headers };
  const once = async (): Promise<SendAnswer> => {
    const answer = await sent(wire.send, { ...request, headers });
    if (answer.status === 429 || answer.status >= 500) throw problemOf(answer, wire.waiting.clock);
    return answer;
  };
  return retry(once, wire.waiting, budgetMs);
}

/** Like `call`, but anything other than 2xx is thrown. */
export async function callOk(wire: Wire, request: Call): Promise<SendAnswer> {
  const answer = await call(wire, request);
  if (!isOk(answer)) throw problemOf(answer, wire.waiting.clock);
  return answer;
}

async function sent(send: Send, request: SendRequest): Promise<SendAnswer> {
  try {
    return await send(request);
  } catch (thrown) {
    if (thrown instanceof ProblemError) throw thrown;
    throw problem("scribe_down", {}, thrown);
  }
}
