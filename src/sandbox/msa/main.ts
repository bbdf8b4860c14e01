/** A sandbox MedScribeAlliance service as a process. In: the environment. Out: one line of JSON when it listens; stops on SIGTERM. */
import { z } from "zod";
import { createOffsetClock } from "#model/clock.ts";
import { createSandboxMsa } from "./sandbox.ts";

const Environment = z.object({
  SANDBOX_MSA_PORT: z.coerce.number().int().min(0).max(65_535).default(8500),
  SANDBOX_MSA_FORM: z.enum(["A", "B", "C"]).default("B"),
  SANDBOX_CONTROLS: z.enum(["0", "1"]).default("0"),
  CHARTSIDE_CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
});

const env = Environment.parse(process.env);
const sandbox = await createSandboxMsa({
  form: env.SANDBOX_MSA_FORM,
  port: env.SANDBOX_MSA_PORT,
  clock: createOffsetClock(env.CHARTSIDE_CLOCK_OFFSET_MS),
  httpControls: env.SANDBOX_CONTROLS === "1",
});
process.stdout.write(`${JSON.stringify({ ready: true, url: sandbox.url })}\n`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void sandbox.close());
}
