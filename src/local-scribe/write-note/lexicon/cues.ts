/**
 * What tells where a clause belongs. Each cue adds its weight to its section; the heaviest section wins. Patterns (see
 * pattern.ts) run over lower-case text with figures written. General clinical English only: nothing here knows any one visit.
 */
import type { SectionName } from "#model/note.ts";
import { bodyParts } from "./body.ts";
import { conditions, courses, procedures, signs, symptoms, tests, vitals } from "./findings.ts";
import { createPatterns } from "./pattern.ts";
import { imperatives, nounImperatives, orders } from "./verbs.ts";

export type Cue = { section: SectionName; weight: number; pattern: RegExp; unless: RegExp | undefined };

/** Weight, pattern, and a pattern that takes the cue back. */
type Row = readonly [weight: number, pattern: string, unless?: RegExp];

const pattern = createPatterns({
  part: bodyParts,
  sign: signs,
  symptom: symptoms,
  condition: conditions,
  course: courses,
  vital: vitals,
  test: tests,
  procedure: procedures,
  order: orders,
  verb: [...imperatives].filter((verb) => !nounImperatives.has(verb)),
  nounVerb: nounImperatives,
  figure: [String.raw`\d+(?:\.\d+)?`],
  be: ["(is|are|was|were|looks?|sounds?|feels?|seems?|appears?|remains?|shows?)"],
  // "Call me", "let me know" and "call my office" are the clinician's.
  own: ["(i|my(?! office)|i'd|myself|(?<!(call|see|tell|let|show|remind|with) )me)"],
  span: [String.raw`((\d+|a|an|one|a few|a couple of|several) ((to|or) \d+ )?(day|week|month|year|hour|minute)s?)`],
  will: [
    "((i|we) (will|am going to|are going to|need to|should|can|would like to|want to|have to)|let's|let us|i'd like to)",
  ],
});

const own = pattern("<own>");
const toYou = /\byour?\b/u;

const subjective: readonly Row[] = [
  [2, "<own>"],
  [3, "<own>", toYou],
  [4, "allerg(y|ic|ies)"],
  [
    4,
    "(patient|he|she|they) (reports?|says?|said|states?|denies|denied|complains?|describes?|feels?|felt|noticed|notices)",
  ],
  [2, "<symptom>"],
  [3, "^no ~1 <symptom>"],
  [
    2,
    "(ago|since|last (night|week|month|year)|yesterday|lately|recently|this morning|sometimes|usually|at work|at home)",
  ],
  [2, "(started|began|used to|has been|have been)"],
  [1, "for ((about|almost|over) )?<span>"],
  [
    2,
    "^(he|she|it|they) (has|have|had|does|did|hurts?|itch(es)?|burns?|stops?|comes?|goes|gets|feels?|keeps?|will not)",
  ],
  [2, "(mother|father|brother|sister|wife|husband|son|daughter|grandmother|grandfather|parents?|family)", /\byour\b/u],
  [
    2,
    "(smok(e|es|ed|ing)|drinks?|alcohol|tobacco|cigarettes?|beers?|wine)",
    /^(?:do not|stop|quit|avoid|drink|no|please|ask)\b|\byour?\b/u,
  ],
];

const objective: readonly Row[] = [
  [6, "<vital> ... <figure>", own],
  [5, String.raw`^(your|her|his|the|their) ~3 (is|was) ((about|at) )?\d+`, own],
  [5, "^(you|he|she) weighs? <figure>", own],
  [3, String.raw`^~3 (is|was) \d+`, /\b(?:i|my|pain|cough|fever|it)\b/u],
  [4, String.raw`\d{2,3}/\d{2,3}`, own],
  [4, "(your|her|his|the|both|left|right) ~3 <part> ... <be>", own],
  [3, "<part> <be> ~2 <sign>", own],
  [3, "(left|right) ~2 <be> ~2 <sign>", own],
  [7, "^(your|you're) ~6 <be> ~2 <sign>"],
  [4, "^you have ~4 (<symptom>|<part>|movement|motion|strength)", own],
  [3, "^(you|he|she) looks? ~2 \\w+", own],
  [8, "^i ((can|do not|cannot) )?(hear|see|feel|notice|find) ... (your|his|her)", /\b(?:my|me)\b/u],
  [6, "^i ((can|do not|cannot) )?(hear|see|feel|notice|find) (some|no|a|an|any|fluid) ~2 <sign>", /\b(?:my|me)\b/u],
  [3, "^there (is|are) (no|some|a) \\w+", own],
  [3, "^there (is|are|was) ~4 (<sign>|<part>|<symptom>)", own],
  [4, "<sign> (in|on|of|over|around) (your|the|her|his) ~2 <part>", own],
  [3, "on (exam|examination|inspection|palpation|auscultation)"],
  [5, "(the|your|her|his) ~1 <test> ~2 (<be>|showed|came back|reads?)", own],
  [1, "^it <be> ~2 <sign>"],
  [1, "^<sign>"],
];

