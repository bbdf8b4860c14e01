/** The open microphone with its level meter. One at a time; opening another closes the one before. */
import { openLevelMeter, type Level, type LevelMeter } from "./level-meter.ts";
import { closeStream, openMicrophone, watchMicrophone, type MicrophoneEvents, type Preset } from "./microphone.ts";

export type Input = {
  /** Undefined while closed. */
  stream(): MediaStream | undefined;
  open(deviceId?: string, preset?: Preset): Promise<MediaStream>;
  close(): void;
  onLevel(listener: (level: Level) => void): () => void;
};

export function createInput(events: MicrophoneEvents): Input {
  const listeners = new Set<(level: Level) => void>();
  const tell = (level: Level): void => {
    for (const listener of listeners) listener(level);
  };
  let stream: MediaStream | undefined;
  let meter: LevelMeter | undefined;

  function close(): void {
    if (stream) closeStream(stream);
    meter?.close();
    [stream, meter] = [undefined, undefined];
  }

  /** The meter of a microphone that was closed meanwhile is closed again. Without a meter there is recording, only no level. */
  async function measure(opened: MediaStream): Promise<void> {
    const started = await openLevelMeter(opened, tell);
    if (stream === opened) meter = started;
    else started.close();
  }

  return {
    stream: () => stream,
    async open(deviceId, preset) {
      const opened = await openMicrophone(deviceId, preset);
      close();
      stream = opened;
      watchMicrophone(opened, {
        onEnded: () => stream === opened && events.onEnded(),
        onMuted: (isMuted) => stream === opened && events.onMuted(isMuted),
      });
      measure(opened).catch(() => undefined);
      return opened;
    },
    close,
    onLevel: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
