import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { ProblemError } from "#model/problem.ts";
import { BffRefusal, createBffClient } from "./bff-client.ts";

const answer = z.object({ fine: z.boolean() });

function wire(respond: () => Response | Promise<Response>) {
  const send = vi.fn<typeof fetch>(async () => respond());
  vi.stubGlobal("fetch", send);
  const onSignedOut = vi.fn<() => void>();
  return { send, onSignedOut, client: createBffClient(onSignedOut) };
}

afterEach(() => vi.unstubAllGlobals());

async function codeOf(call: Promise<unknown>): Promise<string> {
  const thrown: unknown = await call.then(
    () => "nothing was thrown",
    (reason: unknown) => reason,
  );
  return thrown instanceof ProblemError ? thrown.problem.code : String(thrown);
}

test("an answer is parsed, and what changes something carries x-bff", async () => {
  const { client, send } = wire(() => Response.json({ fine: true, more: 1 }));
  await expect(client.call({ method: "POST", path: "/api/x", body: { a: 1 }, answer })).resolves.toEqual({
    fine: true,
  });
  const headers = new Headers(send.mock.calls[0]?.[1]?.headers);
  expect(headers.get("x-bff")).toBe("1");
  expect(headers.get("content-type")).toBe("application/json");
});

test("an answer of another shape is a problem that names the route and no id", async () => {
  const { client } = wire(() => Response.json({ fine: "yes" }));
  const call = client.call({ path: "/api/visits/6b1f7c1e-6f0b-4a53-9c3e-0d3e5c1f2a10", answer });
  await expect(call).rejects.toMatchObject({
    problem: { code: "internal_error", detail: "unreadable answer: /api/visits/:id" },
  });
});

test("the server's own problem is kept, with what it says beside it", async () => {
  const problem = { code: "time_taken", category: "state" };
  const body = { type: "urn:chartside:time_taken", title: "", status: 409, problem, alternatives: [1] };
  const { client } = wire(() => Response.json(body, { status: 409 }));
  const thrown: unknown = await client.call({ path: "/api/x", answer }).catch((reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(BffRefusal);
  expect(thrown).toMatchObject({ problem, body: { alternatives: [1] } });
});

test("401 tells that the session has ended, in whatever words it comes", async () => {
  const { client, onSignedOut } = wire(() => new Response("<html>", { status: 401 }));
  expect(await codeOf(client.tell({ path: "/api/x" }))).toBe("signed_out");
  expect(onSignedOut).toHaveBeenCalledOnce();
});

test("a gateway's page is no answer of the clinic server, and signs nobody out", async () => {
  const { client, onSignedOut } = wire(() => new Response("<html>", { status: 502 }));
  expect(await codeOf(client.call({ path: "/api/x", answer }))).toBe("offline");
  expect(onSignedOut).not.toHaveBeenCalled();
});

test("no connection is offline, a late answer is timed out", async () => {
  const broken = wire(() => Promise.reject(new TypeError("Failed to fetch")));
  expect(await codeOf(broken.client.call({ path: "/api/x", answer }))).toBe("offline");
  const late = wire(() => Promise.reject(new DOMException("", "TimeoutError")));
  expect(await codeOf(late.client.call({ path: "/api/x", answer }))).toBe("timed_out");
});

test("a proxy that answers for a server that is away says the same as no answer, and it is told who was reached", async () => {
  const reached: boolean[] = [];
  const statuses = [502, 503, 504, 200, 500];
  vi.stubGlobal("fetch", async () => new Response("<html>Bad Gateway</html>", { status: statuses.shift() ?? 200 }));
  const client = createBffClient(
    () => undefined,
    (isReached) => reached.push(isReached),
  );
  for (const _ of [1, 2, 3]) expect(await codeOf(client.tell({ path: "/api/x" }))).toBe("offline");
  await client.tell({ path: "/api/x" });
  expect(await codeOf(client.tell({ path: "/api/x" }))).toBe("internal_error");
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("no network")));
  expect(await codeOf(client.tell({ path: "/api/x" }))).toBe("offline");
  expect(reached).toEqual([false, false, false, true, true, false]);
});
