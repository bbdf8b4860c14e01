/** The environment, read once. A missing or malformed setting stops the start with the name of the setting. */
import { z } from "zod";
import { ScribeServices } from "./scribe-services.ts";
import { VisitId } from "#model/id.ts";
import { CodifyModel } from "#protocol/codify.ts";

const Settings = z.object({
  CHARTSIDE_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  CHARTSIDE_HOST: z.string().default("127.0.0.1"),
  /** The one origin the browser uses, e.g. `https://chartside.clinic.example`. */
  CHARTSIDE_ORIGIN: z.url().default("http://localhost:3000"),
  /** The proxies whose `X-Forwarded-For` names the client in the audit: addresses or networks, comma-separated. */
  CHARTSIDE_TRUSTED_PROXIES: z.string().default("loopback"),
  CHARTSIDE_DATA_DIR: z.string().default(".chartside/bff"),
  CHARTSIDE_STATIC_DIR: z.string().default("dist"),
  /**
   * 32 bytes, base64: seals OpenEMR's tokens. Several, comma-separated: the first seals, all open. Made and kept in the
   * data directory when absent.
   */
  CHARTSIDE_SEAL_KEY: z.string().optional(),
  CHARTSIDE_CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
  /** JSON `[{role, username, password}]`, shown on the sign-in page: for a chart with invented patients only. */
  CHARTSIDE_DEMO_ACCOUNTS: z.string().optional(),
  /** JSON, see src/bff/openemr/booking-rules.ts: working hours, breaks, notice. Absent: Monday to Friday 8 to 17. */
  CHARTSIDE_BOOKING_RULES: z.string().optional(),
  /** After this long without input a workstation covers its screen. */
  CHARTSIDE_WORKSTATION_IDLE_MS: z.coerce.number().int().min(5_000).max(3_600_000).default(300_000),
  /** Days that a visit's audio stays on the device after its note is signed, 0 to 90. */
  CHARTSIDE_AUDIO_RETENTION_DAYS: z.coerce.number().int().min(0).max(90).default(0),
  /**
   * Who holds the keys of audio on the devices. `device`: the browser, so that a crash is recovered without network. `wrapped`:
   * at rest the device holds nothing readable, and after a crash this server unwraps the key for the visit's clinician.
   */
  CHARTSIDE_JOURNAL_KEYS: z.enum(["device", "wrapped"]).default("device"),
  /** A key pair older than this is followed by a new one at the next start; older ones open what they wrapped for ever. */
  CHARTSIDE_JOURNAL_KEY_DAYS: z.coerce.number().int().min(1).default(365),
  /** Visits whose audio no device may erase, whatever the days say: their ids, comma-separated. */
  CHARTSIDE_LEGAL_HOLD: z
    .string()
    .default("")
    .transform((list) => list.split(",").flatMap((id) => (id.trim() === "" ? [] : [id.trim()])))
    .pipe(z.array(VisitId)),
  CLINIC_NAME: z.string().default("Chartside Clinic"),
  CLINIC_TIME_ZONE: z.string().default("America/New_York"),
  OPENEMR_URL: z.url().default("http://127.0.0.1:8300"),
  OPENEMR_SITE: z.string().default("default"),
  OPENEMR_CLIENT_ID: z.string().default("chartside-sandbox"),
  OPENEMR_CLIENT_SECRET: z.string().default("chartside-sandbox-secret"),
  /** Asks OpenEMR for exactly this; absent: what this server lists of what Chartside uses (auth/scopes.ts). */
  OPENEMR_SCOPE: z.string().min(1).optional(),
  /**
   * `on`: background work may ask OpenEMR for a token of its own (client credentials, signed with a key that is kept sealed in the
   * data directory and was given to OpenEMR by `openemr:register`). Released versions let such a token read over FHIR alone.
   */
  OPENEMR_CLIENT_ASSERTION: z.enum(["off", "on"]).default("off"),
  /** Facility and billing location ids for new appointments and encounters (facts/openemr.md 4.1). */
  OPENEMR_FACILITY_ID: z.string().default("3"),
  OPENEMR_VISIT_CATEGORY: z.string().default("5"),
  /**
   * What is also put among the patient's documents as PDF once the note is filed and verified: `note`, `summary` (what the patient
   * takes home), both comma-separated, or nothing. On 7.0 and 8.0 the front office can read documents.
   */
  OPENEMR_DOCUMENTS: z
    .string()
    .default("")
    .transform((list) => list.split(",").flatMap((kind) => (kind.trim() === "" ? [] : [kind.trim()])))
    .pipe(z.array(z.enum(["note", "summary"]))),
  /** OpenEMR's name of the category they go into; it must exist, or OpenEMR stores them where nobody sees them. */
  OPENEMR_DOCUMENT_CATEGORY: z
    .string()
    .regex(/^[\w ]+$/u)
    .default("Medical Record"),
  /** One service, its protocol seen by shape; or several, as JSON (scribe-services.ts), which goes before it. */
  SCRIBE_URL: z.url().default("http://127.0.0.1:8400"),
  SCRIBE_API_KEY: z.string().default("sk_test_chartside"),
  SCRIBE_SERVICES: ScribeServices.optional(),
  /**
   * A service that is down for good: `manual` waits for a person who sends the visit to another one, `automatic` does so by
   * itself once the service has given no answer for SCRIBE_FAILOVER_AFTER_S.
   */
  SCRIBE_FAILOVER: z.enum(["manual", "automatic"]).default("manual"),
  SCRIBE_FAILOVER_AFTER_S: z.coerce.number().int().min(0).max(86_400).default(120),
  /**
   * When set with CHARTSIDE_WEBHOOK_URL, webhooks are registered; otherwise jobs are polled. Several, comma-separated: the first
   * is registered, each is accepted. A service in SCRIBE_SERVICES may have its own.
   */
  SCRIBE_WEBHOOK_SECRET: z.string().optional(),
  CHARTSIDE_WEBHOOK_URL: z.url().optional(),
  /** The code service (Codify), as contracted: without it no codes are suggested. The token stays in this server. */
  CODIFY_URL: z.url({ protocol: /^https?$/u }).optional(),
  CODIFY_TOKEN: z.string().min(1).optional(),
  CODIFY_MODEL: CodifyModel.default("balanced"),
  CHARTSIDE_LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

export const Config = Settings.superRefine(({ CODIFY_URL: url, CODIFY_TOKEN: token }, context) => {
  const add = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
  if (url !== undefined && token === undefined) add("CODIFY_TOKEN", "needed beside CODIFY_URL");
  if (url === undefined && token !== undefined) add("CODIFY_URL", "needed beside CODIFY_TOKEN");
  if (url !== undefined && !isPrivate(url)) add("CODIFY_URL", "must be https");
});
export type Config = z.infer<typeof Config>;

/** Token and note travel encrypted, or do not leave this machine. What is no address at all is told as such. */
function isPrivate(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

/** Parses the environment; throws an error that lists the settings at fault. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = Config.safeParse(env);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`Configuration: ${faults.join("; ")}`);
}
