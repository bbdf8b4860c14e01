/** A sandbox OMSIF service as a process. In: the environment. Out: one line of JSON when it listens; stops on SIGTERM. */
import { z } from "zod";
import { createOffsetClock } from "#model/clock.ts";
import { createHearing } from "#sandbox/hearing.ts";
import { createSandboxOmsif } from "./sandbox.ts";

const Environment = z.object({
  SANDBOX_OMSIF_PORT: z.coerce.number().int().min(0).max(65_535).default(8600),
  SANDBOX_OMSIF_REVISION: z.enum(["1", "2"]).default("1"),
  /** What it offers of sync, async and streaming_upload: comma-separated. */
  SANDBOX_OMSIF_FEATURES: z
    .string()
    .default("sync,async,streaming_upload")
    .transform((list) => list.split(","))
    .pipe(z.array(z.enum(["sync", "async", "streaming_upload"])).min(1)),
  SANDBOX_OMSIF_KEY: z.string().min(1).optional(),
  /** Signs webhooks. */
  SANDBOX_OMSIF_SECRET: z.string().min(1).optional(),
  /** What it holds survives its process in this file. */
  SANDBOX_OMSIF_DATA: z.string().min(1).optional(),
  /** Origin of the scribe that listens for it, and its key; without it nobody does. */
  SANDBOX_HEARS_WITH: z.url().optional(),
  SANDBOX_HEARS_WITH_KEY: z.string().min(1).default("sk_test_chartside"),
  SANDBOX_CONTROLS: z.enum(["0", "1"]).default("0"),
  CHARTSIDE_CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
});

const env = Environment.parse(process.env);
const ears = env.SANDBOX_HEARS_WITH;
const sandbox = await createSandboxOmsif({
  revision: env.SANDBOX_OMSIF_REVISION === "1" ? 1 : 2,
  port: env.SANDBOX_OMSIF_PORT,
  clock: createOffsetClock(env.CHARTSIDE_CLOCK_OFFSET_MS),
  hear: ears === undefined ? undefined : createHearing({ url: ears, key: env.SANDBOX_HEARS_WITH_KEY }),
  file: env.SANDBOX_OMSIF_DATA,
  rules: { features: env.SANDBOX_OMSIF_FEATURES },
  ...(env.SANDBOX_OMSIF_KEY !== undefined && { key: env.SANDBOX_OMSIF_KEY }),
  ...(env.SANDBOX_OMSIF_SECRET !== undefined && { secret: env.SANDBOX_OMSIF_SECRET }),
  httpControls: env.SANDBOX_CONTROLS === "1",
});
process.stdout.write(`${JSON.stringify({ ready: true, url: sandbox.url })}\n`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void sandbox.close());
}
