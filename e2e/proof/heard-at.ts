/**
 * Which place of the known signal the microphone gave at which moment of the wall clock. A tap beside the app's own use of the
 * microphone is read in the page and placed in the signal. It is late by its own buffers (about 10 to 20 ms), so what it says is
 * a lower bound of what had been heard.
 */
import type { BrowserContext, Page } from "@playwright/test";
import { placeIn } from "./checker.ts";
import { samplesPerMs } from "./signal.ts";

type Tap = {
  /** Clock ms. */
  openedAt: number;
  /** The tap is set up at the first reading: until then the app is alone with its microphone. */
  read(): Promise<{ wall: number; samples: number[] }>;
  /** Ends the track, as when the microphone is pulled out. */
  unplug(): void;
};
declare global {
  var chartsideProofTap: Tap | undefined;
}

/** Listens to every microphone that the app opens from now on. */
export async function tapMicrophones(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await open(wanted);
      let analyser: AnalyserNode | undefined;
      const setUp = (): AnalyserNode => {
        const options: AudioContextOptions & { sinkId: { type: "none" } } = {
          sinkId: { type: "none" },
          sampleRate: 48_000,
        };
        const context = new AudioContext(options);
        const node = new AnalyserNode(context, { fftSize: 4096 });
        context.createMediaStreamSource(stream).connect(node);
        return node;
      };
      globalThis.chartsideProofTap = {
        openedAt: Date.now(),
        unplug: () => {
          for (const track of stream.getTracks()) {
            track.stop();
            track.dispatchEvent(new Event("ended"));
          }
        },
        read: async () => {
          analyser ??= setUp();
          const samples = new Float32Array(analyser.fftSize);
          do {
            await new Promise((resolve) => setTimeout(resolve, 20));
            analyser.getFloatTimeDomainData(samples);
          } while (samples[0] === 0);
          return { wall: performance.timeOrigin + performance.now(), samples: Array.from(samples) };
        },
      };
      return stream;
    };
  });
}

const goodReads = 4;
const mostReads = 40;
/** The capture and the tap may begin so far apart. */
const slackMs = 4000;
/** The sound stands still while the machine does. */
const longestStandstillMs = 30_000;

/**
 * The lead: place in the signal (ms) less clock (ms of this machine), the same as long as one capture runs. `captureMs`: the place at
 * which this capture began to hear the signal. A tap that stumbles is read again.
 */
export async function listen(page: Page, captureMs: number): Promise<number> {
  const leads: number[] = [];
  for (let read = 0; read < mostReads && leads.length < goodReads; read += 1) {
    const lead = await readLead(page, captureMs);
    if (lead !== undefined) leads.push(lead);
  }
  if (leads.length === 0) throw new Error("the microphone does not give the known signal");
  return Math.max(...leads);
}

async function readLead(page: Page, captureMs: number): Promise<number | undefined> {
  const heard = await page.evaluate(async () => {
    const tap = globalThis.chartsideProofTap;
    return tap && { openedAt: tap.openedAt, ...(await tap.read()) };
  });
  if (heard === undefined) throw new Error("no microphone was opened since the page was loaded");
  const samples = Float32Array.from(heard.samples);
  const expectedMs = captureMs + heard.wall - heard.openedAt;
  const from = expectedMs - slackMs - longestStandstillMs;
  const found = placeIn(samples, from * samplesPerMs, (expectedMs + slackMs) * samplesPerMs);
  return found.likeness < 0.7 ? undefined : (found.at + samples.length) / samplesPerMs - heard.wall;
}

/** When the page that was here before a reload went away (clock ms), as the new one is told. */
export function wentAt(page: Page): Promise<number> {
  return page.evaluate(() => {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    return performance.timeOrigin + (navigation?.unloadEventStart || navigation?.responseStart || 0);
  });
}
