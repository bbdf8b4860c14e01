/**
 * A whole visit for a service that takes one file. In: the visit's files, several where its recordings are in different formats.
 * Out: one. Files that cannot be joined as they are are decoded and become one WAV, so that no part is left out.
 */
import { AudioSampleSink, BufferSource, Input, MP4, WAVE, WEBM, type AudioSample } from "mediabunny";
import { problem } from "#model/problem.ts";
import { createResampler, wavRate } from "#visit/journal/resample.ts";
import type { WholeFile } from "#visit/journal/whole.ts";
import { writeWav } from "#visit/journal/write-wav.ts";

export type OneFile = Pick<WholeFile, "mimeType" | "bytes">;

/** `formats_differ` when this browser cannot decode one of them. */
export async function oneFile(files: readonly WholeFile[]): Promise<OneFile> {
  const [first] = files;
  if (first !== undefined && files.length === 1) return first;
  let pieces: Uint8Array[] = [];
  try {
    for (const file of files) pieces = pieces.concat(await samplesOf(file));
  } catch (cause) {
    throw problem("formats_differ", {}, cause);
  }
  return { mimeType: "audio/wav", bytes: writeWav(pieces) };
}

/** A decoder may keep back what it needs to begin with. */
const mayLackMs = 100;

/** Little-endian, at 16 kHz. Throws for a file of which not everything can be decoded. */
async function samplesOf({ bytes, durationMs }: WholeFile): Promise<Uint8Array[]> {
  using input = new Input({ source: new BufferSource(bytes), formats: [WEBM, MP4, WAVE] });
  const track = await input.getPrimaryAudioTrack();
  if (track === null || !(await track.canDecode())) throw new Error("cannot be decoded");
  const resampler = createResampler(track.sampleRate);
  const pieces: Int16Array<ArrayBuffer>[] = [];
  for await (const sample of new AudioSampleSink(track).samples()) {
    if (sample.sampleRate !== track.sampleRate) throw new Error("another rate than it says");
    pieces.push(resampler.push(oneChannel(sample)));
    sample.close();
  }
  pieces.push(resampler.end());
  const samples = pieces.reduce((sum, { length }) => sum + length, 0);
  if ((samples * 1000) / wavRate < durationMs - mayLackMs) throw new Error("not all of it was decoded");
  return pieces.map(({ buffer }) => new Uint8Array(buffer));
}

function oneChannel(sample: AudioSample): Float32Array {
  const { numberOfFrames, numberOfChannels } = sample;
  const mixed = new Float32Array(numberOfFrames);
  const plane = new Float32Array(numberOfFrames);
  for (let planeIndex = 0; planeIndex < numberOfChannels; planeIndex += 1) {
    sample.copyTo(plane, { planeIndex, format: "f32-planar" });
    for (const [index, value] of plane.entries()) mixed[index] = (mixed[index] ?? 0) + value / numberOfChannels;
  }
  return mixed;
}
