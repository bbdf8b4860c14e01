/**
 * Which place of the known signal the microphone gave at which moment of the wall clock. A tap beside the app's own use of the
 * microphone is read in the page and placed in the signal. It is late by its own buffers (about 10 to 20 ms), so what it says is
 * a lower bound of what had been heard.
 */
import type { Page } from "@playwright/test";
import { placeIn } from "./checker.ts";
import { samplesPerMs } from "./signal.ts";

/** Place in the signal (ms) at a moment (clock ms of this machine). */
export type HeardAt = (wallMs: number) => number;

type Tap = { read(): { wall: number; samples: number[] } };
declare global {
  var chartsideProofTap: Tap | undefined;
}

/** Listens to every microphone that the app opens from now on. */
export async function tapMicrophone(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await open(wanted);
      const options: AudioContextOptions & { sinkId: { type: "none" } } = {
        sinkId: { type: "none" },
        sampleRate: 48_000,
      };
      const context = new AudioContext(options);
      const analyser = new AnalyserNode(context, { fftSize: 8192 });
      context.createMediaStreamSource(stream).connect(analyser);
      globalThis.chartsideProofTap = {
        read: () => {
          const samples = new Float32Array(analyser.fftSize);
          analyser.getFloatTimeDomainData(samples);
          return { wall: performance.timeOrigin + performance.now(), samples: Array.from(samples) };
        },
      };
      return stream;
    };
  });
}

const reads = 6;

/** `captureMs`: the place at which this capture began to hear the signal. */
export async function listen(page: Page, captureMs: number): Promise<HeardAt> {
  const leads: number[] = [];
  for (let read = 0; read < reads; read += 1) {
    const heard = await page.evaluate(() => globalThis.chartsideProofTap?.read());
    if (heard === undefined) throw new Error("no microphone was opened since the page was loaded");
    const samples = Float32Array.from(heard.samples);
    const found = placeIn(samples, captureMs * samplesPerMs, (captureMs + 300_000) * samplesPerMs);
    if (found.likeness < 0.7) throw new Error("the microphone does not give the known signal");
    leads.push((found.at + samples.length) / samplesPerMs - heard.wall);
  }
  const lead = Math.max(...leads);
  return (wallMs) => wallMs + lead;
}
