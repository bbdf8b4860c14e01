/**
 * Which protocol a service speaks, seen by its shape: a MedScribeAlliance document at its well-known place, else OMSIF's
 * handshake. In: an address and how we sign in. Out: the scribe port, whose first call finds out; a service that is down is
 * asked again by the next call. Configuration goes before looking.
 */
import { problem, ProblemError } from "#model/problem.ts";
import type { FileToWav } from "./audio-format.ts";
import type { OidcClient } from "./credentials.ts";
import type { Dialect } from "./medscribealliance/dialect.ts";
import { createMedScribeAlliance } from "./medscribealliance/medscribealliance.ts";
import { createOmsif } from "./omsif/omsif.ts";
import type { ToWav } from "./omsif/send-audio.ts";
import type { Waiting } from "./retry.ts";
import type { Scribe, Send } from "./scribe.ts";

export type ScribeProtocol = "auto" | "medscribealliance" | "omsif";
export type ScribeForm = Dialect | "rev1" | "rev2";

export type ScribeOptions = {
  url: string;
  protocol: ScribeProtocol;
  /** Of the protocol; seen by shape when absent. */
  form?: ScribeForm;
  /** One of the two. */
  apiKey?: string;
  oidc?: OidcClient;
  send: Send;
  waiting: Waiting;
  toWav?: ToWav;
  fileToWav?: FileToWav;
};

export function createScribe(options: ScribeOptions): Scribe {
  const makers = { medscribealliance: () => toMedScribeAlliance(options), omsif: () => toOmsif(options) };
  return options.protocol === "auto" ? whicheverAnswers(makers) : makers[options.protocol]();
}

function toMedScribeAlliance({ form, ...options }: ScribeOptions): Scribe {
  const dialect = form === "A" || form === "B" || form === "C" ? { form } : {};
  return createMedScribeAlliance({ ...options, ...dialect });
}

function toOmsif({ form, ...options }: ScribeOptions): Scribe {
  const revision = form === "rev1" ? 1 : form === "rev2" ? 2 : undefined;
  return createOmsif({ ...options, ...(revision === undefined ? {} : { revision }) });
}

/** A scribe that finds out at its first call what it is. */
function whicheverAnswers(makers: { medscribealliance(): Scribe; omsif(): Scribe }): Scribe {
  let found: Promise<Scribe> | undefined;
  const chosen = (): Promise<Scribe> => {
    found ??= choose(makers).catch((thrown: unknown) => {
      found = undefined;
      throw thrown;
    });
    return found;
  };
  return {
    abilities: async (asked) => (await chosen()).abilities(asked),
    open: async (reference) => (await chosen()).open(reference),
    send: async (job, chunk) => (await chosen()).send(job, chunk),
    finish: async (job, chunkCount) => (await chosen()).finish(job, chunkCount),
    sendWhole: async (job, file) => {
      const scribe = await chosen();
      if (scribe.sendWhole === undefined) throw problem("scribe_refused", { detail: "takes no whole files" });
      return scribe.sendWhole(job, file);
    },
    read: async (job) => (await chosen()).read(job),
    askForRest: async (job) => (await (await chosen()).askForRest?.(job)) ?? null,
    cancel: async (job) => (await (await chosen()).cancel?.(job)) ?? false,
    notifyAt: async (target) => (await (await chosen()).notifyAt?.(target)) ?? "polled",
  };
}

async function choose(makers: { medscribealliance(): Scribe; omsif(): Scribe }): Promise<Scribe> {
  const first = makers.medscribealliance();
  try {
    await first.abilities();
    return first;
  } catch (thrown) {
    if (!isOther(thrown)) throw thrown;
    const second = makers.omsif();
    await second.abilities().catch((refusal: unknown) => {
      // The address belongs to neither: what the first look said is said.
      throw isOther(refusal) ? problem("scribe_refused", { detail: "speaks no protocol that we know" }) : refusal;
    });
    return second;
  }
}

/** Somebody is there and is something else; who is away may still be anything. */
function isOther(thrown: unknown): boolean {
  if (!(thrown instanceof ProblemError)) return false;
  return thrown.problem.code === "scribe_refused" || thrown.problem.code === "scribe_answer_unreadable";
}
