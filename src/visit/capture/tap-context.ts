/**
 * Taps of browsers that give a track's sound to no worker: all of a page hang on one audio context, which exists while one of them
 * is open.
 */
import { levelOf, type Level } from "./level.ts";
import type { Amplitude } from "./tap-sound.ts";
import type { Tap, Taps } from "./tap.ts";
// oxlint-disable-next-line import/default -- the address of the built script, made by Vite
import workletUrl from "./tap-worklet.ts?worker&url";

/** What Opus works in; without conversion between microphone and black box where the microphone has it too. */
const wantedRate = 48_000;

type Room = { context: AudioContext; isReady: Promise<void>; users: number };

export function createContextTaps(): Taps {
  let room: Room | undefined;
  const enter = (options: AudioContextOptions): Room => {
    const context = createSilentContext(options);
    return { context, isReady: context.audioWorklet.addModule(workletUrl), users: 0 };
  };
  const leave = (left: Room): void => {
    left.users -= 1;
    if (left.users > 0) return;
    if (room === left) room = undefined;
    void left.context.close();
  };

  return {
    async open(stream, onLevel) {
      room ??= enter({ sampleRate: wantedRate });
      let source = listenTo(room, stream);
      if (source === undefined) {
        room = enter({});
        source = listenTo(room, stream);
      }
      const mine = room;
      mine.users += 1;
      try {
        await mine.isReady;
        return tapOf(mine, source, { onLevel, onClose: () => leave(mine) });
      } catch (thrown) {
        leave(mine);
        throw thrown;
      }
    },
  };
}

/** Undefined where the browser refuses a microphone of another sample rate than the context's (Firefox does). */
function listenTo({ context }: Room, stream: MediaStream): AudioNode | undefined {
  try {
    return context.createMediaStreamSource(stream);
  } catch {
    return undefined;
  }
}

type Ends = { onLevel(level: Level): void; onClose(): void };

function tapOf({ context }: Room, source: AudioNode | undefined, { onLevel, onClose }: Ends): Tap {
  const node = new AudioWorkletNode(context, "tap");
  node.port.addEventListener("message", ({ data }: MessageEvent<Amplitude>) => onLevel(levelOf(data)));
  node.port.start();
  source?.connect(node).connect(context.destination);
  const wake = (): void => void context.resume(); // may wait for a click; the recording does not depend on it
  document.addEventListener("visibilitychange", wake);
  wake();
  return {
    attach: (port, wallOffsetMs) => node.port.postMessage({ order: "attach", port, wallOffsetMs }, port ? [port] : []),
    close: () => {
      document.removeEventListener("visibilitychange", wake);
      node.port.postMessage({ order: "close" }, []);
      source?.disconnect();
      node.disconnect();
      onClose();
    },
  };
}

/** Without an output device, where the browser can: half the cost, and it works where no speaker is. */
function createSilentContext(options: AudioContextOptions): AudioContext {
  const silent: AudioContextOptions & { sinkId: { type: "none" } } = { ...options, sinkId: { type: "none" } };
  return new AudioContext(silent);
}
