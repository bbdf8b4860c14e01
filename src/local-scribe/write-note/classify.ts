/**
 * Puts each statement of a visit where it belongs in the note. In: statements in order. Out: the same with a section, or
 * without one when there is nothing clinical in it. Words the engine was unsure of take no part.
 */
import type { SectionName } from "#model/note.ts";
import { sectionNames } from "#model/note.ts";
import { contentOf, wordsOf } from "./clauses.ts";
import { clinicalContent, cues } from "./lexicon/cues.ts";
import { isDrugName } from "./lexicon/drugs.ts";
import { isFiniteVerb } from "./lexicon/verbs.ts";
import { isAskedByPatient } from "./questions.ts";
import type { Statement } from "./answers.ts";
import { isFigure } from "./figures.ts";
import { unclearMark } from "./words.ts";

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
  const leads = leadingSections(statements);
  let heading: SectionName | undefined;
  for (const statement of statements) {
    heading = headings.get(statement.clause.text) ?? heading;
    if (headings.has(statement.clause.text)) continue;
    const section = heading ?? sectionOf(statement, leads.get(statement.clause.turnId), placed.at(-1)?.section);
    if (section && (statement.question || isWorthALine(statement, section))) placed.push({ statement, section });
  }
  return placed;
}

type Lead = { section: SectionName; score: number };

/** What each turn is mostly about: the section of its plainest statement. Its vaguer ones lean that way. */
function leadingSections(statements: readonly Statement[]): Map<string, Lead> {
  const leads = new Map<string, Lead>();
  for (const statement of statements) {
    const scores = scoreOf(statement);
    const section = heaviest(scores);
    const known = leads.get(statement.clause.turnId);
    if (scores[section] >= 4 && scores[section] > (known?.score ?? 0))
      leads.set(statement.clause.turnId, { section, score: scores[section] });
  }
  return leads;
}

function sectionOf(
  statement: Statement,
  lead: Lead | undefined,
  previous: SectionName | undefined,
): SectionName | undefined {
  if (statement.question) return isAskedByPatient(statement.question) ? "plan" : "subjective";
  const scores = scoreOf(statement);
  const isSilent = Math.max(...Object.values(scores)) <= 0;
  if (isSilent && !clinicalContent.test(statement.clause.text)) return undefined;
  if (lead) scores[lead.section] += 2.5;
  else if (isSilent) return previous ?? "subjective";
  return heaviest(scores);
}

function heaviest(scores: Scores): SectionName {
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

/** A line must say something: a figure, a medicine, a finding, or enough words of content that were understood. */
function isWorthALine(statement: Statement, section: SectionName): boolean {
  const { tokens, text } = statement.clause;
  const content = contentOf(statement.clause);
  if (isRemnant(text, content, section) || (section === "subjective" && isStrayQuestion(statement))) return false;
  if (clinicalContent.test(text) || content.some((word) => isDrugName(word))) return true;
  const isMostlyUnclear = tokens.filter((token) => token.unclear).length > content.length;
  return !isMostlyUnclear && (content.length > 1 || section !== "subjective" || isShortAndSure(statement));
}

/** "[unclear] hurts", "seven": one word or one number, and nobody knows of what. A reading may stand: "[unclear] is 90". */
function isRemnant(text: string, content: readonly string[], section: SectionName): boolean {
  if (content.every((word) => isFigure(word))) return content.length === 0 || section !== "objective";
  return content.length < 2 && text.startsWith(unclearMark) && !/\d/u.test(text);
}

/** "I vomited twice", "no energy": one word of content that stands on its own. */
function isShortAndSure({ clause }: Statement): boolean {
  return /^no\b/u.test(clause.text) || (own.test(clause.text) && clause.tokens.length > 2);
}

const own = /\b(?:i|my|me)\b/u;
const certain = /\d|\b(?:no|not|never|for|since|ago|yesterday|patient)\b/u;

/**
 * What is left of a question whose asking words were lost: "[any?] vomiting or diarrhea". No "I", no verb, no answer to
 * anything. As a fact it could be the opposite of the truth.
 */
function isStrayQuestion({ clause, answers }: Statement): boolean {
  if (answers || clause.speaker === "patient" || own.test(clause.text)) return false;
  if (clause.text.startsWith(unclearMark) && /\byour?\b/u.test(clause.text)) return true;
  return !certain.test(clause.text) && !wordsOf(clause).some((word) => isFiniteVerb(word));
}
