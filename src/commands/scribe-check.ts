/**
 * `npm run scribe:check -- URL [protocol] [form]`: uses a live scribe service as the clinic server would and prints what it
 * supports. The key comes from SCRIBE_API_KEY; in place of a URL, the name of a service in SCRIBE_SERVICES. The audio is a
 * minute of an invented visit. Ends with 1 when the service breaks a promise.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as waitMs } from "node:timers/promises";
import { scribeServicesOf, type ScribeService } from "#bff/scribe-services.ts";
import { readConfig } from "#bff/config.ts";
import { opusToWav } from "#bff/upstream/opus-to-wav.ts";
import { systemClock } from "#model/clock.ts";
import { createScribe } from "#scribe/discover.ts";
import type { OutgoingChunk, OutgoingFile, Scribe } from "#scribe/scribe.ts";
import { sendByFetch } from "./send-by-fetch.ts";
import type { Row } from "./scribe-trial.ts";
import { tryScribe } from "./scribe-trial.ts";

const patienceMs = 300_000;
const pauseMs = 2000;

export async function main(args: string[]): Promise<number> {
  const service = serviceOf(args);
  if (typeof service === "string") {
    process.stderr.write(`${service}\n`);
    return 2;
  }
  const until = systemClock.now() + patienceMs;
  const pause = async (): Promise<void> => {
    if (systemClock.now() > until) throw new Error("no end in five minutes");
    await waitMs(pauseMs);
  };
  const recorded = recordedChunks();
  const file = await wholeWav(recorded);
  const isGood = await tryScribe({ scribe: toScribe(service), chunks: recorded, file, pause }, print);
  process.stdout.write(
    isGood ? "\nThis service can be used.\n" : "\nThis service cannot be used as it is: see the rows marked NO.\n",
  );
  return isGood ? 0 : 1;
}

const usage =
  "usage: npm run scribe:check -- URL [auto|medscribealliance|omsif] [A|B|C|rev1|rev2]\n" +
  "       npm run scribe:check -- NAME-IN-SCRIBE_SERVICES\n" +
  "The key is read from SCRIBE_API_KEY.";

/** A service to try, or why there is none. */
function serviceOf([where = "", protocol = "auto", form]: string[]): ScribeService | string {
  if (where === "") return usage;
  try {
    if (!URL.canParse(where)) {
      const named = scribeServicesOf(readConfig(process.env)).find(({ name }) => name === where);
      return named ?? `No service in SCRIBE_SERVICES has this name.\n${usage}`;
    }
    const key = process.env["SCRIBE_API_KEY"] ?? "sk_test_chartside";
    const list = JSON.stringify([{ name: new URL(where).host, url: where, protocol, form, key }]);
    return scribeServicesOf(readConfig({ SCRIBE_SERVICES: list }))[0];
  } catch (thrown) {
    return `${thrown instanceof Error ? thrown.message : "bad settings"}\n${usage}`;
  }
}

function toScribe({ url, protocol, form, key, oidc }: ScribeService): Scribe {
  return createScribe({
    url,
    protocol,
    send: sendByFetch,
    waiting: { clock: systemClock, wait: (ms) => waitMs(ms), random: Math.random },
    toWav: async ({ bytes }) => (await opusToWav(bytes)).wav,
    ...(form === undefined ? {} : { form }),
    ...(key === undefined ? {} : { apiKey: key }),
    ...(oidc === undefined ? {} : { oidc }),
  });
}

/** A minute of an invented visit, as the browser cuts it. */
function recordedChunks(): OutgoingChunk[] {
  return [0, 1, 2, 3].map((sequence) => {
    const place = new URL(`../local-scribe/fixtures/chest-pain/audio_${sequence}.webm`, import.meta.url);
    const bytes = new Uint8Array(readFileSync(place));
    return { sequence, bytes, mimeType: "audio/webm;codecs=opus", sha256: sha256Of(bytes) };
  });
}

/** The first chunks as one WAV file of less than a minute, so that it may be asked for at once. */
async function wholeWav(chunks: OutgoingChunk[]): Promise<() => OutgoingFile> {
  const wavs: Uint8Array[] = [];
  let tail: Uint8Array[] = [];
  for (const { bytes } of chunks.slice(0, 3)) {
    const converted = await opusToWav(bytes, tail);
    tail = converted.tail;
    wavs.push(converted.wav);
  }
  const samples = Buffer.concat(wavs.map((wav) => wav.subarray(44)));
  const head = Buffer.from(wavs[0]?.subarray(0, 44) ?? []);
  head.writeUInt32LE(36 + samples.length, 4);
  head.writeUInt32LE(samples.length, 40);
  const bytes = new Uint8Array(Buffer.concat([head, samples]));
  return () => ({
    bytes: once(bytes),
    sizeBytes: bytes.length,
    durationMs: samples.length / 32,
    mimeType: "audio/wav",
    sha256: sha256Of(bytes),
  });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const marks = { yes: "yes", no: "NO ", absent: " - " };

function print({ question, verdict, told }: Row): void {
  process.stdout.write(`${marks[verdict]}  ${question.padEnd(36)} ${told}`.trimEnd().concat("\n"));
}
