/** The transcript in our words: from timed segments where the service gives them, else from its one text. */
import type { Transcript, Turn } from "#model/transcript.ts";
import type { MsaSession, MsaTranscriptSegment } from "#protocol/medscribealliance.ts";
import { transcriptOfText } from "#scribe/transcript-lines.ts";
import { templatesOf } from "./templates-of.ts";

/** Null when the session holds no transcript yet. */
export function transcriptOf(session: MsaSession): Transcript | null {
  const language = session.language_detected ?? null;
  if (session.transcript_segments) return { turns: session.transcript_segments.map(turnOfSegment), language };
  const asTemplate = templatesOf(session).get("transcript")?.value;
  const text = session.transcript ?? (typeof asTemplate === "string" ? asTemplate : undefined);
  return text === undefined ? null : transcriptOfText(text, language);
}

function turnOfSegment(segment: MsaTranscriptSegment): Turn {
  return {
    id: segment.id,
    speaker: segment.speaker,
    startMs: segment.start_ms,
    endMs: segment.end_ms,
    words: segment.words.map((word) => ({
      text: word.text,
      startMs: word.start_ms,
      endMs: word.end_ms,
      confidence: word.confidence,
      unclear: word.unclear,
    })),
  };
}
