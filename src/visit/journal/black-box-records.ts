/** What a black box says, record by record. Numbers on disk: never reuse one. */
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

export const boxKinds = { tapped: 1, sound: 2, saved: 3 } as const;
export const soundHeadBytes = 16;

export type PlainRecord = { kind: number; plain: Uint8Array<ArrayBuffer> };

export function encodeBoxRecord(record: BoxRecord): PlainRecord {
  const kind = boxKinds[record.type];
  if (record.type === "sound") {
    const head = new DataView(new ArrayBuffer(soundHeadBytes));
    head.setFloat64(0, record.sound.at);
    head.setFloat64(8, record.sound.wall);
    return { kind, plain: concat([new Uint8Array(head.buffer), record.sound.bytes]) };
  }
  const body = record.type === "tapped" ? record.tapped : record.saved;
  return { kind, plain: new TextEncoder().encode(JSON.stringify(body)) };
}
