/**
 * Holds every sentence of a note against the words it should have come from. In: a transcript and a note. Out: a mark and
 * the places in the transcript for each sentence, and the list of things to check. Pure; the clinic server runs it once
 * when the draft arrives, the browser again after every edit.
 *
 * A number, a side, a drug or a "not" in a sentence that was not said nearby makes the sentence unsupported, however well
 * the rest fits. Words the engine was unsure of support nothing.
 */
import type { Evidence, EvidenceMark, EvidenceSpan, SentenceEvidence } from "./evidence.ts";
import { findChecks } from "./find-checks.ts";
import type { Note, Sentence } from "./note.ts";
import { sentencesOf } from "./note.ts";
import type { Term } from "./terms.ts";
import { isAskedAt, saysNo } from "./questions.ts";
import { isSameTerm, termsOf, wordsOf } from "./terms.ts";
import type { Transcript, Turn } from "./transcript.ts";

/** A term of the transcript: where it stands in its turn and in the whole visit, and whether it was only asked. */
export type Heard = Term & { turnId: string; position: number; asked: boolean };

/** What was said, as terms in order; unclear words left out. `from` and `to` are places in the turn's own words. */
export function heardTerms(transcript: Transcript): Heard[] {
  let position = 0;
  return transcript.turns.flatMap((turn, index) => {
    const start = position;
    position += turn.words.length;
    const isDenied = saysNo(transcript.turns[index + 1]);
    return termsOfTurn(turn).map((term) => {
      const negated = term.asked ? isDenied : term.negated;
      return { ...term, negated, turnId: turn.id, position: start + term.from };
    });
  });
}

/** One word as the engine gives it may be two as a note writes it: "x-ray", "150/90". */
function termsOfTurn(turn: Turn): (Term & { asked: boolean })[] {
  const parts = turn.words.flatMap((word, index) => wordsOf(word.text).map((text) => ({ text, index, word })));
  const texts = parts.map(({ text }) => text);
  const unclear = new Set(parts.flatMap(({ word }, at) => (word.unclear ? [at] : [])));
  return termsOf(texts, unclear).map((term) => {
    const from = parts[term.from]?.index ?? 0;
    return { ...term, from, to: parts[term.to]?.index ?? from, asked: isAskedAt(texts, term.from) };
  });
}

/** Marks and checks for a whole note. */
export function findEvidence(transcript: Transcript, note: Note): Evidence {
  const heard = heardTerms(transcript);
  const sentences = sentencesOf(note).map((sentence) => markSentence(sentence, heard));
  return { sentences, checks: findChecks({ transcript, note, heard, sentences }) };
}

function markSentence(sentence: Sentence, heard: readonly Heard[]): SentenceEvidence {
  const written = termsOf(wordsOf(sentence.text));
  const wanted = written.filter((term) => term.kind !== "negation");
  const best = bestStretch(wanted, heard);
  const mark = wanted.length === 0 ? "unsupported" : markOf(wanted, best);
  return {
    section: sentence.section,
    index: sentence.index,
    text: sentence.text,
    mark,
    spans: mark === "unsupported" ? [] : spansOf(best),
  };
}

/** A wanted term with every place in the stretch where it was said. */
type Match = { wanted: Term; heard: Heard[] };

const weightOf = (term: Term): number =>
  term.kind === "number" || term.kind === "drug" || term.kind === "side" ? 3 : 1;

/** The stretch of speech, about three times the sentence long, that holds most of what the sentence says. */
function bestStretch(wanted: readonly Term[], heard: readonly Heard[]): Match[] {
  const reach = wanted.length * 3 + 24;
  const relevant = heard.filter((term) => wanted.some((want) => isSameTerm(want, term)));
  let best: Match[] = [];
  let bestScore = 0;
  for (const [index, first] of relevant.entries()) {
    const inReach = relevant.slice(index).filter((term) => term.position <= first.position + reach);
    const matches = wanted.map((want) => ({ wanted: want, heard: inReach.filter((term) => isSameTerm(want, term)) }));
    const length = (inReach.at(-1)?.position ?? first.position) - first.position;
    const score = weightOfMatched(matches) - turnedAround(matches) - length / 1000;
    if (score > bestScore) [best, bestScore] = [matches, score];
  }
  return best;
}

function weightOfMatched(matches: readonly Match[]): number {
  return matches.reduce((sum, match) => sum + (match.heard.length > 0 ? weightOf(match.wanted) : 0), 0);
}

/** Of two stretches that hold as much, the one where a "not" stands where the sentence has it. */
function turnedAround(matches: readonly Match[]): number {
  return matches.filter((match) => isTurnedAround([match])).length / 2;
}

function markOf(wanted: readonly Term[], matches: readonly Match[]): EvidenceMark {
  const total = wanted.reduce((sum, term) => sum + weightOf(term), 0);
  const share = weightOfMatched(matches) / total;
  const critical = matches.some((match) => match.heard.length === 0 && weightOf(match.wanted) > 1);
  if (matches.length === 0 || critical || share < 0.5 || isTurnedAround(matches)) return "unsupported";
  return share >= 0.8 ? "supported" : "weak";
}

/** Written with a "not" that was never said of it, or said with a "not" that is gone. What was only asked decides last. */
function isTurnedAround(matches: readonly Match[]): boolean {
  return matches.some(({ wanted, heard }) => {
    const said = heard.filter((term) => !term.asked);
    const deciding = said.length > 0 ? said : heard;
    return wanted.kind === "word" && deciding.length > 0 && deciding.every((term) => term.negated !== wanted.negated);
  });
}

const gapWords = 6;

/** Matched words as spans: only turns that add something, the fullest first; small gaps within a turn are bridged. */
function spansOf(matches: readonly Match[]): EvidenceSpan[] {
  const spans: EvidenceSpan[] = [];
  for (const term of neededTerms(matches)) {
    const last = spans.at(-1);
    if (last && last.turnId === term.turnId && term.from - last.to <= gapWords) last.to = Math.max(last.to, term.to);
    else spans.push({ turnId: term.turnId, from: term.from, to: term.to });
  }
  return spans;
}

function neededTerms(matches: readonly Match[]): Heard[] {
  const turns = [...new Set(matches.flatMap(({ heard }) => heard.map(({ turnId }) => turnId)))];
  const matchesIn = (turnId: string): Match[] =>
    matches.filter(({ heard }) => heard.some((term) => term.turnId === turnId));
  const covered = new Set<Match>();
  const kept = turns
    .toSorted((a, b) => matchesIn(b).length - matchesIn(a).length)
    .filter((turnId) => {
      const added = matchesIn(turnId).filter((match) => !covered.has(match));
      for (const match of added) covered.add(match);
      return added.length > 0;
    });
  const heard = matches.flatMap((match) => match.heard).filter(({ turnId }) => kept.includes(turnId));
  return heard.toSorted((a, b) => a.position - b.position);
}
