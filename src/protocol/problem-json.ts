import { z } from "zod";
import { Problem } from "#model/problem.ts";

/** RFC 9457 problem+json as the clinic server sends it; `type` is `urn:chartside:<code>`. */
export const ProblemJson = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  problem: Problem,
  requestId: z.string().optional(),
});
export type ProblemJson = z.infer<typeof ProblemJson>;
