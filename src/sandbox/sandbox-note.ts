/** What the sandbox scribes write when they have no ears: they invent nothing, the note says what arrived, and who wrote it. */
export type Arrived = { files: number; bytes: number };

export type SandboxNote = {
  soap: { subjective: string; objective: string; assessment: string; plan: string };
  medications: Record<string, unknown>[];
  transcript: string;
};

/** A visit told in words, for tests that need a note: it stands in place of what was not heard. */
export type VisitScript = SandboxNote;

export function sandboxNote({ files, bytes }: Arrived, script: VisitScript | undefined): SandboxNote {
  if (script !== undefined) return script;
  const sentence = `Sandbox scribe: ${files} audio files with ${bytes} bytes arrived, and nobody listened to them.`;
  return {
    soap: { subjective: sentence, objective: "", assessment: "", plan: "" },
    medications: [],
    transcript: sentence,
  };
}

/** Says beside its form whether anybody listens. */
export function serviceName(hear: unknown, form: string): string {
  return `Sandbox scribe, ${form}${hear === undefined ? " (hears nothing)" : ""}`;
}
