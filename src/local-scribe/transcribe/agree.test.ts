import { expect, test } from "vitest";
import { createAgreeingEngine } from "./agree.ts";
import type { Heard, SpeechEngine } from "./speech-engine.ts";

function utterance(text: string, startMs: number): Heard {
  const words = text.split(" ").map((word, place) => ({
    text: word,
    startMs: startMs + place * 300,
    endMs: startMs + place * 300 + 290,
    confidence: 0.9,
    unclear: false,
  }));
  return { startMs: words[0]!.startMs, endMs: words.at(-1)!.endMs, words };
}

/** Two runs answered by hand. */
function createHandEngine() {
  const runs: {
    hear: (heard: Heard) => void;
    written: number[];
    closed: boolean;
    finish: PromiseWithResolvers<void>;
  }[] = [];
  const engine: SpeechEngine = {
    name: "hand",
    open(hear) {
      const run = { hear, written: [] as number[], closed: false, finish: Promise.withResolvers<void>() };
      runs.push(run);
      return {
        write: async (samples) => void run.written.push(...samples),
        finish: () => run.finish.promise,
        close: () => void (run.closed = true),
      };
    },
  };
  return { engine, runs };
}

function open() {
  const { engine, runs } = createHandEngine();
  const heard: Heard[] = [];
  const run = createAgreeingEngine(engine).open((one) => heard.push(one));
  const shown = () =>
    heard.map(({ words }) => words.map(({ text, unclear }) => (unclear ? `(${text})` : text)).join(" "));
  return { run, first: runs[0]!, second: runs[1]!, shown, heard };
}

test("the second hearing gets the same samples 5 ms later", async () => {
  const { run, first, second } = open();
  await run.write(Int16Array.of(1, 2, 3));
  await run.write(Int16Array.of(4));
  expect(first.written).toEqual([1, 2, 3, 4]);
  expect(second.written).toEqual([...Array.from({ length: 80 }, () => 0), 1, 2, 3, 4]);
});

test("words that the second hearing does not confirm are unclear", async () => {
  const { run, first, second, shown, heard } = open();
  first.hear(utterance("it gets worse when i walk", 1000));
  expect(shown()).toEqual([]);
  second.hear(utterance("eh that's worse when i'll walk", 1005));
  expect(shown()).toEqual(["(it) (gets) worse when (i) walk"]);
  expect(heard[0]?.words[2]).toMatchObject({ startMs: 1600, confidence: 0.9 });
  second.hear(utterance("next", 6000));
  first.hear(utterance("next time", 6000));
  first.finish.resolve();
  second.finish.resolve();
  await run.finish();
  expect(shown()[1]).toBe("next (time)");
});

test("the same word at another time confirms nothing", async () => {
  const { run, first, second, shown } = open();
  first.hear(utterance("no fever", 1000));
  second.hear(utterance("no fever", 1600));
  [first, second].forEach(({ finish }) => finish.resolve());
  await run.finish();
  expect(shown()).toEqual(["(no) (fever)"]);
});

test("a hearing that fails fails both, and closing closes both", async () => {
  const { run, first, second } = open();
  second.finish.reject(new Error("died"));
  await expect(run.finish()).rejects.toThrow("died");
  run.close();
  expect([first.closed, second.closed]).toEqual([true, true]);
});
