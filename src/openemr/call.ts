/** One call of OpenEMR's API: path and token in, a readable answer or a problem out. */
import type { z } from "zod";
import { problem } from "#model/problem.ts";
import { readAnswer } from "./refusal.ts";
import type { Answer } from "./refusal.ts";
import type { Send, SendRequest } from "./send.ts";

/** The signed-in user's own access token: OpenEMR decides by it who may do what. */
export type Access = { token: string };

export type CallRequest = {
  method: SendRequest["method"];
  /** From `/api` or `/fhir` on; variable parts go through `segment`. */
  path: string;
  /** As pairs where a name comes twice. */
  query?: Record<string, string> | [string, string][];
  body?: unknown;
};
export type Call = (access: Access, request: CallRequest) => Promise<Answer>;

const deadlineMs = 15_000;

export function createCall(parts: { send: Send; baseUrl: string; site: string }): Call {
  const base = `${parts.baseUrl.replace(/\/+$/, "")}/apis/${parts.site}`;
  return async ({ token }, request) => {
    const query = request.query === undefined ? "" : `?${new URLSearchParams(request.query)}`;
    const answer = await parts.send({
      method: request.method,
      url: `${base}${request.path}${query}`,
      headers: {
        accept: "application/json",
        authorization: `Bearer ${token}`,
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      deadlineMs,
    });
    return readAnswer(answer);
  };
}

/** One path segment out of an id, so that no id can lead to another route. */
export function segment(id: string): string {
  if (!/^[\w-]+$/.test(id)) throw problem("invalid_request", { field: "id" });
  return id;
}

/** Untrusted to typed; names the column at fault and never its content. */
export function parse<Schema extends z.ZodType>(schema: Schema, json: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join(".") ?? "";
  throw problem("openemr_answer_unreadable", { detail: `at ${path}`.slice(0, 100) });
}

/** Runs the task for every item, at most five at a time, as many as OpenEMR's eight workers bear; answers keep the order. */
export async function forEachOf<Item, Value>(
  items: readonly Item[],
  task: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  for (let index = 0; index < items.length; index += 5) {
    values.push(...(await Promise.all(items.slice(index, index + 5).map(task))));
  }
  return values;
}
