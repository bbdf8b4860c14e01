/** One call of OpenEMR's API: path and token in, a readable answer or a problem out. */
import type { z } from "zod";
import { problem } from "#model/problem.ts";
import { readAnswer } from "./refusal.ts";
import type { Answer } from "./refusal.ts";
import type { Send, SendAnswer, SendRequest } from "./send.ts";

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
/** Bytes there or back: the answer as it came. */
export type Transfer = (
  access: Access,
  request: Omit<CallRequest, "body"> & { body?: { type: string; bytes: Uint8Array } },
) => Promise<SendAnswer>;
export type Call = (access: Access, request: CallRequest) => Promise<Answer>;

const deadlineMs = 15_000;

type Server = { send: Send; baseUrl: string; site: string };

export function createCall(parts: Server): Call {
  return async ({ token }, { method, body, ...request }) => {
    const answer = await parts.send({
      method,
      url: urlOf(parts, request),
      headers: {
        accept: "application/json",
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      deadlineMs,
    });
    return readAnswer(answer);
  };
}

export function createTransfer(parts: Server): Transfer {
  return ({ token }, { method, body, ...request }) =>
    parts.send({
      method,
      url: urlOf(parts, request),
      headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": body.type }) },
      ...(body && { bytes: body.bytes }),
      deadlineMs,
    });
}

function urlOf({ baseUrl, site }: Server, { path, query }: Pick<CallRequest, "path" | "query">): string {
  const base = `${baseUrl.replace(/\/+$/, "")}/apis/${site}`;
  return `${base}${path}${query === undefined ? "" : `?${new URLSearchParams(query)}`}`;
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
