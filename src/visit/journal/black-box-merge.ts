/**
 * What a black box holds beyond the journal. In: the box's records and how long the journal has a recording. Out: the packets from
 * a little before that point to the last one: at most 60 ms twice where the clocks are right, nothing left out. The sound itself may
 * tell the point better (black-box-seam.ts).
 *
 * Both clocks are compared by their earliest events, because events come late and never early. A recorder's event is always older
 * than the tap of the same sound: it keeps its last frame back.
 */
import type { BoxRecord, Sound, Tapped } from "./black-box-records.ts";

/** How much younger the tap is than the recorder's event: 68 where a worker reads the track, 53 behind an audio context. */
const recorderDelayMs = 68;
/** Twice heard on purpose, so that no error of the two clocks leaves a hole. */
const overlapMs = 25;
/** Packets that may tell of one origin: clocks drift. The wall clock set back by more than `jumpMs` ends them. */
const nearbyPackets = 250;
const jumpMs = 250;

export type PlacedSound = Sound & { endsAt: number };
/** `before`: the sound up to that point. */
export type Beyond = { tapped: Tapped; before: PlacedSound[]; sounds: PlacedSound[] };

/** `endMs`: how much of the recording the journal has. Undefined when the box has nothing of it beyond that. */
export function soundBeyond(
  records: readonly BoxRecord[],
  { recording, endMs }: { recording: number; endMs: number },
): Beyond | undefined {
  const { tapped, sounds } = soundOf(records, recording);
  if (tapped === undefined) return undefined;
  const saved = records.findLast((record) => record.type === "saved" && record.saved.recording === recording);
  const originAt = saved?.type === "saved" ? saved.saved.originAt : Number.NEGATIVE_INFINITY;
  const cutAt = originAt + endMs - recorderDelayMs - overlapMs;
  const placed = place(sounds);
  const first = placed.findIndex((sound) => sound.endsAt > cutAt);
  return first < 0 ? undefined : { tapped, before: placed.slice(0, first), sounds: placed.slice(first) };
}

/** In one form only, codec and rate: should it have changed, the later is nearer to the end. */
function soundOf(records: readonly BoxRecord[], recording: number): { tapped: Tapped | undefined; sounds: Sound[] } {
  let current: Tapped | undefined;
  let tapped: Tapped | undefined;
  let sounds: Sound[] = [];
  for (const record of records) {
    if (record.type === "tapped") current = record.tapped;
    if (record.type !== "sound" || current?.recording !== recording) continue;
    if (tapped?.codec !== current.codec || tapped.sampleRate !== current.sampleRate) sounds = [];
    tapped = current;
    sounds.push(record.sound);
  }
  return { tapped, sounds };
}

/**
 * When each packet ended. Lateness only adds to what a packet says of its clock's origin, and an audio thread that was held up and
 * lost sound moves that origin later for good: so a packet is placed by the earliest of itself and those that came after it.
 */
function place(sounds: readonly Sound[]): PlacedSound[] {
  const origins = sounds.map((sound) => sound.wall - sound.at);
  return sounds.map((sound, index) => ({ ...sound, endsAt: sound.at + originAfter(origins, index) }));
}

function originAfter(origins: readonly number[], index: number): number {
  let earliest = origins[index] ?? 0;
  const end = Math.min(origins.length, index + nearbyPackets);
  for (let later = index + 1; later < end; later += 1) {
    const origin = origins[later] ?? earliest;
    if (earliest - origin > jumpMs) break;
    earliest = Math.min(earliest, origin);
  }
  return earliest;
}
