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

/** `sound`, one packet a record, was written until December 2026. */
export const boxKinds = { tapped: 1, sound: 2, saved: 3, sounds: 4 } as const;
/** Of each packet among `sounds`: `at`, `wall`, its length, as this machine keeps numbers. */
export const soundHeadBytes = 24;

export type PlainRecord = { kind: number; plain: Uint8Array<ArrayBuffer> };

/** All packets in one record, behind the others: sealing costs by the record. */
export function encodeBoxRecords(records: readonly BoxRecord[]): PlainRecord[] {
  const plain: PlainRecord[] = [];
  const sounds: Uint8Array[] = [];
  for (const record of records) {
    if (record.type === "sound") {
      const { at, wall, bytes } = record.sound;
      sounds.push(new Uint8Array(new Float64Array([at, wall, bytes.length]).buffer), bytes);
    } else {
      const body = record.type === "tapped" ? record.tapped : record.saved;
      plain.push({ kind: boxKinds[record.type], plain: new TextEncoder().encode(JSON.stringify(body)) });
    }
  }
  if (sounds.length > 0) plain.push({ kind: boxKinds.sounds, plain: concat(sounds) });
  return plain;
}
