/** Reading an answer, whatever the protocol: its body, how long it asks us to wait, and words of it that are safe to repeat. */
import type { z } from "zod";
import type { Clock } from "#model/clock.ts";
import { problem } from "#model/problem.ts";
import type { SendAnswer } from "./scribe.ts";

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
  const where = parsed.error.issues[0]?.path.filter((key) => typeof key === "number" || isSafe(String(key))) ?? [];
  throw problem("scribe_answer_unreadable", {
    detail: `status ${answer.status}, at "${where.join(".")}"`.slice(0, 200),
  });
}

/** `Retry-After` in seconds or as a date; undefined when there is none, or none that means anything. */
export function retryAfterOf(answer: SendAnswer, clock: Clock): number | undefined {
  const header = answer.headers["retry-after"]?.trim();
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/u.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now());
}

/** A code is passed on only when it looks like one: messages of services have held patient data. */
export function safeWord(code: string | undefined): string {
  return code !== undefined && isSafe(code) ? code : "";
}

function isSafe(word: string): boolean {
  return /^[A-Za-z_]{1,40}$/u.test(word);
}
