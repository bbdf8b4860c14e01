import { expect, test } from "vitest";
import { createAgreeingEngine, spreadShifts } from "./agreement.ts";
import type { Heard, SpeechEngine } from "./speech-engine.ts";

function stretch(text: string, startMs: number): Heard {
  const words = text.split(" ").map((word, place) => ({
    text: word,
    startMs: startMs + place * 300,
    endMs: startMs + place * 300 + 290,
    confidence: 0.9,
    unclear: false,
  }));
  return { startMs, endMs: words.at(-1)!.endMs, words };
}

/** An engine whose runs say what the test tells them. */
function createHandEngine() {
  const runs: ReturnType<typeof createHandRun>[] = [];
  const engine: SpeechEngine = {
    name: "hand",
    open(hear) {
      const hand = createHandRun(hear);
      runs.push(hand);
      return hand.run;
    },
  };
  return { engine, runs };
}

function createHandRun(hear: (heard: Heard) => void) {
  const finished = Promise.withResolvers<void>();
  const hand = {
    hear: (text: string, startMs: number) => hear(stretch(text, startMs)),
    written: [] as number[],
    isClosed: false,
    /** What the next writes wait for. */
    room: Promise.resolve(),
    end: finished.resolve,
    fail: finished.reject,
    run: {
      write(samples: Int16Array) {
        hand.written.push(...samples);
        return hand.room;
      },
      finish: () => finished.promise,
      close: () => void (hand.isClosed = true),
    },
  };
  return hand;
}

function open(shiftsInSamples = [53, 107]) {
  const { engine, runs } = createHandEngine();
  const heard: Heard[] = [];
  const agreeing = createAgreeingEngine(engine, { shiftsInSamples });
  const run = agreeing.open((one) => heard.push(one));
  const shown = () =>
    heard.map(({ words }) => words.map(({ text, unclear }) => (unclear ? `(${text})` : text)).join(" "));
  return { run, runs, main: runs[0]!, takes: runs.slice(1), heard, shown, name: agreeing.name };
}

test("the name says how many takes there are", () => {
  expect(open().name).toBe("hand, 3 takes");
});

test("takes are spread over one frame", () => {
  expect(spreadShifts(3)).toEqual([53, 107]);
  expect(spreadShifts(1)).toEqual([]);
});

test("each take gets the same samples, later by its shift", async () => {
  const { run, runs } = open([3, 5]);
  await run.write(Int16Array.of());
  await run.write(Int16Array.of(1, 2));
  await run.write(Int16Array.of(3));
  expect(runs.map(({ written }) => written)).toEqual([
    [1, 2, 3],
    [0, 0, 0, 1, 2, 3],
    [0, 0, 0, 0, 0, 1, 2, 3],
  ]);
});

test("a write has room when every take has", async () => {
  const { run, takes } = open();
  const room = Promise.withResolvers<void>();
  takes[1]!.room = room.promise;
  let isDone = false;
  const written = run.write(Int16Array.of(1)).then(() => (isDone = true));
  await Promise.resolve();
  expect(isDone).toBe(false);
  room.resolve();
  await written;
});

test("a word that most takes did not hear is unclear; times and confidence are the main take's", () => {
  const { main, takes, shown, heard } = open();
  takes[0]!.hear("no fever or cough", 1003);
  takes[1]!.hear("no fever for a cuff", 1007);
  main.hear("know fever or cough", 1000);
  expect(shown()).toEqual(["(know) fever or cough"]);
  expect(heard[0]).toMatchObject({ startMs: 1000, endMs: 2190 });
  expect(heard[0]!.words[1]).toMatchObject({ startMs: 1300, endMs: 1590, confidence: 0.9 });
});

test("of two takes both have to hear a word", () => {
  const { main, takes, shown } = open([80]);
  takes[0]!.hear("no fever", 1005);
  main.hear("know fever", 1000);
  expect(shown()).toEqual(["(know) fever"]);
});

test("a take's times count from the first sample, not from the silence before it", () => {
  const { main, takes, shown } = open([16_000]);
  takes[0]!.hear("fever", 2000);
  main.hear("fever", 1000);
  expect(shown()).toEqual(["fever"]);
});

test("a stretch comes out when every take has heard past it, in order", () => {
  const { main, takes, shown } = open();
  main.hear("good morning", 1000);
  main.hear("no fever", 5000);
  takes[0]!.hear("good morning", 1003);
  expect(shown()).toEqual([]);
  takes[0]!.hear("no fever", 5003);
  takes[1]!.hear("good", 1007);
  expect(shown()).toEqual([]);
  takes[1]!.hear("no fever", 5007);
  expect(shown()).toEqual(["good morning", "no fever"]);
});

test("what comes out does not depend on how far ahead the takes are", () => {
  const ahead = open([80]);
  ahead.takes[0]!.hear("cough fever", 1005);
  ahead.takes[0]!.hear("no", 1605);
  ahead.main.hear("no fever", 1000);
  const behind = open([80]);
  behind.main.hear("no fever", 1000);
  behind.takes[0]!.hear("cough fever", 1005);
  behind.takes[0]!.hear("no", 1605);
  expect([...ahead.shown(), ...behind.shown()]).toEqual(["(no) fever", "(no) fever"]);
});

test("what a take does not hear to the end comes out when the take has ended", async () => {
  const { run, runs, main, takes, shown } = open();
  main.hear("no fever", 5000);
  takes[0]!.hear("no fever", 5003);
  const finished = run.finish();
  runs.forEach(({ end }) => end());
  await finished;
  expect(shown()).toEqual(["no fever"]);
});

test("when one take fails, all are closed and the run fails with its problem", async () => {
  const { run, runs, takes } = open();
  const finished = run.finish();
  takes[0]!.fail(new Error("died"));
  await expect(finished).rejects.toThrow("died");
  expect(runs.map(({ isClosed }) => isClosed)).toEqual([true, true, true]);
});

test("a take that takes no more samples fails the write and closes all", async () => {
  const { run, runs, takes } = open();
  takes[1]!.room = Promise.reject(new Error("died"));
  await expect(run.write(Int16Array.of(1))).rejects.toThrow("died");
  expect(runs.every(({ isClosed }) => isClosed)).toBe(true);
});

test("closing closes every take", () => {
  const { run, runs } = open();
  run.close();
  expect(runs.every(({ isClosed }) => isClosed)).toBe(true);
});
