/**
 * What a scribe service does when it is really used: a short visit from opening to note, and the repeats that a bad network
 * brings. In: the port and a few chunks of real audio. Out: one row per question, in the order they were asked. It leaves one
 * finished and one expiring job behind at the service.
 */
import { toProblem } from "#model/problem.ts";
import { sectionNames } from "#model/note.ts";
import type {
  OutgoingChunk,
  OutgoingFile,
  Scribe,
  ScribeAbilities,
  ScribeJob,
  ScribeResult,
  ScribeStatus,
} from "#scribe/scribe.ts";

/** `no` is a broken promise, `absent` something the service need not have. */
export type Row = { question: string; verdict: "yes" | "no" | "absent"; told: string };

export type Trial = {
  scribe: Scribe;
  /** In the format that the abilities name. */
  chunks: OutgoingChunk[];
  /** The same visit as one file; read anew at every call. */
  file(): OutgoingFile;
  /** Between two looks at the job; rejects when there was time enough. */
  pause(): Promise<void>;
};

/** Never throws: what went wrong is a row, and what could not be asked after it is left out. */
export async function tryScribe(trial: Trial, tell: (row: Row) => void): Promise<boolean> {
  let isGood = true;
  const say = (question: string, verdict: Row["verdict"], told: string): void => {
    if (verdict === "no") isGood = false;
    tell({ question, verdict, told });
  };
  try {
    const abilities = await trial.scribe.abilities({ fresh: true });
    tellAbilities(abilities, say);
    const job = await trial.scribe.open("chartside-check.1");
    say("opens a job", "yes", expiryOf(job));
    const ended =
      abilities.wants === "chunks" ? await sendInChunks(trial, job, say) : await sendAsFile(trial, job, say);
    tellResult(ended.status ?? (await waitForEnd(trial, ended.job, say)), say);
    await tellUnknown(trial, ended.job, say);
    await tellCancel(trial, say);
  } catch (thrown) {
    const { code, detail = "" } = toProblem(thrown);
    say("the trial stopped here", "no", `${code} ${detail}`.trim());
  }
  return isGood;
}

type Say = (question: string, verdict: Row["verdict"], told: string) => void;

function tellAbilities(abilities: ScribeAbilities, say: Say): void {
  const { service, protocol, wants, audioFormats, maxChunkMs, model, maxSessionMs, webhooks } = abilities;
  say("says what it is", "yes", `${service}; ${protocol}`);
  say("wants", "yes", wants === "chunks" ? `chunks of at most ${maxChunkMs / 1000} s` : "one file");
  say("takes", "yes", audioFormats.join(", "));
  say("names its model", model === null ? "absent" : "yes", model ?? "");
  say("says by webhook when it has ended", webhooks === true ? "yes" : "absent", webhooks === null ? "not told" : "");
  say(
    "limits a visit",
    maxSessionMs === null ? "absent" : "yes",
    maxSessionMs === null ? "" : `${maxSessionMs / 60_000} min`,
  );
}

function expiryOf({ expiresAt, form }: ScribeJob): string {
  const until = expiresAt === null ? "no expiry told" : `until ${new Date(expiresAt).toISOString()}`;
  return `${until}; uploads: ${form ?? "named"}`;
}

type Ended = { job: ScribeJob; status: ScribeStatus | null };

async function sendInChunks({ scribe, chunks }: Trial, job: ScribeJob, say: Say): Promise<Ended> {
  const [first] = chunks;
  if (first === undefined) throw new Error("no audio to try with");
  await scribe.send(job, first);
  say("takes a chunk", "yes", `${first.bytes.length} bytes of ${first.mimeType}`);
  await scribe.send(job, first);
  say("takes the same chunk again", "yes", "");
  for (const chunk of chunks.slice(1)) await scribe.send(job, chunk);
  const status = await scribe.read(job);
  tellHeld(status, chunks.length, say);
  const ended = await scribe.finish(job, chunks.length);
  say("ends the job", "yes", `${chunks.length} chunks declared`);
  const again = await scribe.finish(ended, chunks.length);
  say("takes the end again", "yes", "");
  return { job: again, status: null };
}

