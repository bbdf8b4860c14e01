/** A sandbox OMSIF service as a process. In: the environment. Out: one line of JSON when it listens; stops on SIGTERM. */
import { z } from "zod";
import { createOffsetClock } from "#model/clock.ts";
import { createSandboxOmsif } from "./sandbox.ts";

const Environment = z.object({
  SANDBOX_OMSIF_PORT: z.coerce.number().int().min(0).max(65_535).default(8600),
  SANDBOX_OMSIF_REVISION: z.enum(["1", "2"]).default("1"),
  SANDBOX_CONTROLS: z.enum(["0", "1"]).default("0"),
  CHARTSIDE_CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
});

const env = Environment.parse(process.env);
const sandbox = await createSandboxOmsif({
  revision: env.SANDBOX_OMSIF_REVISION === "1" ? 1 : 2,
  port: env.SANDBOX_OMSIF_PORT,
  clock: createOffsetClock(env.CHARTSIDE_CLOCK_OFFSET_MS),
  httpControls: env.SANDBOX_CONTROLS === "1",
});
process.stdout.write(`${JSON.stringify({ ready: true, url: sandbox.url })}\n`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void sandbox.close());
}
