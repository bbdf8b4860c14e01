/**
 * Puts each statement of a visit where it belongs in the note. In: statements in order. Out: the same with a section, or
 * without one when there is nothing clinical in it. Words the engine was unsure of take no part.
 */
import type { SectionName } from "#model/note.ts";
import { sectionNames } from "#model/note.ts";
import { clinicalContent, cues } from "./lexicon/cues.ts";
import { emptyWords } from "./lexicon/grammar.ts";
import { isDrugName } from "./lexicon/drugs.ts";
import { isAskedByPatient } from "./questions.ts";
import type { Statement } from "./questions.ts";

export type Placed = { statement: Statement; section: SectionName };

type Scores = Record<SectionName, number>;

/** A dictated heading rules until the next one. */
const headings = new Map<string, SectionName>(
  Object.entries({
    subjective: "subjective",
    history: "subjective",
    objective: "objective",
    exam: "objective",
    examination: "objective",
    "physical exam": "objective",
    assessment: "assessment",
    impression: "assessment",
    diagnosis: "assessment",
    plan: "plan",
    "assessment and plan": "plan",
  }),
);

/** The statements that belong in a note, each with its section, in the order said. */
export function place(statements: readonly Statement[]): Placed[] {
  const placed: Placed[] = [];
  let heading: SectionName | undefined;
  for (const statement of statements) {
    heading = headings.get(statement.clause.text) ?? heading;
    if (headings.has(statement.clause.text)) continue;
    const section = heading ?? sectionOf(statement, placed.at(-1));
    if (section && isWorthALine(statement, section)) placed.push({ statement, section });
  }
  return placed;
}

function sectionOf(statement: Statement, previous: Placed | undefined): SectionName | undefined {
  if (statement.question) return isAskedByPatient(statement.question) ? "plan" : "subjective";
  const scores = scoreOf(statement);
  const strongest = Math.max(...Object.values(scores));
  if (strongest <= 0 && !clinicalContent.test(statement.clause.text)) return undefined;
  if (strongest <= 0)
    return previous?.statement.clause.turnId === statement.clause.turnId ? previous.section : undefined;
  if (previous && previous.statement.clause.turnId === statement.clause.turnId) scores[previous.section] += 2;
  return sectionNames.reduce((best, name) => (scores[name] > scores[best] ? name : best));
}

function scoreOf(statement: Statement): Scores {
  const scores: Scores = { subjective: 0, objective: 0, assessment: 0, plan: 0 };
  for (const { section, weight, pattern, unless } of cues) {
    const text = statement.clause.text;
    if (pattern.test(text) && !unless?.test(text)) scores[section] += weight;
  }
  if (statement.answers) scores.subjective += 3;
  if (statement.clause.speaker === "patient") scores.subjective += 20;
  if (statement.clause.speaker === "clinician" && !statement.answers) scores.subjective -= 3;
  return scores;
}

/** A line must say something: a figure, a medicine, a finding, or at least two words of content that were understood. */
function isWorthALine(statement: Statement, section: SectionName): boolean {
  if (statement.question) return true;
  const { tokens, text } = statement.clause;
  const content = tokens.filter((token) => !token.unclear && !emptyWords.has(token.word));
  const unclear = tokens.filter((token) => token.unclear).length;
  if (content.length === 0) return false;
  if (clinicalContent.test(text) || content.some((token) => isDrugName(token.word))) return true;
  if (unclear > content.length) return false;
  return section === "subjective" ? content.length > 1 : true;
}
