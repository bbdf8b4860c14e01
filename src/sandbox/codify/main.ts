/** A sandbox code service as a process. In: the environment. Out: one line of JSON when it listens; stops on SIGTERM. */
import { z } from "zod";
import { createSandboxCodify } from "./sandbox.ts";

const Environment = z.object({
  SANDBOX_CODIFY_PORT: z.coerce.number().int().min(0).max(65_535).default(8700),
  SANDBOX_CODIFY_TOKEN: z.string().min(1).optional(),
  SANDBOX_CONTROLS: z.enum(["0", "1"]).default("0"),
});

const env = Environment.parse(process.env);
const sandbox = await createSandboxCodify({
  port: env.SANDBOX_CODIFY_PORT,
  ...(env.SANDBOX_CODIFY_TOKEN !== undefined && { token: env.SANDBOX_CODIFY_TOKEN }),
  httpControls: env.SANDBOX_CONTROLS === "1",
});
process.stdout.write(`${JSON.stringify({ ready: true, url: sandbox.url })}\n`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void sandbox.close());
}
