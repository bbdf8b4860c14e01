/**
 * Words a statement the way a note is written, by safe mechanical steps only: no subject for the patient's own "I" and
 * "my", a capital, a full stop. Every word that carries meaning stays as spoken. What cannot be turned safely stays in
 * the first person.
 */
import type { SectionName } from "#model/note.ts";
import { acronyms, properWords } from "./lexicon/capitals.ts";
import { brands } from "./lexicon/drugs.ts";
import { irregularPasts, plainVerbs, thirdPerson } from "./lexicon/verbs.ts";
import type { Placed } from "./classify.ts";
import type { Statement } from "./answers.ts";
import { isYesNoQuestion } from "./questions.ts";
import { shown, unclearMark } from "./words.ts";

/** One line of the note. */
export function phrase({ statement, section }: Placed): string {
  const said = wordsOf(statement, section);
  const line = statement.question ? withTopic(statement, said) : said;
  return finish(withoutRepeats(line));
}

function wordsOf(statement: Statement, section: SectionName): string[] {
  const words = statement.clause.tokens.map(shown);
  const whole = joinLetters(words);
  return trimEnds(section === "subjective" ? withoutSelf(whole) : asClinician(whole, section));
}

/** "Allergic to any medicine: no.", "Walks on it: yes, but it is swollen." */
function withTopic(statement: Statement, said: readonly string[]): string[] {
  const polarity = statement.polarity === "unclear" ? unclearMark : statement.polarity;
  const question = statement.question;
  const asked = question ? topicOf(joinLetters(question.tokens.map(shown)), isYesNoQuestion(question)) : [];
  const topic = withoutRepeats(asked);
  const answer = polarity === undefined ? [...said] : [said.length > 0 ? `${polarity},` : polarity, ...said];
  return [...topic.slice(0, -1), `${topic.at(-1) ?? ""}:`, ...answer];
}

const frontNoise = /^(?:and|then|so|but|like|just|though|now|well|or|also) /u;

/** What a question asks about, without its asking words. */
function topicOf(words: readonly string[], isYesNo: boolean): string[] {
  const text = words.join(" ").replace(frontNoise, "");
  if (!isYesNo) return withoutYour(text.split(" "));
  const bare = text
    .replace(
      /^(?:(?:do|does|did) (?:you|he|she|they|we) (?:still |also |ever )?have|have you got|is there|are there) (?:any |an? |some )?(?=\S)/u,
      "",
    )
    .replace(/^any (?=\S)/u, "");
  if (bare !== text) return withoutYour(bare.split(" "));
  return withoutYour(withoutAsking(text.split(" ")));
}

/** "do you smoke" is smokes, "does the pain go" pain goes, "are you taking" taking, "can you walk" can walk. */
function withoutAsking(words: string[]): string[] {
  const [asking = "", subject = "", ...rest] = words;
  const isPerson = /^(?:you|he|she|they|it)$/u.test(subject);
  const named = isPerson ? [] : [subject];
  if (/^(?:do|does)$/u.test(asking)) return withoutArticle([...named, ...withInflectedVerb(rest)]);
  if (/^(?:did|are|is|was|were|have|has|had)$/u.test(asking)) return withoutArticle([...named, ...rest]);
  return isPerson && /^(?:can|could|will|would|should)$/u.test(asking) ? [asking, ...rest] : words;
}

function withInflectedVerb(words: readonly string[]): string[] {
  const at = words.slice(0, 3).findIndex((word) => plainVerbs.has(word));
  return words.map((word, index) => (index === at ? thirdPerson(word) : word));
}

function withoutArticle(words: string[]): string[] {
  return words[0] === "the" || words[0] === "your" ? words.slice(1) : words;
}

function withoutYour(words: string[]): string[] {
  return words.filter((word) => word !== "your" && word !== "");
}

const unchanged = new Set("was had did could can cannot would will should may might must used".split(" "));
const adverbs = new Set(
  "also just usually often sometimes still always never really only already mostly recently probably now".split(" "),
);

