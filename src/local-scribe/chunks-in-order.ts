import type { AudioFiles } from "./store/audio-files.ts";
import type { SessionStore } from "./store/sessions.ts";
import type { Signal } from "./signal.ts";

/** Thrown into a hearing whose session is gone or whose server closes. */
export class Stopped extends Error {}

type Source = { sessionId: string; store: SessionStore; audio: AudioFiles; signal: Signal; isStopped(): boolean };

/**
 * The chunks of a session in the order of their places, each as soon as all before it are there. After the end of the session the places that
 * never came are stepped over. Waits for the signal between; throws Stopped.
 */
export async function* chunksInOrder(source: Source): AsyncGenerator<Uint8Array> {
  const { sessionId, store, audio, signal } = source;
  for (let next = 0; ;) {
    const isRung = signal.next();
    if (source.isStopped()) throw new Stopped();
    const hasEnded = store.find(sessionId)?.endedAt !== null;
    const chunk = store.chunks(sessionId).find(({ place }) => (hasEnded ? place >= next : place === next));
    if (chunk) {
      yield await audio.read(sessionId, chunk.place);
      next = chunk.place + 1;
    } else if (hasEnded) return;
    else await isRung;
  }
}

/** Names of files that were announced at the end, or lie between others, and never came. */
export function missingFiles(places: number[], filesSent: number | null): string[] {
  const count = Math.max(filesSent ?? 0, ...places.map((place) => place + 1));
  return Array.from({ length: count }, (_, place) => place)
    .filter((place) => !places.includes(place))
    .map((place) => `audio_${place}`);
}
