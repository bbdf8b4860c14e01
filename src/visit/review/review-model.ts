/** What the review screen knows at one moment, computed from the text, the transcript and the draft. Pure. */
import type { Check, EvidenceSpan, SentenceEvidence } from "#model/evidence.ts";
import { findEvidence } from "#model/find-evidence.ts";
import { findFollowUps } from "#model/find-follow-ups.ts";
import type { FollowUpRequest } from "#model/follow-up.ts";
import { type Note, type SectionName, sentencesOf } from "#model/note.ts";
import type { Transcript } from "#model/transcript.ts";
import type { ShownMark } from "./marks.tsx";

export type ShownSentence = SentenceEvidence & { key: string; shown: ShownMark };

export type ReviewModel = {
  sentences: Record<SectionName, ShownSentence[]>;
  checks: Check[];
  followUps: FollowUpRequest[];
};

export type ReviewInput = {
  transcript: Transcript;
  draft: Note;
  note: Note;
  /** Lines of the assessment that came from a suggested code. */
  codeLines?: ReadonlySet<string>;
};

/** A sentence that the draft does not hold and that the transcript does not carry is the clinician's own. */
export function reviewOf(input: ReviewInput): ReviewModel {
  const { sentences, checks } = findEvidence(input.transcript, input.note);
  const drafted = new Set(sentencesOf(input.draft).map((sentence) => `${sentence.section}:${sentence.text}`));
  const shown = sentences.map((sentence): ShownSentence => {
    const isDrafted = drafted.has(`${sentence.section}:${sentence.text}`);
    const isOwn = !isDrafted && sentence.mark !== "supported";
    const isCode = sentence.section === "assessment" && input.codeLines?.has(sentence.text) === true;
    const mark = isCode ? "coded" : isOwn ? "edited" : sentence.mark;
    return { ...sentence, key: `${sentence.section}:${sentence.index}`, shown: mark };
  });
  const own = new Set(shown.filter(({ shown: mark }) => mark === "edited" || mark === "coded").map(({ text }) => text));
  return {
    sentences: bySection(shown),
    checks: checks.filter((check) => check.kind !== "unsupported_sentence" || !own.has(check.quote)),
    followUps: findFollowUps(input.note.plan),
  };
}

function bySection(sentences: readonly ShownSentence[]): Record<SectionName, ShownSentence[]> {
  const of = (section: SectionName): ShownSentence[] => sentences.filter((sentence) => sentence.section === section);
  return { subjective: of("subjective"), objective: of("objective"), assessment: of("assessment"), plan: of("plan") };
}

/** Is the word at `index` of that turn inside one of the spans? */
export function isInSpans(spans: readonly EvidenceSpan[], turnId: string, index: number): boolean {
  return spans.some((span) => span.turnId === turnId && index >= span.from && index <= span.to);
}
