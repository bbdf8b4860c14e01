/** A black box, read after a crash. Not needed to record: a script of its own. */
import { problem } from "#model/problem.ts";
import { hasShape } from "#model/shape.ts";
import {
  boxKinds,
  soundHeadBytes,
  type BoxRecord,
  type PlainRecord,
  type Saved,
  type Tapped,
} from "./black-box-records.ts";
import { openRecord, type Vessel } from "./frame.ts";

/** `at` and `wall` alone, big-endian. */
const oldHeadBytes = 16;

/** The records since the last new beginning, up to the first that is torn. */
export async function readBox(vessel: Vessel): Promise<BoxRecord[]> {
  const records: BoxRecord[] = [];
  let before: { end: number; position: number } | undefined;
  for (let next = await openRecord(vessel, 0); next !== undefined; next = await openRecord(vessel, next.end)) {
    if (before && next.position !== before.position + 1) break;
    records.push(...decodeBoxRecord(next));
    before = next;
  }
  return records;
}

function isTapped(body: unknown): body is Tapped {
  return hasShape(body, { recording: "number", codec: "string", sampleRate: "number" });
}

function isSaved(body: unknown): body is Saved {
  return hasShape(body, { recording: "number", originAt: "number" });
}

/** Throws `storage_unavailable` for a record that a newer version wrote. */
function decodeBoxRecord({ kind, plain }: PlainRecord): BoxRecord[] {
  if (kind === boxKinds.sounds) return decodeSounds(plain);
  if (kind === boxKinds.sound) return [decodeSound(plain)];
  const body: unknown = JSON.parse(new TextDecoder().decode(plain));
  if (kind === boxKinds.tapped && isTapped(body)) return [{ type: "tapped", tapped: body }];
  if (kind === boxKinds.saved && isSaved(body)) return [{ type: "saved", saved: body }];
  throw problem("storage_unavailable", { detail: `box record kind ${kind}` });
}

function decodeSounds(plain: Uint8Array<ArrayBuffer>): BoxRecord[] {
  const records: BoxRecord[] = [];
  for (let from = 0; from < plain.length;) {
    const body = from + soundHeadBytes;
    const [at = 0, wall = 0, length = 0] = new Float64Array(plain.slice(from, body).buffer);
    records.push({ type: "sound", sound: { at, wall, bytes: plain.subarray(body, body + length) } });
    from = body + length;
  }
  return records;
}

/** Of a box that an earlier version left. */
function decodeSound(plain: Uint8Array<ArrayBuffer>): BoxRecord {
  const head = new DataView(plain.buffer, plain.byteOffset, oldHeadBytes);
  const [at, wall] = [head.getFloat64(0), head.getFloat64(8)];
  return { type: "sound", sound: { at, wall, bytes: plain.subarray(oldHeadBytes) } };
}
