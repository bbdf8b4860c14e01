/** The sandbox OpenEMR as a process. In: the environment. Out: one line of JSON when it listens; stops on SIGTERM. */
import { z } from "zod";
import { createOffsetClock } from "#model/clock.ts";
import { profileNames } from "./profiles/profile.ts";
import { defaultProfile } from "./profiles/profiles.ts";
import { createSandboxOpenEmr } from "./sandbox.ts";

const Environment = z.object({
  SANDBOX_OPENEMR_PROFILE: z.enum(profileNames).default(defaultProfile),
  SANDBOX_OPENEMR_PORT: z.coerce.number().int().min(0).max(65_535).default(8300),
  SANDBOX_OPENEMR_DATA: z.string().min(1).optional(),
  SANDBOX_OPENEMR_CLIENT_SECRET: z.string().min(1).optional(),
  SANDBOX_CONTROLS: z.enum(["0", "1"]).default("0"),
  CHARTSIDE_CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
  CHARTSIDE_ORIGIN: z.url().default("http://localhost:3000"),
  CLINIC_TIME_ZONE: z.string().default("America/New_York"),
});

const env = Environment.parse(process.env);
const sandbox = await createSandboxOpenEmr({
  profile: env.SANDBOX_OPENEMR_PROFILE,
  port: env.SANDBOX_OPENEMR_PORT,
  ...(env.SANDBOX_OPENEMR_DATA !== undefined && { dataFile: env.SANDBOX_OPENEMR_DATA }),
  clock: createOffsetClock(env.CHARTSIDE_CLOCK_OFFSET_MS),
  timeZone: env.CLINIC_TIME_ZONE,
  appOrigin: env.CHARTSIDE_ORIGIN,
  clientSecret: env.SANDBOX_OPENEMR_CLIENT_SECRET,
  httpControls: env.SANDBOX_CONTROLS === "1",
});
process.stdout.write(`${JSON.stringify({ ready: true, url: sandbox.url })}\n`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void sandbox.close());
}
