/** The transcript in our words: from timed segments where the service gives them, else from lines like "Doctor: ...". */
import type { Speaker, Transcript, Turn, Word } from "#model/transcript.ts";
import type { MsaSession, MsaTranscriptSegment } from "#protocol/medscribealliance.ts";

/** Null when the session holds no transcript yet. */
export function transcriptOf(session: MsaSession): Transcript | null {
  const language = session.language_detected ?? null;
  if (session.transcript_segments) return { turns: session.transcript_segments.map(turnOfSegment), language };
  if (session.transcript === undefined || session.transcript === null) return null;
  const lines = session.transcript.split("\n").filter((line) => line.trim() !== "");
  return { turns: lines.map(turnOfLine), language };
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

const speakers: Record<string, Speaker> = {
  doctor: "clinician",
  clinician: "clinician",
  physician: "clinician",
  provider: "clinician",
  nurse: "clinician",
  patient: "patient",
};

/** §8.4: lines `Doctor: ...` and `Patient: ...`, without times. A name we do not know stays part of the text. */
function turnOfLine(line: string, index: number): Turn {
  const label = /^\s*([A-Za-z]+)\s*:\s*/u.exec(line);
  const name = label?.[1]?.toLowerCase() ?? "";
  const speaker = Object.hasOwn(speakers, name) ? speakers[name] : undefined;
  const text = label && speaker ? line.slice(label[0].length) : line;
  return { id: `line-${index}`, speaker: speaker ?? "unknown", startMs: null, endMs: null, words: wordsOf(text) };
}

function wordsOf(text: string): Word[] {
  const words = text.split(/\s+/u).filter((word) => word !== "");
  return words.map((word) => ({ text: word, startMs: null, endMs: null, confidence: null, unclear: false }));
}
