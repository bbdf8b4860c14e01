/**
 * The only fetch of the page. In: a route of protocol/bff.ts; out: its parsed answer, or a ProblemError. Nothing is kept
 * here, so nothing needs to survive a crash.
 */
import { problem, ProblemError, type ProblemCode } from "#model/problem.ts";
import { ProblemJson } from "#protocol/problem-json.ts";
import type { z } from "zod";

export type BffCall<Answer> = {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
  answer: z.ZodType<Answer>;
};

export type BffClient = {
  /** Sends one request. Failures: what the clinic server said, `offline`, `timed_out`, `internal_error`. */
  call<Answer>(request: BffCall<Answer>): Promise<Answer>;
  /** The same for routes that answer 204. */
  tell(request: Omit<BffCall<never>, "answer">): Promise<void>;
};

/** A refusal together with the whole body, for the routes that say more beside the problem. */
export class BffRefusal extends ProblemError {
  readonly body: unknown;
  constructor(cause: ProblemError, body: unknown) {
    super(cause.problem, cause);
    this.body = body;
  }
}

const deadlineMs = 20_000;

/** A proxy in front of the clinic server answers for it with these when it is away. */
const awayStatuses = new Set([502, 503, 504]);

/**
 * `onSignedOut` is called for every 401: the session has ended, whatever the page was doing. `onReach` hears of every request
 * whether the clinic server answered it, be it with a refusal.
 */
export function createBffClient(
  onSignedOut: () => void,
  onReach: (isReached: boolean) => void = () => undefined,
): BffClient {
  async function send(request: Omit<BffCall<never>, "answer">): Promise<Response> {
    const response = await reach(request).catch((thrown: unknown) => {
      onReach(false);
      throw thrown;
    });
    const refusal = response.ok ? undefined : await refusalOf(response);
    onReach(refusal?.problem.code !== "offline");
    if (refusal === undefined) return response;
    if (refusal.problem.code === "signed_out") onSignedOut();
    throw refusal;
  }
  return {
    call: async (request) => {
      const response = await send(request);
      const parsed = request.answer.safeParse(await bodyOf(response));
      if (parsed.success) return parsed.data;
      throw problem("internal_error", { detail: `unreadable answer: ${pathOf(request.path)}` });
    },
    tell: async (request) => {
      await send(request);
    },
  };
}

async function reach({ method = "GET", path, body }: Omit<BffCall<never>, "answer">): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      headers: { accept: "application/json", ...(method === "GET" ? {} : { "x-bff": "1" }), ...typeOf(body) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: "same-origin",
      signal: AbortSignal.timeout(deadlineMs),
    });
  } catch (thrown) {
    const isLate = thrown instanceof DOMException && thrown.name === "TimeoutError";
    throw problem(isLate ? "timed_out" : "offline", {}, thrown);
  }
}

function typeOf(body: unknown): Record<string, string> {
  return body === undefined ? {} : { "content-type": "application/json" };
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

const codeOfStatus: Partial<Record<number, ProblemCode>> = {
  401: "signed_out",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  413: "too_large",
  429: "rate_limited",
};

async function refusalOf(response: Response): Promise<BffRefusal> {
  const body = await bodyOf(response);
  const parsed = ProblemJson.safeParse(body);
  if (parsed.success) return new BffRefusal(new ProblemError(parsed.data.problem), body);
  if (awayStatuses.has(response.status)) {
    return new BffRefusal(problem("offline", { detail: `status ${response.status}` }), body);
  }
  return new BffRefusal(
    problem(codeOfStatus[response.status] ?? "internal_error", { detail: `status ${response.status}` }),
    body,
  );
}

/** Ids out, so that what is shown or logged carries the route only. */
function pathOf(path: string): string {
  return path.replaceAll(/\/[0-9a-f-]{36}/gu, "/:id").replace(/\?.*$/u, "");
}
