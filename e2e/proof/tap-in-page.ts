/** Runs in the page, beside the app: what the microphone gives, with the moment at which it was read. See heard-at.ts. */
import type { BrowserContext } from "@playwright/test";

/** The newest samples (16 bit) at this moment of the clock. `audioMs`: how long the tap's own audio has run. */
export type Reading = { wall: number; audioMs: number; samples: number[] };

/** What a page that goes away leaves for the next one. */
export type LastWord = { at: number; reading: Reading | undefined };

export type Tap = {
  /** Clock ms. */
  openedAt: number;
  /** The first readings after it was opened and the newest, ten a second: only of taps that are watched. */
  first: Reading[];
  latest: Reading[];
  /** The tap is set up at the first reading unless it is watched: until then the app is alone with its microphone. */
  read(count: number): Promise<Reading[]>;
  /** Now, if it is set up and gives sound. */
  readNow(): Reading | undefined;
  /** Ends the track, as when the microphone is pulled out. */
  unplug(): void;
};

/** Reads one stream. Undefined while it gives nothing, and after its end. */
type Ear = { read(): Reading | undefined };

declare global {
  /** Of the microphone that was opened last. */
  var chartsideProofTap: Tap | undefined;
  /** When the first dialog was on screen, ms since the page began to load. */
  var chartsideProofOfferedMs: number | undefined;
  var chartsideProofEar: ((stream: MediaStream) => Ear) | undefined;
}

/** What the console hears when the page offers something or asks for a sign-in. */
export const openedWord = "chartside-proof-opened";

/** Where it leaves that. */
export const leftKey = "chartside-proof-left";

/** Listens to every microphone that the app opens from now on. `isWatched`: all the time, not only when asked. */
export async function tapMicrophones(context: BrowserContext, isWatched: boolean): Promise<void> {
  await context.addInitScript((key) => {
    addEventListener("pagehide", () => {
      const tap = globalThis.chartsideProofTap;
      if (tap === undefined) return; // a page that heard nothing does not speak over one that did
      const word: LastWord = { at: Date.now(), reading: tap.readNow() };
      localStorage.setItem(key, JSON.stringify(word));
    });
  }, leftKey);
  await context.addInitScript(watchForOffer, openedWord);
  await context.addInitScript(defineEar);
  await context.addInitScript(tapOpened, isWatched);
}

function watchForOffer(word: string): void {
  const observer = new MutationObserver(() => {
    const isOffered = document.querySelector("[role=dialog]") !== null;
    const asksForSignIn = document.querySelector("#root")?.textContent.includes("Sign in with OpenEMR") ?? false;
    if (!isOffered && !asksForSignIn) return;
    if (isOffered) globalThis.chartsideProofOfferedMs = performance.now();
    observer.disconnect();
    console.debug(word); // oxlint-disable-line no-console -- the only way to tell without being asked
  });
  observer.observe(document, { childList: true, subtree: true });
}

function defineEar(): void {
  globalThis.chartsideProofEar = (stream) => {
    const options: AudioContextOptions & { sinkId: { type: "none" } } = {
      sinkId: { type: "none" },
      sampleRate: 48_000,
    };
    const context = new AudioContext(options);
    const node = new AnalyserNode(context, { fftSize: 2048 });
    context.createMediaStreamSource(stream).connect(node);
    /** Before the first sound and after the last the node gives zeros. */
    const isSound = (samples: Float32Array): boolean => samples.some((sample) => sample !== 0);
    return {
      read: () => {
        const samples = new Float32Array(node.fftSize);
        node.getFloatTimeDomainData(samples);
        const wall = performance.timeOrigin + performance.now();
        if (!isSound(samples.subarray(0, 10)) || !isSound(samples.subarray(-10))) return undefined;
        return {
          wall,
          audioMs: context.currentTime * 1000,
          samples: Array.from(samples, (sample) => Math.round(sample * 32_767)),
        };
      },
    };
  };
}

function tapOpened(isWatched: boolean): void {
  const keptReadings = 20;
  const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const watch = async (tap: Tap, ear: Ear | undefined, stream: MediaStream): Promise<void> => {
    for (; stream.active; await pass(100)) {
      const reading = ear?.read();
      if (reading === undefined) continue;
      if (tap.first.length < keptReadings) tap.first.push(reading);
      tap.latest = [...tap.latest.slice(-keptReadings), reading];
    }
  };
  const unplug = (stream: MediaStream): void => {
    for (const track of stream.getTracks()) {
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
  };
  const tapOf = (stream: MediaStream): Tap => {
    let ear: Ear | undefined;
    const read = async (count: number): Promise<Reading[]> => {
      ear ??= globalThis.chartsideProofEar?.(stream);
      const readings: Reading[] = [];
      for (; readings.length < count; await pass(20)) {
        const reading = ear?.read();
        if (reading) readings.push(reading);
      }
      return readings;
    };
    const ends = { readNow: () => ear?.read(), unplug: () => unplug(stream) };
    const tap: Tap = { openedAt: Date.now(), first: [], latest: [], read, ...ends };
    if (isWatched) void watch(tap, (ear = globalThis.chartsideProofEar?.(stream)), stream);
    return tap;
  };
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    globalThis.chartsideProofTap = tapOf(stream);
    return stream;
  };
}
