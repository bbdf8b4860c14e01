/**
 * What a client may ask for. Both models run the same engines; they differ in how long a session may be. `expiryMs`: how long after
 * its creation one that was not ended expires.
 */
export type ScribeModel = { id: string; displayName: string; maxSessionMs: number; expiryMs?: number };

export const defaultModels: ScribeModel[] = [
  { id: "pro", displayName: "Visit", maxSessionMs: 3 * 3_600_000 },
  { id: "lite", displayName: "Dictation", maxSessionMs: 600_000 },
];

/** The models within limits of one's own. */
export function limitModels(limits: { maxSessionMs: number | undefined; expiryMs: number | undefined }): ScribeModel[] {
  const { maxSessionMs = Number.POSITIVE_INFINITY, expiryMs } = limits;
  return defaultModels.map((model) => ({
    ...model,
    maxSessionMs: Math.min(model.maxSessionMs, maxSessionMs),
    ...(expiryMs !== undefined && { expiryMs }),
  }));
}

export const templates = [
  { id: "soap", name: "SOAP note", description: "Subjective, objective, assessment and plan as free text" },
  { id: "medications", name: "Medications", description: "Drugs that were spoken of, with dose, frequency and action" },
  { id: "transcript", name: "Transcript", description: "The words as heard" },
];

/** The engine's models and the writers know one language. */
export const languages = ["en"];

/** MedScribeAlliance §7: 20 s; clients that cut by a timer overshoot a little. */
export const maxChunkSeconds = 20;
export const longestChunkMs = maxChunkSeconds * 1000 + 1000;
export const maxChunkBytes = 1024 * 1024;
export const maxSingleBytes = 100 * 1024 * 1024;
