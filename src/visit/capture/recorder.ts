/** The browser's MediaRecorder; nothing else touches it. One recorder is one recording: a restart loses 40-50 ms. */
import { problem } from "#model/problem.ts";
import { afterAwake } from "./awake.ts";

/** Opus in WebM where it can be had: its packets are self-contained. MP4 is what older WebKit writes, with Opus or AAC inside. */
const formats = ["audio/webm;codecs=opus", "audio/mp4;codecs=opus", "audio/mp4"];
const bitsPerSecond = 32_000;
/** A broken recorder never says that it has stopped; what it still held is gone then. */
const stopPatienceMs = 3000;

export type Recorder = {
  /** What it really writes. */
  mimeType: string;
  sliceMs: number;
  /** Asks for what it holds. */
  flush(): void;
  /** Resolves after the last slice has been given. */
  stop(): Promise<void>;
};

/** The first format that this browser writes. `recorder_unsupported`. */
export function recordingFormat(): string {
  const format = typeof MediaRecorder === "undefined" ? undefined : formats.find(MediaRecorder.isTypeSupported);
  if (format === undefined) throw problem("recorder_unsupported");
  return format;
}

/**
 * Opus packets are 60 ms, so Chromium rounds 250 up to 300. WebKit gives empty slices for anything under a second
 * (https://bugs.webkit.org/show_bug.cgi?id=301507); every browser on iOS is WebKit.
 */
export function sliceMsFor(userAgent: string): number {
  const isWebKit = userAgent.includes("AppleWebKit/") && !/Chrom(?:e|ium)\//u.test(userAgent);
  return isWebKit ? 1000 : 250;
}

/** Slices come about every `sliceMs`; empty ones are left out. `recorder_unsupported`. */
export function startRecorder(stream: MediaStream, onSlice: (slice: Blob) => void): Recorder {
  const recorder = new MediaRecorder(stream, { mimeType: recordingFormat(), audioBitsPerSecond: bitsPerSecond });
  const sliceMs = sliceMsFor(navigator.userAgent);
  recorder.addEventListener("dataavailable", (event) => {
    if (event.data.size > 0) onSlice(event.data);
  });
  const stopped = new Promise<void>((resolve) => recorder.addEventListener("stop", () => resolve()));
  recorder.start(sliceMs);
  const isActive = (): boolean => recorder.state !== "inactive";
  return {
    mimeType: recorder.mimeType,
    sliceMs,
    flush: () => {
      if (isActive()) recorder.requestData();
    },
    stop: async () => {
      await afterWhatWaits();
      if (isActive()) recorder.stop();
      await Promise.race([stopped, new Promise<void>((resolve) => afterAwake(stopPatienceMs, resolve))]);
    },
  };
}

/** A recorder that is stopped drops the sound that waited for a page which was busy (Chromium). */
function afterWhatWaits(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
