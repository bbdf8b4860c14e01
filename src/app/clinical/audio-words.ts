/** Where the audio of a visit is when it is not here, and what became of it. Pure: words for every screen of a visit. */
import type { VisitView } from "#protocol/bff.ts";
import { durationWords } from "#app/words.ts";

/** The clinic's wall clock to the minute, and its calendar date in words. */
export type ClinicTime = { time: (instantMs: number) => string; date: (instantMs: number) => string };

type Place = Pick<VisitView, "onDevice" | "received" | "device" | "declared">;

/** `Its audio is on Room 3 PC: 3:20 there, 2:45 received by the scribe, last seen 10:41.` */
export function elsewhereWords(visit: Place, { time }: ClinicTime): string {
  const { onDevice, received, device } = visit;
  const got = `${durationWords(received.durationMs)} received by the scribe`;
  if (onDevice === null)
    return `Its audio was recorded with ${device}: ${got}. That device has not said what it holds.`;
  const there = `${durationWords(onDevice.durableMs)} there`;
  return `Its audio is on ${onDevice.device}: ${there}, ${got}, last seen ${time(Date.parse(onDevice.at))}.`;
}

/** What must happen before the note can be written; undefined when the scribe has all of it. */
export function awaitedWords(visit: Place): string | undefined {
  const { onDevice, received, declared } = visit;
  const device = onDevice?.device ?? visit.device;
  const all = declared?.chunks ?? onDevice?.chunksCut;
  if (all !== undefined && declared !== null && received.chunks >= all) return undefined;
  if (declared === null) return `Stop the recording on ${device}, or open the app there to finish it.`;
  return `Open the app on ${device} with a network: the rest is sent by itself.`;
}

const erasedBecause = {
  signed: "after signing",
  retention: "when the clinic's days were over",
  discarded: "discarded",
  withdrawn: "consent withdrawn",
} as const;

/** `Audio kept until 15 Dec 2026`, `Audio deleted 8 Dec 2026, 10:41 on Room 3 PC (after signing)`; undefined while it is simply kept. */
export function keptWords(
  visit: Pick<VisitView, "audioErased" | "audioKeptUntil">,
  { time, date }: ClinicTime,
): string | undefined {
  const { audioErased, audioKeptUntil } = visit;
  if (audioErased !== null) {
    const at = Date.parse(audioErased.at);
    return `Audio deleted ${date(at)}, ${time(at)} on ${audioErased.device} (${erasedBecause[audioErased.reason]})`;
  }
  return audioKeptUntil === null ? undefined : `Audio kept until ${date(Date.parse(audioKeptUntil))}`;
}
