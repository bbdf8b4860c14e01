import { connect, type AddressInfo, type Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UserId, VisitId } from "#model/id.ts";
import type { User } from "#model/user.ts";
import type { VisitView } from "#protocol/bff.ts";
import { createApp } from "./app.ts";
import { createAudit } from "./audit.ts";
import { createEvents, type LiveEvents } from "./events.ts";
import { createLog } from "./log.ts";
import { eventRoutes } from "./routes/events.ts";
import { createMemoryStore } from "./store/memory-store.ts";
import type { Store } from "./store/store.ts";

const origin = "http://localhost:3000";
const hale = UserId.parse("hale");
const users: Record<string, User> = {
  hale: { id: hale, name: "Hale", role: "clinician" },
  other: { id: UserId.parse("other"), name: "Other", role: "clinician" },
  desk: { id: UserId.parse("desk"), name: "Ames", role: "front_desk" },
};
const visitA = VisitId.parse("00000000-0000-4000-8000-00000000000a");
const visitB = VisitId.parse("00000000-0000-4000-8000-00000000000b");

let store: Store;
let events: LiveEvents;
let app: FastifyInstance;
let live = new Set<string>();
let views = 0;
let padding = "";
const clock = { now: () => 1_000_000 };
const pages: Page[] = [];

beforeEach(async () => {
  store = createMemoryStore();
  await start();
});
afterEach(async () => {
  for (const page of pages.splice(0)) page.socket.destroy();
  await app.close();
  await store.close();
});

async function start(): Promise<void> {
  live = new Set(Object.keys(users));
  views = 0;
  padding = "";
  const log = createLog({ level: "silent" });
  const viewOf = async (id: VisitId): Promise<VisitView> => {
    views += 1;
    return { id, state: "recording", reason: `view ${views}${padding}` } as VisitView;
  };
  events = createEvents({ store, clock, log, viewOf });
  await events.begin();
  const auth = {
    require: async (request: { headers: Record<string, unknown> }) => {
      const name = String(request.headers["x-user"]);
      return { user: users[name]!, sessionHash: name, accessToken: async () => "none" };
    },
    isLive: async (hash: string) => live.has(hash),
  };
  const routes = [eventRoutes({ auth, audit: createAudit(clock), store, events })];
  app = createApp({ origin, log, routes });
  await app.listen({ port: 0, host: "127.0.0.1" });
}

type Page = {
  socket: Socket;
  text: () => string;
  /** Resolves when the text so far holds it. */
  sees(text: string): Promise<void>;
  ended: Promise<void>;
};

/** A page's EventSource, by hand. */
async function open(user: string, lastEventId?: number): Promise<Page> {
  const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
  let text = "";
  const looks = new Set<(newest: string) => void>();
  socket.on("data", (bytes: Buffer) => {
    const newest = text.slice(-200) + bytes.toString();
    text += bytes.toString();
    for (const look of looks) look(newest);
  });
  const sees = (wanted: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (part: string): void => {
        if (!part.includes(wanted)) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look(text.slice(-300_000));
    });
  const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  const ended = Promise.race([closed, sees("\r\n0\r\n\r\n")]);
  socket.on("error", () => undefined);
  const id = lastEventId === undefined ? "" : `Last-Event-ID: ${lastEventId}\r\n`;
  socket.write(`GET /api/events HTTP/1.1\r\nHost: localhost:3000\r\nx-user: ${user}\r\n${id}\r\n`);
  const page: Page = { socket, ended, sees, text: () => text };
  pages.push(page);
  await page.sees("retry: 2000");
  return page;
}

test("a clinician hears of their own visits, the desk of the queue, nobody of anything else", async () => {
  const [mine, others, desk] = await Promise.all([open("hale"), open("other"), open("desk")]);
  await events.visitChanged(visitA, hale);
  await events.followUpsChanged();
  await Promise.all([mine.sees("event: visit"), desk.sees("event: follow_ups")]);
  await events.visitChanged(visitB, users["other"]!.id);
  await others.sees(visitB);
  expect(mine.text()).toContain(`data: {"id":"${visitA}"`);
  expect(mine.text()).not.toContain("follow_ups");
  expect(mine.text()).not.toContain(visitB);
  expect(others.text()).not.toContain(visitA);
  expect(desk.text()).not.toContain("event: visit");
  expect(desk.text()).toContain("event: follow_ups\ndata: {}");
});

