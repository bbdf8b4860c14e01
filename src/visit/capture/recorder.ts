/** The browser's MediaRecorder; nothing else touches it. One recorder runs from start to stop: a restart loses 40-50 ms. */
import { problem } from "#model/problem.ts";

export const mimeType = "audio/webm;codecs=opus";
const bitsPerSecond = 32_000;
/** Opus packets are 60 ms, so Chromium rounds this up to 300. */
export const sliceMs = 250;

export type Recorder = {
  /** Hands over what it holds, then takes nothing in until `resume`. */
  pause(): void;
  resume(): void;
  /** Asks for what it holds. */
  flush(): void;
  /** Resolves after the last slice has been given. */
  stop(): Promise<void>;
};

/** `recorder_unsupported` where the browser cannot write Opus into WebM. */
export function startRecorder(stream: MediaStream, onSlice: (slice: Blob) => void): Recorder {
  if (typeof MediaRecorder === "undefined" || !MediaRecorder.isTypeSupported(mimeType)) {
    throw problem("recorder_unsupported");
  }
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: bitsPerSecond });
  recorder.addEventListener("dataavailable", (event) => {
    if (event.data.size > 0) onSlice(event.data);
  });
  const stopped = new Promise<void>((resolve) => recorder.addEventListener("stop", () => resolve()));
  recorder.start(sliceMs);
  const isActive = (): boolean => recorder.state !== "inactive";
  return {
    pause: () => {
      if (!isActive()) return;
      recorder.requestData(); // a paused recorder keeps its last slice in memory
      recorder.pause();
    },
    resume: () => {
      if (isActive()) recorder.resume();
    },
    flush: () => {
      if (isActive()) recorder.requestData();
    },
    stop: () => {
      if (isActive()) recorder.stop();
      return stopped;
    },
  };
}
