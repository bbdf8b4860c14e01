/**
 * How sure is an engine of a word? It hears the same session several times, each take a few samples later than the one before, so that the
 * frames of the takes fall on other places. The main take's words come out, as soon as the other takes have heard past them; a word that
 * most takes did not hear is unclear. What waits here are words, never audio; after a crash the session is heard again from its chunks.
 * Why, and with what result: decisions/0005.
 */
import type { Word } from "#model/transcript.ts";
import { samplesPerMs } from "#local-scribe/decode/pcm.ts";
import { confirmWords } from "./confirm-words.ts";
import type { Heard, SpeechEngine, SpeechRun } from "./speech-engine.ts";

/** A take whose last word ends this much earlier has still heard the stretch to its end: measured, takes differ there by 46 ms at most. */
const slackMs = 100;

type Take = { words: Word[]; heardUntilMs: number };

/** Samples in 10 ms, the step at which engines look at sound. */
const frameSamples = 160;

/** Shifts that spread so many takes evenly over one frame; the main take has none. */
export function spreadShifts(takes: number): number[] {
  return Array.from({ length: takes - 1 }, (_, at) => Math.round(((at + 1) * frameSamples) / takes));
}

/** One take per shift beside the main one; text, times and confidence are the main take's. */
export function createAgreeingEngine(engine: SpeechEngine, options: { shiftsInSamples: number[] }): SpeechEngine {
  const { shiftsInSamples } = options;
  const name = `${engine.name}, ${1 + shiftsInSamples.length} takes`;
  return { name, open: (onHeard) => openTakes(engine, shiftsInSamples, onHeard) };
}

function openTakes(engine: SpeechEngine, shifts: number[], onHeard: (heard: Heard) => void): SpeechRun {
  const judge = createJudge(shifts.length, onHeard);
  const main = engine.open(judge.hear);
  const others = shifts.map((shift, take) => {
    const onTake = (heard: Heard) => judge.confirm(take, earlier(heard.words, shift / samplesPerMs));
    return delayed(engine.open(onTake), shift);
  });
  const runs = [main, ...others];
  const close = () => runs.forEach((run) => run.close());

  /** One take less would change what counts as unclear, so when one fails all end. */
  async function all(work: Promise<void>[]): Promise<void> {
    try {
      await Promise.all(work);
    } catch (error) {
      close();
      throw error;
    }
  }

  return {
    write: (samples) => all(runs.map((run) => run.write(samples))),
    async finish() {
      await all([main.finish(), ...others.map((run, take) => run.finish().then(() => judge.end(take)))]);
    },
    close,
  };
}

/** Holds the main take's stretches until every other take has heard past them. */
function createJudge(count: number, onHeard: (heard: Heard) => void) {
  const waiting: Heard[] = [];
  const takes: Take[] = Array.from({ length: count }, () => ({ words: [], heardUntilMs: 0 }));

  function give(): void {
    const heardUntilMs = Math.min(...takes.map((take) => take.heardUntilMs));
    for (let next = waiting[0]; next && endOf(next) <= heardUntilMs + slackMs; next = waiting[0]) {
      waiting.shift();
      const confirming = takes.map((take) => takeOut(take, endOf(next) - slackMs));
      onHeard({ ...next, words: markUnclear(next.words, confirming) });
    }
  }

  return {
    hear(heard: Heard): void {
      waiting.push(heard);
      give();
    },
    confirm(at: number, words: Word[]): void {
      const take = takes[at];
      take?.words.push(...words);
      if (take) take.heardUntilMs = words.at(-1)?.endMs ?? take.heardUntilMs;
      give();
    },
    end(at: number): void {
      const take = takes[at];
      if (take) take.heardUntilMs = Infinity;
      give();
    },
  };
}

/** A stretch without times has to wait for the end. */
function endOf(heard: Heard): number {
  return heard.endMs ?? Infinity;
}

/** The words that begin before a moment: always the same ones, however far ahead the take is. */
function takeOut(take: Take, beforeMs: number): Word[] {
  const isBefore = ({ startMs }: Word) => startMs === null || startMs < beforeMs;
  const out = take.words.filter(isBefore);
  take.words = take.words.filter((word) => !isBefore(word));
  return out;
}

function markUnclear(words: Word[], takes: Word[][]): Word[] {
  const confirmed = takes.map((take) => confirmWords(words, take));
  return words.map((word, at) => {
    const votes = 1 + confirmed.filter((take) => take[at]).length;
    return votes > (1 + takes.length) / 2 ? word : { ...word, unclear: true };
  });
}

/** The run, with silence before the first sample. */
function delayed(run: SpeechRun, shift: number): SpeechRun {
  let hasBegun = false;
  return {
    ...run,
    write(samples) {
      if (hasBegun) return run.write(samples);
      hasBegun = true;
      const late = new Int16Array(shift + samples.length);
      late.set(samples, shift);
      return run.write(late);
    },
  };
}

function earlier(words: Word[], byMs: number): Word[] {
  const move = (at: number | null) => (at === null ? null : Math.max(0, Math.round(at - byMs)));
  return words.map((word) => ({ ...word, startMs: move(word.startMs), endMs: move(word.endMs) }));
}
