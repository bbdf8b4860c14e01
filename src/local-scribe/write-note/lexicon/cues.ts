/**
 * What tells where a clause belongs, as plain patterns over its lower-case text (figures already written). Each adds its
 * weight to its section; the heaviest section wins. General clinical English only: nothing here knows any one visit.
 */
import type { SectionName } from "#model/note.ts";
import { bodyParts } from "./body.ts";
import { conditions, courses, signs, symptoms, tests, vitals } from "./findings.ts";
import { anyOf } from "./list.ts";
import { imperatives, orders } from "./verbs.ts";

/** `who` limits a cue: it counts only where "I/my" is absent ("clinician") or "you/your" is absent ("patient"). */
export type Cue = { section: SectionName; weight: number; pattern: RegExp; unless?: RegExp };

const part = anyOf(bodyParts);
const sign = anyOf(signs);
const symptom = anyOf(symptoms);
const condition = anyOf(conditions);
const vital = anyOf(vitals);
const test = anyOf(tests);
const order = anyOf(orders);
const imperative = anyOf(imperatives);
const course = anyOf(courses);

/** "Call me" and "let me know" are the clinician's. */
const own = "(?:i|my|i'd|myself|(?<!(?:call|see|tell|let|show|remind|with)\\s)me)";
const be = "(?:is|are|was|were|looks?|sounds?|feels?|seems?|appears?|remains?|shows?)";
const asideFromPatient = new RegExp(`\\b${own}\\b`, "u");
const span =
  "(?:\\d+|a|an|one|a few|a couple of|several|\\[unclear\\])(?:\\s+(?:to|or)\\s+\\d+)?\\s+(?:day|week|month|year|hour|minute)s?";
const will =
  "(?:(?:i|we)\\s+(?:will|am\\s+going\\s+to|are\\s+going\\s+to|need\\s+to|should|can|would\\s+like\\s+to|want\\s+to|have\\s+to|could)|let's|let\\s+us|i'd\\s+like\\s+to|i'm\\s+going\\s+to|going\\s+to)";

function cue(section: SectionName, weight: number, source: string, unless?: RegExp): Cue {
  return { section, weight, pattern: new RegExp(source, "u"), ...(unless && { unless }) };
}

const subjective: Cue[] = [
  cue("subjective", 3, `\\b${own}\\b`, /\b(?:you|your)\b/u),
  cue("subjective", 2, `\\b${own}\\b`),
  cue("subjective", 4, "\\ballerg(?:y|ic|ies)\\b"),
  cue(
    "subjective",
    4,
    "\\b(?:patient|he|she|they)\\s+(?:reports?|says?|said|states?|denies|denied|complains?|describes?|feels?|felt|noticed|notices)\\b",
  ),
  cue("subjective", 2, `\\b${symptom}\\b`),
  cue(
    "subjective",
    2,
    "\\b(?:ago|since|last\\s+(?:night|week|month|year)|yesterday|lately|recently|this\\s+morning|started|begins?|began|used\\s+to|sometimes|usually|at\\s+work|at\\s+home)\\b",
  ),
  cue("subjective", 1, `\\bfor\\s+(?:about\\s+|almost\\s+|over\\s+)?${span}\\b`),
  cue("subjective", 3, `^no\\s+(?:\\w+\\s+)?${symptom}\\b`),
  cue(
    "subjective",
    2,
    "^(?:he|she|it|they)\\s+(?:has|have|had|does|did|hurts?|itch(?:es)?|burns?|stops?|comes?|goes|gets|feels?|started|keeps?|won't|will\\s+not|has\\s+been|have\\s+been)\\b",
  ),
  cue(
    "subjective",
    2,
    "\\b(?:mother|father|brother|sister|wife|husband|son|daughter|grandmother|grandfather|parents?|family|runs\\s+in)\\b",
    /\bfamily doctor\b/u,
  ),
  cue(
    "subjective",
    2,
    "\\b(?:smok(?:e|es|ed|ing)|drinks?|alcohol|tobacco|cigarettes?|beers?|wine)\\b",
    /^(?:do\s+not|stop|quit|avoid|drink|no|please)\b|\byou\b/u,
  ),
];