function tellHeld(status: ScribeStatus, sent: number, say: Say): void {
  const held = status.state === "receiving" ? status.held : undefined;
  if (held === undefined) return say("is still receiving before the end", "no", status.state);
  if (held === null) return say("lists what it holds", "absent", "");
  const isWhole = held.length === sent && held.every((sequence, place) => sequence === place);
  say("lists what it holds, each once", isWhole ? "yes" : "no", held.join(" "));
}

async function sendAsFile({ scribe, file }: Trial, job: ScribeJob, say: Say): Promise<Ended> {
  const whole = file();
  if (scribe.sendWhole === undefined) throw new Error("no way to send a file");
  const sent = await scribe.sendWhole(job, whole);
  const when = sent.status === null ? "the result comes later" : "the result came at once";
  say("takes a file", "yes", `${whole.sizeBytes} bytes of ${whole.mimeType}; ${when}`);
  return sent;
}

async function waitForEnd({ scribe, pause }: Trial, job: ScribeJob, say: Say): Promise<ScribeStatus> {
  const steps = new Set<string>();
  for (;;) {
    const status = await scribe.read(job);
    if (status.state !== "processing" && status.state !== "receiving") {
      say("comes to an end", "yes", [...steps, status.state].join(", "));
      return status;
    }
    steps.add(status.state === "processing" ? status.step : status.state);
    await pause();
  }
}

function tellResult(status: ScribeStatus, say: Say): void {
  if (status.state === "done" || status.state === "partial") {
    const missing = status.state === "partial" ? status.missing.join(", ") : "";
    say("gives the whole result", missing === "" ? "yes" : "no", missing === "" ? "" : `missing: ${missing}`);
    return tellParts(status.result, say);
  }
  const why = status.state === "failed" ? `${status.problem.code} ${status.problem.detail ?? ""}`.trim() : status.state;
  say("gives a result", "no", why);
}

/** How much there is of each part; never what it says. */
function tellParts({ note, transcript, medications, extra = [], provenance }: ScribeResult, say: Say): void {
  const sections = sectionNames.filter((section) => note[section] !== "");
  say("writes a note", sections.length > 0 ? "yes" : "no", sections.join(", "));
  const turns = transcript.turns;
  say("gives a transcript", turns.length > 0 ? "yes" : "no", `${turns.length} turns`);
  const speakers = new Set(turns.map(({ speaker }) => speaker).filter((speaker) => speaker !== "unknown"));
  say("tells speakers apart", speakers.size > 1 ? "yes" : "absent", [...speakers].join(", "));
  say("times what was said", turns.some(({ startMs }) => startMs !== null) ? "yes" : "absent", "");
  say("lists medicines", medications.length > 0 ? "yes" : "absent", `${medications.length}`);
  say("names the language", provenance.language === null ? "absent" : "yes", provenance.language ?? "");
  say("gives more than was asked", extra.length > 0 ? "yes" : "absent", extra.map(({ id }) => id).join(", "));
}

async function tellUnknown({ scribe }: Trial, job: ScribeJob, say: Say): Promise<void> {
  const id = `${job.id.slice(0, -4)}0000`;
  const unknown = { ...job, id, uploadUrl: job.uploadUrl.replaceAll(job.id, id) };
  const { state } = await scribe.read(unknown);
  say("knows that it does not know a job", state === "expired" ? "yes" : "no", state);
}

async function tellCancel({ scribe }: Trial, say: Say): Promise<void> {
  if (scribe.cancel === undefined) return say("can be told to drop a job", "absent", "");
  const isTold = await scribe.cancel(await scribe.open("chartside-check.2"));
  say("can be told to drop a job", isTold ? "yes" : "absent", "");
}
