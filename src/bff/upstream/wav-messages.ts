/** What passes between the clinic server and its WAV thread. */
import type { Problem } from "#model/problem.ts";

export type WavQuestion = { id: number; jobId: string; sequence: number; bytes: Uint8Array };
export type WavAnswer = { id: number; wav: Uint8Array } | { id: number; wav?: undefined; problem: Problem };