const objective: Cue[] = [
  cue("objective", 6, `\\b${vital}\\b.*\\d`, asideFromPatient),
  cue(
    "objective",
    5,
    `^(?:your|her|his|the|their)\\s+(?:\\w+\\s+){1,3}(?:is|was)\\s+(?:about\\s+|at\\s+)?\\d`,
    asideFromPatient,
  ),
  cue("objective", 4, "\\b\\d{2,3}\\/\\d{2,3}\\b", asideFromPatient),
  cue(
    "objective",
    4,
    `\\b(?:your|her|his|the|both|left|right)\\s+(?:\\w+\\s+){0,3}${part}\\b.*\\b${be}\\b`,
    asideFromPatient,
  ),
  cue("objective", 3, `\\b${part}\\b\\s+${be}\\s+(?:\\w+\\s+){0,2}${sign}\\b`, asideFromPatient),
  cue("objective", 7, `^(?:your|you're)\\s+(?:\\S+\\s+){1,6}${be}\\s+(?:\\w+\\s+){0,2}${sign}\\b`),
  cue("objective", 3, `\\b(?:left|right)\\s+(?:\\w+\\s+){1,2}${be}\\s+(?:\\w+\\s+){0,2}${sign}\\b`, asideFromPatient),
  cue(
    "objective",
    8,
    `^i\\s+(?:can\\s+|do\\s+not\\s+|cannot\\s+)?(?:hear|see|feel|notice|find)\\b.*\\b(?:your|his|her|${sign})\\b`,
    /\b(?:my|me)\b|\bfeel\s+(?:hot|cold|warm|good|fine|weak|better|normal|okay|full|tight|stiff|numb|like)\b/u,
  ),
  cue(
    "objective",
    3,
    `^there\\s+(?:is|are|was)\\s+(?:\\S+\\s+){0,4}(?:${sign}|${part}|${symptom})\\b`,
    asideFromPatient,
  ),
  cue(
    "objective",
    4,
    `\\b(?:${sign})\\s+(?:in|on|of|over|around)\\s+(?:your|the|her|his)\\s+(?:\\w+\\s+){0,2}${part}\\b`,
    asideFromPatient,
  ),
  cue("objective", 3, `\\bon\\s+(?:exam|examination|inspection|palpation|auscultation)\\b`),
  cue(
    "objective",
    5,
    `\\b(?:the|your|her|his)\\s+(?:\\w+\\s+)?${test}\\s+(?:\\S+\\s+){0,2}(?:${be}|showed|came\\s+back|reads?)\\b`,
    asideFromPatient,
  ),
  cue("objective", 1, `^it\\s+(?:is|looks|feels|sounds)\\s+(?:\\w+\\s+){0,2}${sign}\\b`),
  cue("objective", 1, `^(?:no\\s+)?${sign}\\b`),
];

const assessment: Cue[] = [
  cue(
    "assessment",
    8,
    "\\bi\\s+(?:do\\s+not\\s+|really\\s+)?(?:think|believe|suspect)\\b",
    /\bthink\s+(?:i|my)\b|\b(?:think|believe)\s+(?:that\s+)?(?:we|you)\s+(?:should|need|can|could|must)\b/u,
  ),
  cue("assessment", 4, "\\b(?:looks?|seems?|appears?|sounds?)\\s+(?:like|to\\s+be)\\b", asideFromPatient),
  cue(
    "assessment",
    5,
    `\\byou\\s+(?:probably\\s+|likely\\s+|may\\s+|might\\s+|also\\s+|still\\s+|do\\s+|do\\s+not\\s+)*(?:have|had|are)\\s+(?:\\w+\\s+){0,4}${condition}\\b`,
    /^if\b|\bif\s+you\b/u,
  ),
  cue("assessment", 3, "^you\\s+(?:probably\\s+|likely\\s+|may\\s+|might\\s+|also\\s+)*have\\s+(?!to\\b)"),
  cue(
    "assessment",
    4,
    `^(?:he|she)\\s+(?:probably\\s+|likely\\s+|may\\s+|might\\s+)*(?:have|has)\\s+(?:\\w+\\s+){0,3}${condition}\\b`,
  ),
  cue(
    "assessment",
    4,
    `\\b(?:this|it|that|it's|that's)\\s+(?:is\\s+|may\\s+be\\s+|might\\s+be\\s+|could\\s+be\\s+)?(?:\\w+\\s+){0,4}${condition}\\b`,
    asideFromPatient,
  ),
  cue(
    "assessment",
    5,
    "\\b(?:most\\s+likely|probably|diagnosis|diagnosed|consistent\\s+with|caused\\s+by|rule\\s+out|due\\s+to)\\b",
    asideFromPatient,
  ),
  cue(
    "assessment",
    5,
    `^(?:your|her|his|the)\\s+(?:${vital}|${condition}|\\w+)\\s+(?:is|are)\\s+(?:\\w+\\s+){0,2}${course}\\b`,
    /\d|\b(?:pain|cough|fever|headache)\b/u,
  ),
  cue(
    "assessment",
    5,
    `^(?:your|her|his|the)\\s+(?:\\w+\\s+)?${condition}\\s+(?:is|are|has|seems|looks)\\b`,
    asideFromPatient,
  ),
  cue("assessment", 3, `\\b(?:has|have)\\s+(?:improved|worsened|resolved|cleared)\\b`, asideFromPatient),
];

