/**
 * The medicines of a visit, with what was said about each. In: the placed statements. Out: one entry per medicine, empty
 * fields null. Only a name that is known as a medicine makes an entry; allergies, medicines refused and medicines of the
 * past make none. An unclear word fills no field.
 */
import type { Medication } from "#model/note.ts";
import type { Placed } from "./classify.ts";
import { isDrugName, longNames } from "./lexicon/drugs.ts";
import { actionIn, dosageIn, frequencyIn, instructionsIn, routeIn } from "./medication-parts.ts";
import { shown } from "./words.ts";

type Mention = { medication: Medication; isOrdered: boolean };
type Named = { name: string; from: number; to: number };

/** Every medicine named as taken, ordered or stopped, in the order first said. */
export function findMedications(placed: readonly Placed[]): Medication[] {
  const byName = new Map<string, Mention>();
  for (const line of placed) {
    for (const mention of mentionsIn(line)) {
      const key = mention.medication.name;
      const earlier = byName.get(key);
      byName.set(key, earlier ? merge(earlier, mention) : mention);
    }
  }
  return [...byName.values()].map(({ medication }) => medication);
}

const notTaken = /\b(?:allerg\w*|reaction|intoleran\w*)\b/u;
const refused = /\b(?:do not|don't|never|avoid|without|no more|instead of|not|cannot)\b/u;
const past = /\b(?:stopped|quit|used to|tried|ran out|took|was on|was taking|had|gave)\b/u;
const takes = /\b(?:takes?|taking|on|uses?|using)\b/u;

function mentionsIn({ statement, section }: Placed): Mention[] {
  const words = statement.clause.tokens.map(shown);
  const asked = statement.question?.tokens.map(shown) ?? [];
  if (notTaken.test([...asked, ...words].join(" "))) return [];
  const isOrdered = section === "plan" && statement.question === undefined;
  if (isOrdered) return regionsOf(words).flatMap((region) => orderedMention(region, words));
  if (section !== "subjective" || statement.polarity === "no" || statement.polarity === "unclear") return [];
  return takenMentions(asked, words, statement.polarity);
}

/** What the patient says to take: "I take metformin", or a yes to "do you take ibuprofen". */
function takenMentions(asked: readonly string[], answer: readonly string[], polarity: string | undefined): Mention[] {
  const said = [...(polarity === "yes" ? asked : []), ...answer];
  const text = said.join(" ");
  if (past.test(text) || refused.test(text.replace(/\bbut\b.*/u, "")) || !takes.test(text)) return [];
  return regionsOf(said).map((region) => ({ medication: toMedication(region, null), isOrdered: false }));
}

/** A medicine with the words that speak of it; `lead` are those that lead to it, also through a list ("stop A and B"). */
type Region = Named & { words: string[]; lead: string };

function orderedMention({ lead, ...region }: Region, words: readonly string[]): Mention[] {
  if (/\[unclear\] (?:take|takes|taking|use|start|stop)\b(?!.*\b(?:take|use|start|stop)\b)/u.test(lead)) return [];
  const action = actionIn(lead);
  const isEnded = action === "stop" || action === "hold";
  if (!isEnded && refused.test(lead)) return [];
  const isCondition = /^(?:if|when) (?:the|your)\b/u.test(words.join(" "));
  if (isCondition && action === null && dosageIn(region.words) === null) return [];
  return [{ medication: toMedication(region, action), isOrdered: true }];
}

/** "and ibuprofen": what was said of the medicine before it is said of this one too. */
function isListed(before: readonly string[]): boolean {
  return before.every((word) => /^(?:and|or|nor|the|your|a|an|some|any)$/u.test(word));
}

function regionsOf(words: readonly string[]): Region[] {
  const named = namesIn(words);
  let lead = "";
  return named.map((name, index) => {
    const from = index === 0 ? 0 : breakBefore(words, named[index - 1]?.to ?? 0, name.from);
    const following = named[index + 1];
    const to = following ? breakBefore(words, name.to, following.from) : words.length;
    const before = words.slice(from, name.from);
    lead = index > 0 && isListed(before) ? lead : before.join(" ");
    return { ...name, words: words.slice(from, to), lead };
  });
}

/** Between two medicines: the last "and", "or", "then" or "instead" before the second, else the second itself. */
function breakBefore(words: readonly string[], after: number, next: number): number {
  for (let at = next - 1; at > after; at -= 1)
    if (/^(?:and|or|then|but|instead|with)$/u.test(words[at] ?? "")) return at;
  return next;
}

function namesIn(words: readonly string[]): Named[] {
  const found: Named[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const long = longNames.find((name) => words.slice(at, at + name.split(" ").length).join(" ") === name);
    const to = long === undefined ? at : at + long.split(" ").length - 1;
    if (long === undefined && !isDrugName(words[at] ?? "")) continue;
    found.push({ name: long ?? words[at] ?? "", from: at, to });
    at = to;
  }
  return found;
}

function toMedication(region: Named & { words: string[] }, action: Medication["action"]): Medication {
  const text = region.words.join(" ");
  return {
    name: region.name,
    dosage: dosageIn(region.words),
    frequency: frequencyIn(text),
    route: routeIn(text),
    instructions: instructionsIn(text),
    action,
  };
}

/**
 * Two mentions of one medicine. An order that changes it ("increase", "stop", another dose) stands as said and nothing
 * of before is mixed in; otherwise each fills what the other left out.
 */
function merge(earlier: Mention, later: Mention): Mention {
  if (later.isOrdered && isChange(earlier.medication, later)) return later;
  const [old, fresh] = [earlier.medication, later.medication];
  return {
    isOrdered: earlier.isOrdered || later.isOrdered,
    medication: {
      name: fresh.name,
      dosage: fresh.dosage ?? old.dosage,
      frequency: both(old.frequency, fresh.frequency),
      route: fresh.route ?? old.route,
      instructions: both(old.instructions, fresh.instructions),
      action: fresh.action ?? old.action,
    },
  };
}

function isChange(old: Medication, { medication: fresh }: Mention): boolean {
  const isNewDose = fresh.dosage !== null && old.dosage !== null && fresh.dosage !== old.dosage;
  return isNewDose || (fresh.action !== null && fresh.action !== "continue" && fresh.action !== old.action);
}

function both(first: string | null, second: string | null): string | null {
  if (first === null || second === null || first === second) return second ?? first;
  return `${second}, ${first}`;
}
