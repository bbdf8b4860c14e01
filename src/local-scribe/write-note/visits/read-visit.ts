/**
 * Reads the invented visits that the tests are written against, one turn a line. `heard/`: what the speech engine made of
 * spoken visits, mistakes and all; `|` is a pause, `fever~8` a word with a posterior of 0.08. `written/`: as a better
 * engine writes, with punctuation and speakers.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Speaker, Transcript, Turn, Word } from "#model/transcript.ts";

export type VisitFolder = "heard" | "written";

/** The names of the visits in a folder. */
export function visitNames(folder: VisitFolder): string[] {
  return readdirSync(join(import.meta.dirname, folder)).map((file) => file.replace(/\.txt$/u, ""));
}

/** A visit as a transcript; words with a lower posterior than `leastConfidence` are unclear. */
export function readVisit(folder: VisitFolder, name: string, leastConfidence = 0): Transcript {
  const text = readFileSync(join(import.meta.dirname, folder, `${name}.txt`), "utf8");
  return transcriptOf(text.trim().split("\n"), leastConfidence);
}

/** The same from lines given in a test. */
export function transcriptOf(lines: readonly string[], leastConfidence = 0): Transcript {
  return { turns: lines.map((line, index) => toTurn(line, index, leastConfidence)), language: "en" };
}

function toTurn(line: string, index: number, leastConfidence: number): Turn {
  const [, label, said = ""] = /^(?:([DP]): )?(.*)$/u.exec(line) ?? [];
  const words = toWords(said.split(" "), leastConfidence);
  return { id: `turn-${index}`, speaker: speakerOf(label), startMs: null, endMs: null, words };
}

function speakerOf(label: string | undefined): Speaker {
  if (label === undefined) return "unknown";
  return label === "D" ? "clinician" : "patient";
}

function toWords(marked: readonly string[], leastConfidence: number): Word[] {
  let now = 0;
  return marked.flatMap((mark) => {
    now += mark === "|" ? 100 : 200;
    if (mark === "|") return [];
    const [text = "", percent = "100"] = mark.split("~");
    const confidence = Number(percent) / 100;
    return [{ text, startMs: now - 200, endMs: now, confidence, unclear: confidence < leastConfidence }];
  });
}
