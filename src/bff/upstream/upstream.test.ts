import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { toProblem } from "#model/problem.ts";
import { createLane, type Lane } from "./lane.ts";
import { createOpenEmrSend } from "./openemr-send.ts";
import { createPace } from "./pace.ts";
import { createScribeSend } from "./scribe-send.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const part of open.splice(0)) await part.close();
});

async function serve(answer: (url: string, response: ServerResponse, body: Buffer) => void): Promise<string> {
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => answer(request.url ?? "", response, Buffer.concat(parts)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({ close: () => (server.closeAllConnections(), server.close()) });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function lane(origin: string): Lane {
  const allows = (url: URL): boolean => url.origin === origin;
  const made = createLane({ allows, down: "scribe_down", unreadable: "scribe_answer_unreadable", connections: 2 });
  open.push(made);
  return made;
}
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "ok",
    (error) => toProblem(error).code,
  );
const get = (url: string, deadlineMs = 5000) => ({ method: "GET" as const, url, headers: {}, deadlineMs });

test("bytes and headers arrive as they were sent, whatever the status", async () => {
  const url = await serve((path, response, body) => {
    response.writeHead(418, { "X-Path": path }).end(body);
  });
  const bytes = new Uint8Array([0, 255, 10, 13]);
  const answer = await lane(url).send({ ...get(`${url}/a/b?c=d`), method: "PUT", body: bytes });
  expect(answer.status).toBe(418);
  expect(answer.headers["x-path"]).toBe("/a/b?c=d");
  expect([...answer.body]).toEqual([...bytes]);
});

test("the deadline covers an answer that starts and never ends", async () => {
  const url = await serve((_, response) => {
    response.writeHead(200).write("half");
  });
  expect(await codeOf(lane(url).send(get(url, 100)))).toBe("timed_out");
});

test("a server that is not there is down, and after five failures nobody knocks for a while", async () => {
  let knocks = 0;
  const url = await serve((_, response) => {
    knocks += 1;
    response.destroy();
  });
  const to = lane(url);
  for (let n = 0; n < 8; n += 1) expect(await codeOf(to.send(get(url)))).toBe("scribe_down");
  expect(knocks).toBe(5);
  expect(toProblem(await to.send(get(url)).catch((error: unknown) => error)).retryAfterMs).toBe(2000);
});

test("an address that is not allowed is never asked", async () => {
  let asked = false;
  const other = await serve((_, response) => {
    asked = true;
    response.end();
  });
  expect(await codeOf(lane("http://127.0.0.1:9").send(get(other)))).toBe("scribe_answer_unreadable");
  expect(asked).toBe(false);
});

test("a status call is answered while uploads fill their lane", async () => {
  const held: ServerResponse[] = [];
  const url = await serve((path, response) => {
    if (path === "/status") response.end("here");
    else held.push(response);
  });
  const wire = createScribeSend({ SCRIBE_URL: url });
  open.push(wire);
  const uploads = Array.from({ length: 70 }, () =>
    wire.send({ ...get(url), method: "POST", body: new Uint8Array(10) }).catch(() => undefined),
  );
  const answer = await wire.send(get(`${url}/status`));
  expect(new TextDecoder().decode(answer.body)).toBe("here");
  await wire.close();
  await Promise.all(uploads);
});

test("no second sees more than ten starts, no moment more than five running, screens go before background", async () => {
  let now = 0;
  const clock = { now: () => now };
  const pace = createPace({
    startsPerSecond: 10,
    atOnce: 5,
    clock,
    wait: async (ms) => {
      await settled();
      now += ms;
    },
  });
  const starts: { at: number; urgency: string }[] = [];
  let running = 0;
  let most = 0;
  const work = (urgency: "interactive" | "background") => () =>
    pace(urgency, async () => {
      starts.push({ at: now, urgency });
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      now += 7;
      running -= 1;
    });
  const background = Array.from({ length: 30 }, work("background"));
  const interactive = Array.from({ length: 30 }, work("interactive"));
  await Promise.all([...background, ...interactive]);
  expect(starts).toHaveLength(60);
  for (const { at } of starts) {
    expect(starts.filter((start) => start.at >= at && start.at < at + 1000).length).toBeLessThanOrEqual(10);
  }
  expect(most).toBe(5);
  const lastInteractive = starts.findLastIndex((start) => start.urgency === "interactive");
  expect(starts.slice(5, lastInteractive).every((start) => start.urgency === "interactive")).toBe(true);
});

test("time spent waiting for a turn counts against the deadline", async () => {
  const url = await serve(() => undefined);
  const wire = createOpenEmrSend({ OPENEMR_URL: url });
  open.push(wire);
  const codes = await Promise.all(Array.from({ length: 7 }, () => codeOf(wire.interactive(get(url, 150)))));
  expect(new Set(codes)).toEqual(new Set(["timed_out"]));
});

async function settled(): Promise<void> {
  for (let n = 0; n < 50; n += 1) await Promise.resolve();
}
