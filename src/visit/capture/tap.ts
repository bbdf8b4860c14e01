/**
 * A tap beside the recording: levels of the microphone, and its samples for the black box, past the page's thread and without a
 * share in what is recorded. Where the browser gives a track's sound to a worker, a worker reads it (tap-worker.ts): a third of what
 * an audio context costs (src/decisions/0014). Elsewhere tap-context.ts.
 */
import { ownScript } from "#model/own-script.ts";
import { levelOf, type Level } from "./level.ts";
import type { Amplitude } from "./tap-sound.ts";
// oxlint-disable-next-line import/default -- the address of the built worker, made by Vite
import workerUrl from "./tap-worker.ts?worker&url";

export type Tap = {
  /** From now on, blocks `{samples, sampleRate, at, wall}` go to this port, if any. The one before is detached. */
  attach(port: MessagePort | undefined, wallOffsetMs: number): void;
  close(): void;
};

export type Taps = {
  /** Levels come about 10 times a second from now on; resolves with the first sound. A browser without either way rejects. */
  open(stream: MediaStream, onLevel: (level: Level) => void): Promise<Tap>;
};

/** What the page says to a tap. `wallOffsetMs` makes this machine's clock the clinic's. */
export type TapOrder =
  | { order: "read"; sound: ReadableStream<AudioData> }
  | { order: "attach"; port: MessagePort | undefined; wallOffsetMs: number }
  | { order: "close" };

/** TypeScript's DOM does not know it (https://w3c.github.io/mediacapture-transform/, and Chromium's form of it in the page). */
type TrackReader = new (init: { track: MediaStreamTrack; maxBufferSize: number }) => {
  readable: ReadableStream<AudioData>;
};

/** Five seconds in frames of 10 ms: a worker that is held up so long misses nothing. */
const mostWaiting = 500;

export function createTaps(): Taps {
  const { MediaStreamTrackProcessor: Reader } = globalThis as { MediaStreamTrackProcessor?: TrackReader };
  if (Reader) return { open: (stream, onLevel) => readTrack(new Reader(soundOf(stream)).readable, onLevel) };
  let taps: Taps | undefined;
  return {
    open: async (stream, onLevel) => {
      const { createContextTaps } = await import("./tap-context.ts");
      taps ??= createContextTaps();
      return taps.open(stream, onLevel);
    },
  };
}

function soundOf(stream: MediaStream): { track: MediaStreamTrack; maxBufferSize: number } {
  const [track] = stream.getAudioTracks();
  if (track === undefined) throw new TypeError("a microphone without sound");
  return { track, maxBufferSize: mostWaiting };
}

function readTrack(sound: ReadableStream<AudioData>, onLevel: (level: Level) => void): Promise<Tap> {
  const worker = new Worker(ownScript(workerUrl), { type: "module", name: "tap" });
  const tell = (order: TapOrder, transfer: Transferable[] = []): void => worker.postMessage(order, transfer);
  const { promise, resolve } = Promise.withResolvers<Tap>();
  worker.addEventListener("message", ({ data }: MessageEvent<Amplitude>) => {
    onLevel(levelOf(data));
    resolve({
      attach: (port, wallOffsetMs) => tell({ order: "attach", port, wallOffsetMs }, port ? [port] : []),
      close: () => worker.terminate(),
    });
  });
  tell({ order: "read", sound }, [sound]);
  return promise;
}
