/** Reading an answer's body. */
import type { z } from "zod";
import { problem } from "#model/problem.ts";
import type { SendAnswer } from "#scribe/scribe.ts";

export function isOk(answer: SendAnswer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** The body as JSON, undefined when it is none. */
export function jsonOf(answer: SendAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(answer.body));
  } catch {
    return undefined;
  }
}

/** Reads a JSON answer by its schema, else `scribe_answer_unreadable`: which part of it, never what stood there. */
export function parseAnswer<T>(schema: z.ZodType<T>, answer: SendAnswer): T {
  const parsed = schema.safeParse(jsonOf(answer));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  throw problem("scribe_answer_unreadable", { detail: `status ${answer.status}, at "${where}"`.slice(0, 200) });
}
