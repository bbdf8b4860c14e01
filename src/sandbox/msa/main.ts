/** A sandbox MedScribeAlliance service as a process. In: the environment. Out: one line of JSON when it listens; stops on SIGTERM. */
import { z } from "zod";
import { createOffsetClock } from "#model/clock.ts";
import { createHearing } from "#sandbox/hearing.ts";
import { createSandboxMsa } from "./sandbox.ts";

const Environment = z.object({
  SANDBOX_MSA_PORT: z.coerce.number().int().min(0).max(65_535).default(8500),
  SANDBOX_MSA_FORM: z.enum(["A", "B", "C"]).default("B"),
  SANDBOX_MSA_KEY: z.string().min(1).optional(),
  SANDBOX_MSA_CLIENT_SECRET: z.string().min(1).optional(),
  /** Where clients reach it, when that is not where it listens. */
  SANDBOX_MSA_PUBLIC_URL: z.url().optional(),
  /** What it holds survives its process in this file. */
  SANDBOX_MSA_DATA: z.string().min(1).optional(),
  /** Origin of the scribe that listens for it, and its key; without it nobody does. */
  SANDBOX_HEARS_WITH: z.url().optional(),
  SANDBOX_HEARS_WITH_KEY: z.string().min(1).default("sk_test_chartside"),
  SANDBOX_CONTROLS: z.enum(["0", "1"]).default("0"),
  CHARTSIDE_CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
});

const env = Environment.parse(process.env);
const ears = env.SANDBOX_HEARS_WITH;
const sandbox = await createSandboxMsa({
  form: env.SANDBOX_MSA_FORM,
  port: env.SANDBOX_MSA_PORT,
  clock: createOffsetClock(env.CHARTSIDE_CLOCK_OFFSET_MS),
  hear: ears === undefined ? undefined : createHearing({ url: ears, key: env.SANDBOX_HEARS_WITH_KEY }),
  file: env.SANDBOX_MSA_DATA,
  publicUrl: env.SANDBOX_MSA_PUBLIC_URL,
  ...(env.SANDBOX_MSA_KEY !== undefined && { key: env.SANDBOX_MSA_KEY }),
  ...(env.SANDBOX_MSA_CLIENT_SECRET !== undefined && { clientSecret: env.SANDBOX_MSA_CLIENT_SECRET }),
  httpControls: env.SANDBOX_CONTROLS === "1",
});
process.stdout.write(`${JSON.stringify({ ready: true, url: sandbox.url })}\n`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void sandbox.close());
}
