/** What recording costs: processor time against a bare MediaRecorder, memory, and how long a fragment takes to become durable. */
import type { BrowserContext, Page } from "@playwright/test";
import { processorSeconds } from "./processes.ts";

const longestMs = 10_000;

declare global {
  /** How many took so many milliseconds; the last counts all that took longer. It never grows: the heap is measured beside it. */
  var chartsideProofAppends: Uint32Array | undefined;
}

/** Times every fragment from the page's call to the vault's answer. */
export async function timeAppends(context: BrowserContext): Promise<void> {
  await context.addInitScript((longestMs) => {
    const counts = (globalThis.chartsideProofAppends = new Uint32Array(longestMs + 1));
    const begun = new Map<number, number>();
    const send = Worker.prototype.postMessage;
    const listening = new WeakSet<Worker>();
    Worker.prototype.postMessage = function post(
      this: Worker,
      message: { id?: number; call?: string },
      options?: object,
    ) {
      if (!listening.has(this)) {
        listening.add(this);
        this.addEventListener("message", ({ data }: MessageEvent<{ id?: number }>) => {
          const from = begun.get(data.id ?? -1);
          const place = Math.min(longestMs, Math.ceil(performance.now() - (from ?? 0)));
          if (from !== undefined) counts[place] = (counts[place] ?? 0) + 1;
          begun.delete(data.id ?? -1);
        });
      }
      if (message.call === "append" && message.id !== undefined) begun.set(message.id, performance.now());
      send.call(this, message, options ?? {});
    };
  }, longestMs);
}

/** Of 100 fragments, how long the 99th slowest took, in ms, rounded up. */
export async function slowestAppends(page: Page): Promise<number> {
  const counts = await page.evaluate(() => Array.from(globalThis.chartsideProofAppends ?? []));
  let left = counts.reduce((sum, count) => sum + count, 0) * 0.99;
  return counts.findIndex((count) => (left -= count) <= 0);
}

/** The share of one core that a bare MediaRecorder, set as the app's is, takes on this page. */
export async function bareRecorderShare(page: Page, browserPid: number): Promise<number> {
  await page.evaluate(async () => {
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: true, channelCount: 1 };
    const stream = await navigator.mediaDevices.getUserMedia({ audio });
    const recorder = new MediaRecorder(stream, { mimeType: "audio/webm;codecs=opus", audioBitsPerSecond: 32_000 });
    recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
    });
    recorder.start(250);
    Object.assign(globalThis, { bareRecorder: recorder });
  });
  // A browser has much to do in its first seconds; and a share needs a span to be taken over. Nothing is waited for here.
  await page.waitForTimeout(5000);
  const share = await shareDuring(browserPid, () => page.waitForTimeout(15_000));
  await page.evaluate(() => (globalThis as unknown as { bareRecorder: MediaRecorder }).bareRecorder.stop());
  return share;
}

/** The share of one core that the browser takes while this lasts. */
export async function shareDuring(browserPid: number, work: () => Promise<void>): Promise<number> {
  const [from, used] = [performance.now(), processorSeconds(browserPid)];
  await work();
  return ((processorSeconds(browserPid) - used) * 1000) / (performance.now() - from);
}
