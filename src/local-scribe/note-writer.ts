/** The port to whatever turns a transcript into a note. */
import type { Medication, Note } from "#model/note.ts";
import type { Transcript } from "#model/transcript.ts";

export type WrittenNote = { note: Note; medications: Medication[] };

export type NoteWriter = {
  /** Shown to people as the origin of the note. */
  name: string;
  /** Writes only what the transcript supports; rejects with a ProblemError when it cannot. */
  write(transcript: Transcript): Promise<WrittenNote>;
};
