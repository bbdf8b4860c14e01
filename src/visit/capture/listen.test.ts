import { expect, test } from "vitest";
import { silence, type Level } from "./level.ts";
import { createListener, type Warning } from "./listen.ts";

const perSecond = 15;

/** Plays levels of a made room, and notes each warning with the second at which it came. */
function listenTo(seconds: number, levelAt: (second: number) => Partial<Level>): [number, Warning][] {
  const listener = createListener();
  const changes: [number, Warning][] = [];
  let last: Warning = null;
  for (let tick = 0; tick < seconds * perSecond; tick += 1) {
    const second = tick / perSecond;
    const rms = levelAt(second).rms ?? -30;
    const warning = listener.hear({ rms, peak: rms + 6, clipped: 0, atMs: second * 1000, ...levelAt(second) });
    if (warning !== last) changes.push([Math.round(second), warning]);
    last = warning;
  }
  return changes;
}

/** Syllables four times a second. */
const speech = (second: number): number => -28 + 12 * Math.sin(second * 2 * Math.PI * 4);

test("speech, loud or soft, and pauses of under a minute are nothing to warn of", () => {
  expect(listenTo(120, (second) => ({ rms: speech(second) }))).toEqual([]);
  expect(listenTo(120, (second) => ({ rms: speech(second) - 18 }))).toEqual([]);
  expect(listenTo(60, (second) => ({ rms: second % 12 < 4 ? speech(second) : -58 }))).toEqual([]);
});

test("digital silence is said after two seconds and taken back with the first sound", () => {
  expect(listenTo(10, (second) => (second < 6 ? { rms: silence, peak: silence } : { rms: speech(second) }))).toEqual([
    [2, "nothing_heard"],
    [6, null],
  ]);
});

test("very soft: after ten seconds too quiet, after a minute nothing is heard", () => {
  expect(listenTo(70, () => ({ rms: -70 }))).toEqual([
    [10, "too_quiet"],
    [60, "nothing_heard"],
  ]);
});

test("steady noise is no speech", () => {
  const hiss = (second: number): number => -20 + Math.sin(second * 50);
  expect(listenTo(30, (second) => ({ rms: hiss(second) }))).toEqual([[15, "not_speech"]]);
});

test("a soft fan without a word for a minute", () => {
  expect(listenTo(70, () => ({ rms: -52 }))).toEqual([[60, "nothing_heard"]]);
});

test("clipping of more than one in a hundred samples is too loud", () => {
  expect(listenTo(20, (second) => ({ rms: speech(second), clipped: second < 10 ? 0.02 : 0 }))).toEqual([
    [5, "too_loud"],
    [13, null],
  ]);
  expect(listenTo(20, (second) => ({ rms: speech(second), clipped: 0.005 }))).toEqual([]);
});
