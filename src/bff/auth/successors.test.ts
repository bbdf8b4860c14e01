/** A refresh while a call is on its way, with a server that refuses the old token the moment it is replaced. */
import { expect, test } from "vitest";
import type { Send } from "#openemr/send.ts";
import { createSuccessors, withSuccessors } from "./successors.ts";

const clock = { ms: 0, now: () => clock.ms };
const asking = (token: string) => ({
  method: "GET" as const,
  url: "http://emr.example/apis/default/api/patient",
  headers: { authorization: `Bearer ${token}` },
  deadlineMs: 1000,
});

/** Takes one token at a time. */
function serverWith(taken: { token: string }) {
  const asked: string[] = [];
  const send: Send = async ({ headers }) => {
    const token = (headers["authorization"] ?? "").replace("Bearer ", "");
    asked.push(token);
    return { status: token === taken.token ? 200 : 401, headers: {}, body: "{}" };
  };
  return { send, asked };
}

test("a call refused because its token was just replaced is sent again with the new one, once", async () => {
  const taken = { token: "new" };
  const server = serverWith(taken);
  const successors = createSuccessors(clock);
  successors.replacing("old", Promise.resolve("new"));
  const send = withSuccessors(server.send, successors);
  expect((await send(asking("old"))).status).toBe(200);
  expect(server.asked).toEqual(["old", "new"]);
  taken.token = "newer";
  expect((await send(asking("old"))).status).toBe(401);
  expect(server.asked).toEqual(["old", "new", "old", "new"]);
});

test("a call refused while the refresh is under way waits for it", async () => {
  const server = serverWith({ token: "new" });
  const successors = createSuccessors(clock);
  const refresh = Promise.withResolvers<string>();
  successors.replacing("old", refresh.promise);
  const answer = withSuccessors(server.send, successors)(asking("old"));
  refresh.resolve("new");
  expect((await answer).status).toBe(200);
});

test("without a refresh, after a failed one and minutes later a refusal stays one", async () => {
  const server = serverWith({ token: "new" });
  const successors = createSuccessors(clock);
  const send = withSuccessors(server.send, successors);
  expect((await send(asking("unknown"))).status).toBe(401);
  successors.replacing("failed", Promise.reject(new Error("refused")));
  expect((await send(asking("failed"))).status).toBe(401);
  successors.replacing("old", Promise.resolve("new"));
  clock.ms += 6 * 60_000;
  successors.replacing("other", Promise.resolve("new"));
  expect((await send(asking("old"))).status).toBe(401);
});
