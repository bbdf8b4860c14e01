/** A few seconds of the microphone, played back from memory. Nothing of it is stored. */
import { toDecibels, type Level } from "./level.ts";
import { startRecorder } from "./recorder.ts";

/** Levels in dBFS. */
export type MicrophoneTest = { rms: number; peak: number; play(): Promise<void> };

export type TestParts = {
  stream: MediaStream;
  durationMs: number;
  onLevel(listener: (level: Level) => void): () => void;
};

export async function testMicrophone({ stream, durationMs, onLevel }: TestParts): Promise<MicrophoneTest> {
  const slices: Blob[] = [];
  const levels: Level[] = [];
  const stopListening = onLevel((level) => levels.push(level));
  const recorder = startRecorder(stream, (slice) => slices.push(slice));
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  await recorder.stop();
  stopListening();
  return { ...summary(levels), play: () => play(new Blob(slices)) };
}

function summary(levels: readonly Level[]): { rms: number; peak: number } {
  const power = levels.reduce((sum, level) => sum + 10 ** (level.rms / 10), 0) / Math.max(1, levels.length);
  return { rms: toDecibels(Math.sqrt(power)), peak: Math.max(toDecibels(0), ...levels.map((level) => level.peak)) };
}

/** Resolves when it has been heard to the end. */
async function play(recording: Blob): Promise<void> {
  const context = new AudioContext();
  const source = context.createBufferSource();
  source.buffer = await context.decodeAudioData(await recording.arrayBuffer());
  source.connect(context.destination);
  source.start();
  await new Promise((resolve) => source.addEventListener("ended", resolve));
  await context.close();
}
