/** The environment, read once. A missing or malformed setting stops the start with the name of the setting. */
import { z } from "zod";

const Config = z.object({
  LOCAL_SCRIBE_HOST: z.string().default("127.0.0.1"),
  LOCAL_SCRIBE_PORT: z.coerce.number().int().min(0).max(65_535).default(8400),
  LOCAL_SCRIBE_DATA_DIR: z.string().default(".chartside/local-scribe"),
  /** Where clients reach this server, when that is not where their requests say. */
  LOCAL_SCRIBE_PUBLIC_URL: z.url().optional(),
  /** Several at once, so that keys can be changed without a pause. */
  LOCAL_SCRIBE_API_KEYS: z
    .string()
    .default("sk_test_chartside")
    .transform((list) => list.split(",").map((key) => key.trim()))
    .refine((keys) => keys.every((key) => key.length >= 8), "every key needs 8 characters"),
  LOCAL_SCRIBE_SPEECH: z.enum(["pocketsphinx", "openai"]).default("pocketsphinx"),
  /** How often pocketsphinx hears each session, to tell sure words from unsure ones; each take is one more thread of work, 1 marks none. */
  LOCAL_SCRIBE_TAKES: z.coerce.number().int().min(1).max(8).default(3),
  LOCAL_SCRIBE_SPEECH_URL: z.url().optional(),
  LOCAL_SCRIBE_SPEECH_KEY: z.string().optional(),
  LOCAL_SCRIBE_SPEECH_MODEL: z.string().default("whisper-1"),
  /** Whether pocketsphinx also gets the words of vocabulary/ (medicines, clinical terms). */
  LOCAL_SCRIBE_VOCABULARY: z.enum(["clinical", "plain"]).default("clinical"),
  LOCAL_SCRIBE_WRITER: z.enum(["extractive", "openai"]).default("extractive"),
  LOCAL_SCRIBE_WRITER_URL: z.url().optional(),
  LOCAL_SCRIBE_WRITER_KEY: z.string().optional(),
  LOCAL_SCRIBE_WRITER_MODEL: z.string().optional(),
  /** "1" keeps the audio of finished sessions on this disk, for clinics that agreed to it and for tests; otherwise it is erased. */
  LOCAL_SCRIBE_KEEP_AUDIO: z.enum(["0", "1"]).default("0"),
  /** The longest session, in audio and by the clock, as announced to clients; absent: 3 h for visits, 10 min for dictation. */
  LOCAL_SCRIBE_MAX_SESSION_SECONDS: z.coerce.number().positive().optional(),
  /** A session that is not ended so long after its creation expires; absent: at the longest session. */
  LOCAL_SCRIBE_SESSION_EXPIRY_SECONDS: z.coerce.number().positive().optional(),
  CHARTSIDE_CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
});
export type Config = z.infer<typeof Config>;

/** Parses the environment; throws an error that lists the settings at fault. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = Config.safeParse(env);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`Configuration: ${faults.join("; ")}`);
}

/** A setting that another setting makes necessary. */
export function required(config: Config, name: keyof Config): string {
  const value = config[name];
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`Configuration: ${name}: is needed with the other settings`);
}