/** The patient's words without "I" and "my"; as spoken when a later "I", "me" or an unknown verb stands in the way. */
function withoutSelf(words: readonly string[]): string[] {
  const turned: string[] = [];
  let at = 0;
  while (at < words.length) {
    const word = words[at] ?? "";
    if (/^(?:me|myself|mine|i'd)$/u.test(word)) return [...words];
    if (word === "i") {
      const taken = isDroppable(words, at) ? thirdPersonAt(words, at + 1) : undefined;
      if (!taken) return [...words];
      turned.push(...taken.words);
      at = taken.next;
    } else {
      if (word !== "my" || boundsDenial(words, at)) turned.push(word);
      at += 1;
    }
  }
  return turned;
}

/** "No swelling in your ankles": after a "no" the possessive stays, it ends what is denied. */
function boundsDenial(words: readonly string[], at: number): boolean {
  return words.slice(Math.max(0, at - 4), at).some((word) => /^(?:no|not|never|cannot)\b/u.test(word));
}

/** At the start, or after "and" or "but" when the sentence began with it. */
function isDroppable(words: readonly string[], at: number): boolean {
  if (at === 0) return true;
  return /^(?:and|but)$/u.test(words[at - 1] ?? "") && (words[0] === "i" || words[0] === "but" || at === 1);
}

function thirdPersonAt(words: readonly string[], from: number): { words: string[]; next: number } | undefined {
  const adverb = words[from] ?? "";
  if (adverbs.has(adverb)) {
    const rest = thirdPersonAt(words, from + 1);
    return rest && { words: [adverb, ...rest.words], next: rest.next };
  }
  const verb = turnedVerb(adverb);
  return verb === undefined ? undefined : { words: [verb], next: from + 1 };
}

function turnedVerb(verb: string): string | undefined {
  if (verb === "am") return "is";
  if (unchanged.has(verb) || (irregularPasts.has(verb) && !plainVerbs.has(verb))) return verb;
  if (/[a-z]{2}ed$/u.test(verb) && !plainVerbs.has(verb)) return verb;
  if (plainVerbs.has(verb) || verb === "have") return isPastToo(verb) ? verb : thirdPerson(verb);
  return undefined;
}

/** "hurt", "cut", "quit": past and present look the same, so they stay. */
function isPastToo(verb: string): boolean {
  return plainVerbs.has(verb) && irregularPasts.has(verb);
}

const leadPhrases =
  /^(?:please |(?:i|we) (?:want|need) you to |i would like you to |i'd like you to |(?:and|so|then|also) )+(?=\S)/u;

/** The clinician's words: "your" goes from what was found, "please" and "I want you to" from what was ordered. */
function asClinician(words: readonly string[], section: SectionName): string[] {
  if (section === "plan") return words.join(" ").replace(leadPhrases, "").split(" ").filter(Boolean);
  if (section === "objective") return words.filter((word, at) => word !== "your" || boundsDenial(words, at));
  return words[0] === "your" ? words.slice(1) : [...words];
}

const loose = /^(?:and|but|or|the|a|an|of|to|for|with|then|per|your|is|i)$/u;

/** Stuttered, or one mark after another: written once. */
const repeated = /^(?:\[unclear\]|i|the|a|to|and|is|it|you|we|in|of)$/u;

function withoutRepeats(words: readonly string[]): string[] {
  return words.filter((word, index) => word !== words[index - 1] || !repeated.test(word));
}

/** A word that leads nowhere at the end of a clause ("... and") is cut off; marks beside each other become one. */
function trimEnds(words: readonly string[]): string[] {
  const kept = [...words];
  while (kept.length > 2 && loose.test(kept.at(-1) ?? "")) kept.pop();
  return kept;
}

function finish(words: readonly string[]): string {
  const text = words
    .map((word) => (brands.has(word) || properWords.has(word) ? capitalised(word) : word))
    .map((word) => (/^i(?:'|$)/u.test(word) ? capitalised(word) : (acronyms.get(word) ?? word)))
    .join(" ")
    .replaceAll(/\bx ray(s?)\b/gu, "x-ray$1");
  return `${capitalised(text)}.`;
}

/** "m r i" is MRI: letters spelled one by one, where they spell something known. */
function joinLetters(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const length = [3, 2].find((count) => acronyms.has(words.slice(at, at + count).join(" ")));
    if (length === undefined) joined.push(words[at] ?? "");
    else {
      joined.push(acronyms.get(words.slice(at, at + length).join(" ")) ?? "");
      at += length - 1;
    }
  }
  return joined;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
