/** Names of audio formats: which of a service's spellings means ours, and how such a file is called. */
import { problem } from "#model/problem.ts";
import type { OutgoingFile } from "./scribe.ts";

/** The service's own spelling of a format: some services compare it character by character. Undefined: it is not among them. */
export function spellingOf(mimeType: string, formats: string[]): string | undefined {
  const wanted = plain(mimeType);
  return (
    formats.find((format) => plain(format) === wanted) ?? formats.find((format) => plain(format) === bareType(mimeType))
  );
}

/** Like `spellingOf`; throws `scribe_refused` for a format the service does not take. */
export function declaredFormat(mimeType: string, formats: string[]): string {
  const format = spellingOf(mimeType, formats);
  if (format === undefined) throw problem("scribe_refused", { detail: "the service does not take this audio format" });
  return format;
}

/** A file in a format that the service takes; `toWav` is for one that takes WAV and not what came. */
export function inTakenFormat(file: OutgoingFile, formats: string[], toWav: FileToWav | undefined): OutgoingFile {
  const asIs = spellingOf(file.mimeType, formats);
  if (asIs !== undefined) return { ...file, mimeType: asIs };
  const wav = spellingOf("audio/wav", formats);
  if (wav === undefined || toWav === undefined) return { ...file, mimeType: declaredFormat(file.mimeType, formats) };
  return { ...toWav(file), mimeType: wav };
}

/** Turns a file into WAV as it passes; its size is known beforehand. */
export type FileToWav = (file: OutgoingFile) => OutgoingFile;

/** `audio_3.webm`: the place from zero, not padded (MedScribeAlliance §7). */
export function fileNameOf(sequence: number, mimeType: string): string {
  return `audio_${sequence}.${extensionOf(mimeType)}`;
}

export function extensionOf(mimeType: string): string {
  const subtype = bareType(mimeType).split("/")[1] ?? "webm";
  return subtype.replace(/^x-/u, "").replace("mpeg", "mp3");
}

function plain(mimeType: string): string {
  return mimeType.toLowerCase().replace(/\s/gu, "");
}

function bareType(mimeType: string): string {
  return plain(mimeType).split(";")[0] ?? "";
}
