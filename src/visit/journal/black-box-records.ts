/** What a black box says, record by record. Numbers on disk: never reuse one. */
import { problem } from "#model/problem.ts";
import { hasShape } from "#model/shape.ts";
import { concat } from "./bytes.ts";

/** The sound of this recording follows, in this form. */
export type Tapped = { recording: number; codec: "opus" | "pcm16"; sampleRate: number };

/** The journal holds this recording up to some moment; `originAt` is when, by its fragments' clock, its first sound would have come. */
export type Saved = { recording: number; originAt: number };

/** One packet: `at` is where it begins on the audio clock, `wall` the time at which it was complete, by the fragments' clock (ms). */
export type Sound = { at: number; wall: number; bytes: Uint8Array<ArrayBuffer> };

export type BoxRecord =
  | { type: "tapped"; tapped: Tapped }
  | { type: "saved"; saved: Saved }
  | { type: "sound"; sound: Sound };

const kinds = { tapped: 1, sound: 2, saved: 3 } as const;
const soundHeadBytes = 16;

export type PlainRecord = { kind: number; plain: Uint8Array<ArrayBuffer> };

export function encodeBoxRecord(record: BoxRecord): PlainRecord {
  const kind = kinds[record.type];
  if (record.type === "sound") {
    const head = new DataView(new ArrayBuffer(soundHeadBytes));
    head.setFloat64(0, record.sound.at);
    head.setFloat64(8, record.sound.wall);
    return { kind, plain: concat([new Uint8Array(head.buffer), record.sound.bytes]) };
  }
  const body = record.type === "tapped" ? record.tapped : record.saved;
  return { kind, plain: new TextEncoder().encode(JSON.stringify(body)) };
}

function isTapped(body: unknown): body is Tapped {
  return hasShape(body, { recording: "number", codec: "string", sampleRate: "number" });
}

function isSaved(body: unknown): body is Saved {
  return hasShape(body, { recording: "number", originAt: "number" });
}

/** Throws `storage_unavailable` for a record that a newer version wrote. */
export function decodeBoxRecord({ kind, plain }: PlainRecord): BoxRecord {
  if (kind === kinds.sound) {
    const head = new DataView(plain.buffer, plain.byteOffset, soundHeadBytes);
    return {
      type: "sound",
      sound: { at: head.getFloat64(0), wall: head.getFloat64(8), bytes: plain.subarray(soundHeadBytes) },
    };
  }
  const body: unknown = JSON.parse(new TextDecoder().decode(plain));
  if (kind === kinds.tapped && isTapped(body)) return { type: "tapped", tapped: body };
  if (kind === kinds.saved && isSaved(body)) return { type: "saved", saved: body };
  throw problem("storage_unavailable", { detail: `box record kind ${kind}` });
}
