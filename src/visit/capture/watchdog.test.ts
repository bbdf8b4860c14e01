/** Time is made: `run` lets the page live, `freeze` is a page that is blocked or suspended, whose timers fire once, late. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchPackets, type Watchdog } from "./watchdog.ts";
import { watchSleep } from "./watch-sleep.ts";

let told: string[];
let isBusy: boolean;
let over: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  [told, isBusy, over] = [[], false, new AbortController()];
});

afterEach(() => {
  over.abort();
  vi.useRealTimers();
});

const run = (ms: number): void => void vi.advanceTimersByTime(ms);

/** The clock goes on, nothing has a turn. */
function freeze(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
  const { now } = performance;
  const at = now.call(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now.call(performance) + ms);
  expect(performance.now() - at).toBeGreaterThanOrEqual(ms);
}

function startDog(sliceMs = 250): Watchdog {
  const quiet = (): void => {
    if (told.at(-1) !== "quiet") told.push("quiet");
  };
  return watchPackets({ sliceMs, isBusy: () => isBusy, onQuiet: quiet, onLost: () => told.push("lost") });
}

test("three slices without a packet: asked; two seconds: lost, said once", () => {
  const dog = startDog();
  run(1000);
  dog.packetsCame();
  run(500);
  expect(told).toEqual(["quiet"]); // the second before the packet
  told = [];
  run(250);
  expect(told).toEqual(["quiet"]);
  run(1250);
  expect(told).toEqual(["quiet", "lost"]);
  run(10_000);
  expect(told).toEqual(["quiet", "lost"]);
});

test("slices of a second, as WebKit gives them, get more time", () => {
  startDog(1000);
  run(3750);
  expect(told).toEqual(["quiet"]);
  run(250);
  expect(told).toEqual(["quiet", "lost"]);
});

test("a page that was blocked for eight seconds has not waited for eight seconds", () => {
  const dog = startDog();
  freeze(8000);
  run(250);
  dog.packetsCame();
  run(1750);
  expect(told).not.toContain("lost");
});

test("a disk that has not answered yet is not a silent microphone", () => {
  startDog();
  isBusy = true;
  run(10_000);
  expect(told).toEqual([]);
  isBusy = false;
  run(2000);
  expect(told).toContain("lost");
});

test("while the system mutes the microphone nobody waits for it; from then on the two seconds begin anew", () => {
  const dog = startDog();
  run(1750);
  dog.rest();
  run(60_000);
  expect(told).not.toContain("lost");
  dog.watch();
  run(1750);
  expect(told).not.toContain("lost");
  run(250);
  expect(told).toContain("lost");
});

function watchForSleep(): { count: number } {
  const packets = { count: 0 };
  const clock = { now: () => Date.now() };
  watchSleep({ clock, packets: () => packets.count, over: over.signal, onWake: () => told.push("woke up") });
  return packets;
}

test("a machine that slept: the clock has jumped and no sound came for it", () => {
  const packets = watchForSleep();
  run(3000);
  freeze(20_000);
  run(500);
  packets.count += 10;
  run(2000);
  expect(told).toEqual(["woke up"]);
});

test("a page that was only blocked gets its sound afterwards, and says nothing", () => {
  const packets = watchForSleep();
  run(3000);
  freeze(8000);
  run(500);
  packets.count += 8000 / 60;
  run(2000);
  expect(told).toEqual([]);
});