test("the stream is no-store and carries the security headers", async () => {
  const page = await open("hale");
  expect(page.text()).toMatch(/content-type: text\/event-stream/iu);
  expect(page.text()).toMatch(/cache-control: no-store/iu);
  expect(page.text()).toMatch(/x-content-type-options: nosniff/iu);
});

test("a page that comes back gets what it missed, each visit once and as it is now", async () => {
  const page = await open("hale");
  await events.visitChanged(visitA, hale);
  await page.sees("event: visit");
  const seen = Number(/id: (\d+)\nevent: visit/u.exec(page.text())?.[1]);
  page.socket.destroy();
  await events.visitChanged(visitA, hale);
  await events.visitChanged(visitB, hale);
  await events.visitChanged(visitA, hale);
  const again = await open("hale", seen);
  await again.sees(visitA);
  await events.visitChanged(visitB, hale);
  await again.sees(`id: ${seen + 4}\n`);
  expect(again.text().match(/event: visit/gu)).toHaveLength(3);
  expect(again.text()).not.toContain("reset");
});

test("after a restart, after more than 500 changes and with an id of another database, the page fetches everything", async () => {
  await events.visitChanged(visitA, hale);
  const { n } = (await store.query("SELECT MAX(seq) AS n FROM events"))[0] as { n: number };
  expect((await open("hale", n + 1)).text()).toContain("event: reset");
  for (let i = 0; i < 500; i += 1) await events.visitChanged(visitA, hale);
  expect((await open("hale", n)).text()).not.toContain("event: reset");
  await events.visitChanged(visitA, hale);
  expect((await open("hale", n)).text()).toContain("event: reset");
  for (const page of pages) page.socket.destroy();
  await app.close();
  await start();
  expect((await open("hale", n + 501)).text()).toContain("event: reset");
});

test("changes that come at once are told in the order of their ids, each with the newest view", async () => {
  const page = await open("hale");
  await Promise.all(Array.from({ length: 20 }, () => events.visitChanged(visitA, hale)));
  await page.sees("view 20");
  const ids = [...page.text().matchAll(/id: (\d+)\nevent/gu)].map((match) => Number(match[1]));
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(ids).toHaveLength(20);
});

test("a session that ended loses its stream: at once when told, else at the next beat", async () => {
  const [mine, others] = await Promise.all([open("hale"), open("other")]);
  events.dropSession("hale");
  await mine.ended;
  live.delete("other");
  await events.beat();
  await others.ended;
  const desk = await open("desk");
  await events.beat();
  await desk.sees(":\n\n\r\n");
});

test("a page that does not read is cut, and nobody else waits for it", { timeout: 60_000 }, async () => {
  const [slow, quick] = await Promise.all([open("hale"), open("hale")]);
  slow.socket.pause();
  padding = `,${"x".repeat(100_000)}`;
  for (let n = 1; n <= 120; n += 1) {
    await events.visitChanged(visitA, hale);
    await quick.sees(`view ${n},`);
  }
  slow.socket.resume();
  await slow.ended;
  expect(slow.text()).not.toContain("view 120,");
});

test("stopping tells every page to come back", async () => {
  const page = await open("hale");
  await app.close();
  await page.ended;
  expect(page.text()).toContain("event: reconnect");
});

test("opening a stream is in the audit", async () => {
  await open("hale");
  expect(await store.query("SELECT actor, action, object FROM audit")).toEqual([
    { actor: "hale", action: "R", object: "events" },
  ]);
});

test("events older than a day are dropped, and who missed them fetches everything", async () => {
  await events.visitChanged(visitA, hale);
  await store.transact({ statements: [{ sql: "UPDATE events SET at = ?", params: [clock.now() - 25 * 3_600_000] }] });
  await events.visitChanged(visitB, hale);
  await events.prune();
  expect(await store.query("SELECT COUNT(*) AS n FROM events")).toEqual([{ n: 1 }]);
  expect((await open("hale", 1)).text()).toContain("event: reset");
});