const assessment: readonly Row[] = [
  [
    8,
    "i ((do not|really) )?(think|believe|suspect)",
    /\bthink (?:i|my)\b|\b(?:think|believe) (?:that )?(?:we|you) (?:should|need|can|could|must)\b/u,
  ],
  [4, "(looks?|seems?|appears?|sounds?) (like|to be)", own],
  [5, "you ((probably|likely|may|might|also|still|do|do not) )*(have|had|are) ~4 <condition>", /\bif you\b/u],
  [3, "^you ((probably|likely|may|might|also) )*have (?!to\\b)\\w+"],
  [4, "^(he|she) ((probably|likely|may|might) )*(have|has) ~3 <condition>"],
  [4, "(this|it|that|it's|that's) ((is|may be|might be|could be) )?~4 <condition>", own],
  [3, "^(this|it|that) is (not )?(a|an|just|only|probably) \\w+", own],
  [3, "<be> ~2 <condition>", own],
  [5, "(most likely|probably|diagnosis|diagnosed|consistent with|caused by|rule out|due to)", own],
  [5, "^(your|her|his|the) (<vital>|<condition>|\\w+) (is|are) ~2 <course>", /\d|\b(?:pain|cough|fever|headache)\b/u],
  [5, "^(your|her|his|the) ~1 <condition> (is|are|has|seems|looks)", own],
  [3, "(has|have) (improved|worsened|resolved|cleared)", own],
];

const plan: readonly Row[] = [
  [5, "^((please|just|also|always|you can|first) )?(\\[unclear\\] )?<verb>", own],
  [4, "^((please|just|also|always|you can|first) )?<nounVerb>", own],
  [5, "^(please )?(do not|don't|never|avoid) (?!know|remember|think|really|feel|have)\\w+", own],
  [9, "(want|like|need|asking|ask|recommend|advise|suggest) (that )?(you|her|him|\\[unclear\\] to)"],
  [9, "^i ((would|strongly) )?(recommend|suggest|advise)"],
  [3, "<will>"],
  [5, "<will> ~1 <order>"],
  [
    5,
    "you (should|need to|must|have to|can|will|may|ought|could|do not need|do not have to|cannot)",
    /\b(?:may|might|could) have\b|^if\b|\bwhen you\b/u,
  ],
  [
    4,
    "(come back|return|follow[- ]?up|recheck|appointment|next visit|check ?up|see (me|us|you|her|him) (again|back|in))",
    /\b(?:my|since|last)\b|^it\b|^the (?:pain|cough|fever)/u,
  ],
  [3, "in (about )?<span>", own],
  [2, "for (about )?<span>", /\b(?:i|my|has|had|been|have)\b/u],
  [4, "if (you|it|the|there|her|his|she|he|they|symptoms|anything)", own],
  [3, "(until|unless)", own],
  [4, "<figure> (mg|mcg|g|mL|units?|puffs?|tablets?|pills?|capsules?|drops?)", own],
  [
    3,
    "((once|twice|\\d+ times) (a|per|each|every) (day|week|month)|every (\\d+ )?(hours?|morning|night|evening|other day|day))",
    own,
  ],
  [3, "(daily|as needed|with (food|meals|water)|at bedtime)", own],
  [4, "(prescri(be|bing|ption)|refer(ral|red)?|make sure|physical therapy)", own],
  [4, "^(no|less|more) ~4 (for|until)", own],
  [3, "^(increased?|decreased?|reduced?|continue|started?|stopped?|switch) \\w+", own],
  [2, "<procedure>", own],
];

export const cues: readonly Cue[] = Object.entries({ subjective, objective, assessment, plan } satisfies Record<
  SectionName,
  readonly Row[]
>).flatMap(([section, rows]) => rows.map((row) => toCue(section as SectionName, row)));

function toCue(section: SectionName, [weight, source, unless]: Row): Cue {
  return { section, weight, pattern: pattern(source), unless };
}

/** Anything clinical at all: a clause without it, and without a cue, is not worth a line. */
export const clinicalContent = pattern("(<part>|<symptom>|<condition>|<test>|<procedure>|<figure>)");
