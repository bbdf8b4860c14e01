/** Whether this device can keep the visit whole, in words: decided before the visit, not in its middle. */
import type { ProblemCode } from "#model/problem.ts";
import type { Tone } from "#ui/status-chip.tsx";

/** What the reservation answered; `refused` names why no visit can be kept here. */
export type Room =
  | { kind: "asking" }
  | { kind: "reserved"; bytes: number }
  | { kind: "refused"; code: ProblemCode; detail?: string | undefined };

/** 32 kbit/s Opus as encrypted records, with spare: 48 MB hold two hours. */
const bytesPerMinute = 400_000;

/** What a long visit needs. */
const longVisitMinutes = 120;

export function roomWords(room: Room): { tone: Tone; words: string } {
  if (room.kind === "asking") return { tone: "neutral", words: "Reserving" };
  if (room.kind === "refused") return { tone: "danger", words: refusedWords(room).chip };
  const minutes = minutesIn(room);
  if (minutes < longVisitMinutes) return { tone: "warn", words: `Room for ${minutes} min` };
  return { tone: "good", words: `Room for ${Math.floor(minutes / 30) / 2} h is reserved` };
}

/** What is said above the page when the visit can begin, but a long one may not fit; undefined when there is plenty. */
export function shortWords(room: Room): { title: string; text: string } | undefined {
  if (room.kind !== "reserved" || minutesIn(room) >= longVisitMinutes) return undefined;
  return {
    title: `Room for about ${minutesWords(minutesIn(room))} on this device`,
    text: "You can start now. A longer visit would need more room: send or discard older recordings, or free space on the disk, then try again. For a long visit use another device.",
  };
}

/** In fives, and never more than there is. */
function minutesIn({ bytes }: { bytes: number }): number {
  return Math.floor(bytes / bytesPerMinute / 5) * 5;
}

function minutesWords(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [hours > 0 && (hours === 1 ? "1 hour" : `${hours} hours`), rest > 0 && `${rest} minutes`];
  return parts.filter((part) => part !== false).join(" ");
}

/** Why Start is refused, in a sentence; undefined when the visit can be kept. */
export function roomObstacle(room: Room): string | undefined {
  if (room.kind === "asking") return "Reserving room on this device.";
  return room.kind === "reserved" ? undefined : refusedWords(room).obstacle;
}

type Refusal = { chip: string; title: string; text: string; obstacle: string };

/** Title and text of the refusal, and what can be done. */
export function refusedWords({ code, detail }: { code: ProblemCode; detail?: string | undefined }): Refusal {
  if (code === "storage_full") return full;
  if (code === "storage_unavailable") return detail === missingCall ? withoutDetail : closed;
  if (code === "recorder_unsupported") return { ...unsupported, text: withAdvice(detail ?? unsupported.text) };
  return unknown;
}

/** What an unknown browser answers where a call of its file system is missing: no other window would help. */
const missingCall = "TypeError";

/** Each refusal ends with what to do, once. */
function withAdvice(why: string): string {
  return why.includes("Use a current") ? why : `${why} Use a current Chrome, Edge or Firefox on this computer.`;
}

const full: Refusal = {
  chip: "Full",
  title: "This device is full",
  text: "The visit cannot be kept safely: there is room for less than five minutes of it. Send or discard older recordings, free space on the disk, or use another device. Then try again.",
  obstacle: "This device is full, so the visit cannot be kept safely.",
};

const closed: Refusal = {
  chip: "Not usable",
  title: "This window cannot keep a recording",
  text: "A private or guest window forgets everything when it is closed, and a crash would lose the visit. Open Chartside in a normal window.",
  obstacle: "This window cannot keep a recording safe.",
};

const unsupported: Refusal = {
  chip: "Not usable",
  title: "This browser cannot record safely",
  text: "It lacks what keeps a recording on the disk while it runs.",
  obstacle: "This browser cannot record safely.",
};

const withoutDetail: Refusal = { ...unsupported, text: withAdvice(unsupported.text) };

const unknown: Refusal = {
  chip: "Not usable",
  title: "No room could be reserved on this device",
  text: "Nothing is recorded without it, because nothing would survive a crash. Try again; if it stays, tell your administrator.",
  obstacle: "No room is reserved on this device.",
};
