/** One open microphone with its tap: levels for the screen, samples for the black box. */
import type { Clock } from "#model/clock.ts";
import type { Level } from "./level.ts";
import { closeStream, openMicrophone, watchMicrophone, type Microphone, type MicrophoneChoice } from "./microphone.ts";
import { createTaps, type Tap, type Taps } from "./tap.ts";

export type Input = {
  stream: MediaStream;
  microphone: Microphone;
  /** The chosen device was absent; this is the default one. */
  isReplaced: boolean;
  /** Does it still give sound? */
  isLive(): boolean;
  /** Has the system silenced it? */
  isMuted(): boolean;
  onLevel(listener: (level: Level) => void): () => void;
  /** Where the black box of a recording gets its samples from; undefined where the browser has no worklets. Detached by the next. */
  attachBlackBox(): Promise<{ port: MessagePort; detach(): void } | undefined>;
  close(): void;
};

export type InputEvents = {
  onEnded(input: Input): void;
  /** `since`: clock ms. */
  onMuted(input: Input, muted: { isMuted: boolean; since: number }): void;
  onLevel(input: Input, level: Level): void;
};

/** Opens microphones, any number at a time. `microphone_denied`, `microphone_missing`. */
export type Inputs = { open(choice: MicrophoneChoice): Promise<Input> };

export function createInputs(clock: Clock, events: InputEvents): Inputs {
  const taps = createTaps();
  return {
    async open(choice) {
      const { stream, isReplaced } = await openMicrophone(choice);
      const input = createInput({ stream, isReplaced, taps, clock });
      input.onLevel((level) => events.onLevel(input, level));
      watchMicrophone(stream, clock, {
        onEnded: () => events.onEnded(input),
        onMuted: (isMuted, since) => events.onMuted(input, { isMuted, since }),
      });
      return input;
    },
  };
}

type InputParts = { stream: MediaStream; isReplaced: boolean; taps: Taps; clock: Clock };

function createInput({ stream, isReplaced, taps, clock }: InputParts): Input {
  const listeners = new Set<(level: Level) => void>();
  const tell = (level: Level): void => {
    for (const listener of listeners) listener(level);
  };
  /** Without a tap there is recording, only no level. */
  const tapped: Promise<Tap | undefined> = taps.open(stream, tell).catch(() => undefined);
  const track = stream.getAudioTracks()[0];
  let attached: MessagePort | undefined;
  return {
    stream,
    isReplaced,
    microphone: { deviceId: track?.getSettings().deviceId ?? "", label: track?.label ?? "" },
    isLive: () => stream.active,
    isMuted: () => track?.muted === true,
    onLevel: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async attachBlackBox() {
      const tap = await tapped;
      if (tap === undefined) return undefined;
      const { port1, port2 } = new MessageChannel();
      attached = port1;
      tap.attach(port1, clock.now() - Date.now());
      const detach = (): void => {
        if (attached === port1) tap.attach(undefined, 0);
      };
      return { port: port2, detach };
    },
    close: () => {
      listeners.clear();
      closeStream(stream);
      void tapped.then((tap) => tap?.close());
    },
  };
}