const plan: Cue[] = [
  cue(
    "plan",
    4,
    `^(?:please\\s+|just\\s+|also\\s+|always\\s+|you\\s+can\\s+|first\\s+|\\[unclear\\]\\s+)?${imperative}\\b`,
    asideFromPatient,
  ),
  cue(
    "plan",
    5,
    "^(?:please\\s+)?(?:do\\s+not|don't|never|avoid)\\s+(?!know|remember|think|really|feel|have)\\w",
    asideFromPatient,
  ),
  cue(
    "plan",
    9,
    "\\b(?:want|like|need|asking|ask|recommend|advise|suggest)\\s+(?:that\\s+)?(?:you|her|him)\\b",
    /^(?:do|did|would)\s+you\b/u,
  ),
  cue("plan", 3, `\\b${will}\\b`),
  cue("plan", 5, `\\b${will}\\s+(?:\\w+\\s+)?${order}\\b`),
  cue(
    "plan",
    5,
    "\\byou\\s+(?:should|need\\s+to|must|have\\s+to|can|will\\s+need|may|ought|could|do\\s+not\\s+need|do\\s+not\\s+have\\s+to)\\b",
    /\b(?:may|might|could)\s+have\b|^if\b/u,
  ),
  cue(
    "plan",
    4,
    "\\b(?:come\\s+back|return|follow[\\s-]?up|followup|recheck|appointment|next\\s+visit|see\\s+(?:me|us|you|her|him)\\s+(?:again|back|in))\\b",
    /\b(?:my|since|last)\b|^it\b|^the\s+(?:pain|cough|fever)/u,
  ),
  cue("plan", 3, `\\bin\\s+(?:about\\s+)?${span}\\b`, asideFromPatient),
  cue("plan", 2, `\\bfor\\s+(?:about\\s+)?${span}\\b`, new RegExp(`\\b${own}\\b|\\b(?:has|had|been|have)\\b`, "u")),
  cue("plan", 4, "\\bif\\s+(?:you|it|the|there|her|his|she|he|they|symptoms|anything)\\b", asideFromPatient),
  cue("plan", 3, "\\b(?:until|unless)\\b", asideFromPatient),
  cue(
    "plan",
    4,
    `\\b\\d+(?:\\.\\d+)?\\s+(?:mg|mcg|g|mL|units?|puffs?|tablets?|pills?|capsules?|drops?)\\b`,
    new RegExp(`\\b${own}\\b`, "u"),
  ),
  cue(
    "plan",
    3,
    "\\b(?:(?:once|twice|\\d+\\s+times)\\s+(?:a|per|each|every)\\s+(?:day|week|month)|every\\s+(?:\\d+\\s+)?(?:hours?|morning|night|evening|other\\s+day|day)|daily|as\\s+needed|with\\s+(?:food|meals|water)|at\\s+bedtime)\\b",
    asideFromPatient,
  ),
  cue(
    "plan",
    4,
    "\\b(?:prescri(?:be|bing|ption)|refer(?:ral)?|referred|make\\s+sure|physical\\s+therapy)\\b",
    asideFromPatient,
  ),
  cue("plan", 4, `^(?:no|less|more)\\s+(?:\\w+\\s+){1,4}(?:for|until)\\b`, asideFromPatient),
  cue("plan", 3, `^(?:increased?|decreased?|reduced?|continue|started?|stopped?|switch)\\s`, asideFromPatient),
];

export const cues: readonly Cue[] = [...subjective, ...objective, ...assessment, ...plan];

/** Anything clinical at all: a clause without it, and without a cue, is not worth a line. */
export const clinicalContent = new RegExp(`\\b(?:${part}|${symptom}|${condition}|${test}|\\d+(?:\\.\\d+)?)\\b`, "u");
