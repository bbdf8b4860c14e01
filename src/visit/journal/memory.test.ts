import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { plainPlan } from "./space.ts";
import { createDevice, headerOf, mimeType, visitId } from "./test-journal.ts";

const stream = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.webm")));
const sizes: number[] = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.sizes.json"), "utf8"));
let at = 0;
const pieces = sizes.map((size) => stream.slice(at, (at += size)));

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/**
 * Objects and buffers after a collection: buffers are given back a turn after the objects that held them are found dead, so it is
 * collected more than once. The disk's are among them, but it has its full size from the start.
 */
async function memoryBytes(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test("two hours of recording stay flat in memory", { timeout: 120_000 }, async () => {
  const device = createDevice(plainPlan);
  const journal = await device.restart();
  await journal.open(headerOf(visitId));
  const visit = journal.visit(visitId);
  const recording = await visit.beginRecording(mimeType);
  let count = 0;
  const speak = async (fragments: number): Promise<void> => {
    for (const end = count + fragments; count < end; count += 1) {
      const bytes = pieces[count % pieces.length]!;
      await visit.append({ recording, bytes, capturedAt: count * 300, levels: [-30, -31, -50, -29, -30] });
    }
  };
  await speak(14_000); // until then the engine itself still moves
  const [before, { durableMs }] = [await memoryBytes(), visit.state()];
  await speak(10_000);
  const grownBytes = (await memoryBytes()) - before;
  expect(visit.state().durableMs - durableMs).toBeGreaterThan(2_900_000);
  expect(grownBytes).toBeLessThan(300_000);
});
