/**
 * Sending one chunk (§7). Form A: raw body, the place is in `X-Chunk-Index` and must count up. Forms B and C: the place is in
 * a file name, however the file travels. Sending again is harmless: the same name and bytes are stored once.
 */
import { problem } from "#model/problem.ts";
import { MsaUploadAnswer } from "#protocol/medscribealliance.ts";
import { isOk, jsonOf } from "#scribe/answer.ts";
import { declaredFormat } from "#scribe/audio-format.ts";
import type { OutgoingChunk, ScribeJob, SendAnswer, UploadForm } from "#scribe/scribe.ts";
import type { Wire } from "#scribe/wire.ts";
import { call } from "#scribe/wire.ts";
import type { Discovered } from "./discovery.ts";
import { faultOf, problemOf } from "./problem-of.ts";
import { isElsewhere, uploadOf } from "./upload-forms.ts";

const deadlineMs = 30_000;

/**
 * `holds` looks at the service's own list; it is asked when the answer claims that the chunk is there already. `forms` are the
 * ways to try, in order: servers of form B each take only some of the three that it has.
 */
export type Sending = {
  job: ScribeJob;
  chunk: OutgoingChunk;
  found: Discovered;
  holds: (sequence: number) => Promise<boolean>;
  forms: readonly UploadForm[];
};

/**
 * Resolves when the service holds the chunk, with the form that it took. Throws `scribe_session_expired`, `chunk_conflict`,
 * `too_large`, `scribe_down`, ...
 */
export async function sendChunk(wire: Wire, sending: Sending): Promise<UploadForm> {
  const { job, chunk, holds } = sending;
  const { answer, form } = await firstTaken(wire, sending);
  if (isOk(answer)) {
    checkStored(answer, chunk);
    return form;
  }
  // A signature of an object store is never made anew: only another session helps (§7.5).
  if (isElsewhere(job, sending.found) && (answer.status === 401 || answer.status === 403)) {
    throw problem("scribe_session_expired", { detail: `${answer.status} from the storage` });
  }
  const refusal = problemOf(answer, wire.waiting.clock);
  if (refusal.problem.code === "scribe_session_expired") throw refusal;
  if (await isStored(answer, chunk, holds)) return form;
  throw refusal;
}

async function firstTaken(wire: Wire, sending: Sending): Promise<{ answer: SendAnswer; form: UploadForm }> {
  const [form = "named", ...others] = sending.forms;
  const { job, chunk, found } = sending;
  const mimeType = declaredFormat(chunk.mimeType, found.document.capabilities.audio_formats);
  const answer = await call(wire, {
    ...uploadOf({ ...job, form }, { ...chunk, mimeType }),
    deadlineMs,
    budgetMs: 8_000,
    keyless: isElsewhere(job, found),
  });
  if (others.length > 0 && isUnknownWay(answer)) return firstTaken(wire, { ...sending, forms: others });
  return { answer, form };
}

/** Nobody listens there, or not to such a body; said without a code of the protocol. */
function isUnknownWay(answer: SendAnswer): boolean {
  return [404, 405, 415].includes(answer.status) && faultOf(answer) === undefined;
}

/** Our own scribe says what it stored; a service that stored other bytes does not hold the chunk. */
function checkStored(answer: SendAnswer, chunk: OutgoingChunk): void {
  const said = MsaUploadAnswer.safeParse(jsonOf(answer));
  if (!said.success) return;
  if (said.data.sha256 !== undefined && said.data.sha256 !== chunk.sha256) {
    throw problem("chunk_conflict", { detail: "the service stored other bytes" });
  }
  if (said.data.size_bytes !== undefined && said.data.size_bytes !== chunk.bytes.length) {
    throw problem("chunk_conflict", { detail: "the service stored another length" });
  }
}

const claimsToHaveIt = new Set(["session_ended", "session_completed"]);

/**
 * Is a refusal in truth "I have it already"? Form A: it expects a later index. Otherwise the service's own list decides,
 * except where it says that the stored bytes differ.
 */
async function isStored(answer: SendAnswer, chunk: OutgoingChunk, holds: Sending["holds"]): Promise<boolean> {
  const { code = "", details = {} } = faultOf(answer) ?? {};
  const expected = details["expected_index"];
  if (typeof expected === "number") return expected > chunk.sequence;
  if (code === "audio_conflict") return false;
  return (answer.status === 409 || claimsToHaveIt.has(code)) && holds(chunk.sequence);
}
