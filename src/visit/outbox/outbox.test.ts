import { afterEach, beforeEach, expect, test } from "vitest";
import type { Receipt } from "#model/chunk.ts";
import { VisitId } from "#model/id.ts";
import { problem, type Problem, type ProblemCode } from "#model/problem.ts";
import { visitCreate } from "#protocol/test-visit.ts";
import type { OutboxMark, OutboxTombstone, OutboxVisit } from "./drain.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import type { Waiting } from "./retry-plan.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

const visitId = VisitId.parse("3f0c6a52-9a1b-4c0e-8a53-1f4a3f6f2f10");
const otherVisitId = VisitId.parse("aa0c6a52-9a1b-4c0e-8a53-1f4a3f6f2f11");

/** A queue that somebody waits at. */
function createInbox<T>() {
  const here: T[] = [];
  let waiting: ((item: T) => void) | undefined;
  return {
    put(item: T) {
      if (waiting) waiting(item);
      else here.push(item);
      waiting = undefined;
    },
    next: (): Promise<T> => {
      const item = here.shift();
      return item === undefined ? new Promise((resolve) => (waiting = resolve)) : Promise.resolve(item);
    },
    isEmpty: () => here.length === 0,
  };
}

type OpenRequest = { request: WireRequest; respond(answer: Partial<WireAnswer>): void; fail(code: ProblemCode): void };
type OpenWait = { ms: number; elapse(): void };

function createWorld() {
  const requests = createInbox<OpenRequest>();
  const waits = createInbox<OpenWait>();
  const waitings: Waiting[] = [];
  const problems: [string, Problem | null][] = [];
  const reports: unknown[] = [];
  const tombstones: OutboxTombstone[] = [];
  const visits: (OutboxVisit & { receipts: Map<number, Receipt> })[] = [];
  const find = (id: string) => visits.find((visit) => visit.visitId === id)!;
  const clock = { nowMs: Date.parse("2026-11-21T10:00:00Z"), now: () => clock.nowMs };
  const outbox: Outbox = createOutbox({
    clock,
    random: () => 1,
    journal: {
      toSend: () => visits.map((visit) => ({ ...visit })),
      chunk: async (_visit, sequence) => Uint8Array.of(sequence),
      whole: async () => ({ mimeType: "audio/wav", bytes: Uint8Array.of(9, 9, 9) }),
      receive: async (id, receipt) => void find(id).receipts.set(receipt.sequence, receipt),
      mark: async (id, mark: OutboxMark) => {
        const visit = find(id);
        if (mark.mark === "lost") {
          for (const sequence of mark.sequences) visit.receipts.delete(sequence);
          visit.finished = false;
        } else visit[mark.mark] = true;
      },
      split: async (id, sequence) => {
        const visit = find(id);
        const [chunk] = visit.chunks.filter((candidate) => candidate.sequence === sequence);
        if (chunk === undefined || chunk.durationMs < 100) throw problem("too_large", { detail: "one packet" });
        const halves = [0, 1].map(() => ({ ...chunk, durationMs: chunk.durationMs / 2 }));
        visit.chunks = visit.chunks
          .toSpliced(sequence, 1, ...halves)
          .map((one, place) => ({ ...chunkOf(place), durationMs: one.durationMs }));
      },
      tombstones: () => tombstones,
      forget: async (id) => {
        visits.splice(0, visits.length, ...visits.filter((visit) => visit.visitId !== id));
        tombstones.splice(0, tombstones.length, ...tombstones.filter((tombstone) => tombstone.visitId !== id));
      },
    },
    wire: (request) =>
      new Promise((resolve, reject) => {
        if (request.path.endsWith("/device")) {
          reports.push(JSON.parse(String(request.body)));
          return world.losesReports
            ? reject(problem("offline"))
            : resolve({ status: 204, retryAfter: null, body: undefined });
        }
        requests.put({
          request,
          respond: (answer) => resolve({ status: 200, retryAfter: null, body: undefined, ...answer }),
          fail: (code) => reject(problem(code)),
        });
      }),
    wait: (ms, wake) =>
      new Promise((resolve) => {
        if (wake.aborted) return resolve();
        wake.addEventListener("abort", () => resolve());
        waits.put({
          ms,
          elapse: () => {
            clock.nowMs += ms;
            resolve();
          },
        });
      }),
    onWaiting: (waiting) => waitings.push(waiting),
    onProblem: (id, told) => problems.push([id, told]),
  });
  return { requests, waits, waitings, problems, visits, tombstones, reports, losesReports: false, clock, outbox, find };
}

function chunkOf(sequence: number): OutboxVisit["chunks"][number] {
  const sha256 = String(sequence).repeat(64).slice(0, 64);
  return { sequence, sha256, sizeBytes: 1, durationMs: 15_000, mimeType: "audio/webm;codecs=opus" };
}

function receiptOf(sequence: number): Receipt {
  const { sha256, durationMs } = chunkOf(sequence);
  return { sequence, sha256, durationMs, receivedAt: "2026-11-21T10:00:00Z" };
}

function visitWith(chunks: number, more: Partial<OutboxVisit> = {}): OutboxVisit & { receipts: Map<number, Receipt> } {
  return {
    visitId,
    clinicianId: "dr-x",
    create: { ...visitCreate, reason: "" },
    chunks: Array.from({ length: chunks }, (_, sequence) => chunkOf(sequence)),
    registered: true,
    closed: false,
    finished: false,
    discarded: null,
    marks: { gaps: [], moments: [] },
    durableMs: chunks * 15_000,
    ...more,
    receipts: new Map(),
  };
}

const problemAnswer = (status: number, code: ProblemCode, retryAfter: string | null = null) => ({
  status,
  retryAfter,
  body: { type: `urn:chartside:${code}`, title: code, status, problem: problem(code).problem },
});

let world: ReturnType<typeof createWorld>;
let stop: AbortController;
let running: Promise<void>;

beforeEach(() => {
  world = createWorld();
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await running;
});

function run(clinicianId: string | null = "dr-x"): void {
  world.outbox.signedIn(clinicianId);
  running = world.outbox.run(stop.signal);
}

async function expectRequest(line: string): Promise<OpenRequest> {
  const open = await world.requests.next();
  expect(
    `${open.request.method} ${open.request.path.replace(`/api/visits/${open.request.path.split("/")[3]}`, "")}`,
  ).toBe(line);
  return open;
}

const rest = 3_600_000;

test("a visit goes out in order: register, chunks, compare, finish; then the outbox rests", async () => {
  world.visits.push(visitWith(2, { registered: false, closed: true }));
  run();
  const register = await expectRequest("PUT ");
  expect(JSON.parse(String(register.request.body))).toEqual(world.visits[0]!.create);
  register.respond({});
  const first = await expectRequest("PUT /chunks/0");
  expect(first.request.headers).toEqual({
    "content-type": "audio/webm;codecs=opus",
    "x-chunk-sha256": chunkOf(0).sha256,
    "x-chunk-duration-ms": "15000",
  });
  expect(first.request.body).toEqual(Uint8Array.of(0));
  first.respond({ body: receiptOf(0) });
  (await expectRequest("PUT /chunks/1")).respond({ body: receiptOf(1) });
  (await expectRequest("GET /chunks")).respond({ body: { receipts: [receiptOf(0), receiptOf(1)] } });
  const finish = await expectRequest("POST /finish");
  expect(JSON.parse(String(finish.request.body))).toEqual({
    chunks: [0, 1].map((sequence) => ({ sequence, sha256: chunkOf(sequence).sha256, durationMs: 15_000 })),
  });
  finish.respond({});
  expect((await world.waits.next()).ms).toBe(rest);
  expect(world.find(visitId).finished).toBe(true);
  expect(world.requests.isEmpty()).toBe(true);
});

test("a chunk goes as what it is, also when the chunks before it were something else", async () => {
  const chunks = [chunkOf(0), { ...chunkOf(1), mimeType: "audio/wav" }, { ...chunkOf(2), mimeType: "audio/mp4" }];
  world.visits.push(visitWith(3, { chunks }));
  run();
  for (const { sequence, mimeType } of chunks) {
    const { request, respond } = await expectRequest(`PUT /chunks/${sequence}`);
    expect(request.headers["content-type"]).toBe(mimeType);
    respond({ body: receiptOf(sequence) });
  }
});

test("a visit that still records is not finished; a new chunk wakes the outbox", async () => {
  world.visits.push(visitWith(1));
  run();
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  await world.waits.next();
  const visit = world.find(visitId);
  visit.chunks = [...visit.chunks, chunkOf(1)];
  world.outbox.wake();
  (await expectRequest("PUT /chunks/1")).respond({ body: receiptOf(1) });
  await world.waits.next();
  expect(visit.finished).toBe(false);
});

test("without network it tries again for ever, up to 60 s apart, and says what it waits for", async () => {
  world.visits.push(visitWith(1));
  run();
  const asked: number[] = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    (await expectRequest("PUT /chunks/0")).fail(attempt % 2 === 0 ? "offline" : "timed_out");
    const wait = await world.waits.next();
    asked.push(wait.ms);
    wait.elapse();
  }
  expect(asked).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  expect(world.waitings).toEqual(["network"]);
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  await world.waits.next();
  expect(world.waitings).toEqual(["network", null]);
});

test("the whole Retry-After is waited, and the network coming back does not shorten it", async () => {
  world.visits.push(visitWith(1));
  run();
  (await expectRequest("PUT /chunks/0")).respond(problemAnswer(503, "scribe_down", "120"));
  expect((await world.waits.next()).ms).toBe(120_000);
  world.outbox.networkIsBack();
  const again = await world.waits.next();
  expect(again.ms).toBe(120_000);
  expect(world.waitings).toEqual(["scribe"]);
  again.elapse();
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  await world.waits.next();
});

test("the network coming back wakes what waited for it", async () => {
  world.visits.push(visitWith(1));
  run();
  (await expectRequest("PUT /chunks/0")).fail("offline");
  await world.waits.next();
  world.outbox.networkIsBack();
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  await world.waits.next();
});

test("a gateway's own 502 page waits for the server", async () => {
  world.visits.push(visitWith(1));
  run();
  (await expectRequest("PUT /chunks/0")).respond({ status: 502 });
  (await world.waits.next()).elapse();
  expect(world.waitings).toEqual(["server"]);
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  await world.waits.next();
});

test("401 stops sending until somebody signs in again", async () => {
  world.visits.push(visitWith(1));
  run();
  (await expectRequest("PUT /chunks/0")).respond(problemAnswer(401, "signed_out"));
  const wait = await world.waits.next();
  expect(wait.ms).toBe(rest);
  expect(world.waitings).toEqual(["sign_in"]);
  wait.elapse();
  await world.waits.next();
  expect(world.requests.isEmpty()).toBe(true);
  world.outbox.signedIn("dr-x");
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  await world.waits.next();
  expect(world.waitings).toEqual(["sign_in", null]);
});

test("a 401 that was under way while somebody signed in does not sign them out", async () => {
  world.visits.push(visitWith(1));
  run();
  const late = await expectRequest("PUT /chunks/0");
  world.outbox.signedIn("dr-x");
  late.respond(problemAnswer(401, "signed_out"));
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  await world.waits.next();
});

test("another clinician's audio does not leave under this one's name", async () => {
  world.visits.push(visitWith(1));
  run("dr-y");
  expect((await world.waits.next()).ms).toBe(rest);
  expect(world.requests.isEmpty()).toBe(true);
  expect(world.waitings).toEqual([]);
});

test("a conflict stops that visit and is shown; the next visit goes on; a person can try again", async () => {
  world.visits.push(visitWith(1), { ...visitWith(1), visitId: otherVisitId });
  run();
  (await expectRequest("PUT /chunks/0")).respond(problemAnswer(409, "chunk_conflict"));
  const next = await expectRequest("PUT /chunks/0");
  expect(next.request.path).toContain(otherVisitId);
  next.respond({ body: receiptOf(0) });
  await world.waits.next();
  expect(world.problems).toEqual([[visitId, problem("chunk_conflict").problem]]);
  world.outbox.sendNow();
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  await world.waits.next();
  expect(world.problems.at(-1)).toEqual([visitId, null]);
});

test("a receipt for other bytes is a conflict", async () => {
  world.visits.push(visitWith(1));
  run();
  (await expectRequest("PUT /chunks/0")).respond({ body: { ...receiptOf(0), sha256: "f".repeat(64) } });
  await world.waits.next();
  expect(world.problems[0]?.[1]?.code).toBe("chunk_conflict");
  expect(world.find(visitId).receipts.size).toBe(0);
});

test("what the clinic server no longer lists is sent again before finish, and only that", async () => {
  const visit = visitWith(3, { closed: true });
  for (const sequence of [0, 1, 2]) visit.receipts.set(sequence, receiptOf(sequence));
  world.visits.push(visit);
  run();
  (await expectRequest("GET /chunks")).respond({ body: { receipts: [receiptOf(0)] } });
  (await expectRequest("PUT /chunks/1")).respond({ body: receiptOf(1) });
  (await expectRequest("PUT /chunks/2")).respond({ body: receiptOf(2) });
  (await expectRequest("GET /chunks")).respond({ body: { receipts: [0, 1, 2].map(receiptOf) } });
  (await expectRequest("POST /finish")).respond({});
  await world.waits.next();
});

test("an expired scribe session: compare, send everything again, in order", async () => {
  const visit = visitWith(3);
  visit.receipts.set(0, receiptOf(0));
  visit.receipts.set(1, receiptOf(1));
  world.visits.push(visit);
  run();
  (await expectRequest("PUT /chunks/2")).respond(problemAnswer(410, "scribe_session_expired"));
  (await world.waits.next()).elapse();
  (await expectRequest("GET /chunks")).respond({ body: { receipts: [] } });
  for (const sequence of [0, 1, 2])
    (await expectRequest(`PUT /chunks/${sequence}`)).respond({ body: receiptOf(sequence) });
  await world.waits.next();
});

test("a finished visit whose chunks were lost is sent and finished again when asked", async () => {
  const visit = visitWith(1, { closed: true, finished: true });
  visit.receipts.set(0, receiptOf(0));
  world.visits.push(visit);
  run();
  await world.waits.next();
  world.outbox.sendAgain(visitId);
  (await expectRequest("GET /chunks")).respond({ body: { receipts: [] } });
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  (await expectRequest("GET /chunks")).respond({ body: { receipts: [receiptOf(0)] } });
  (await expectRequest("POST /finish")).respond({});
  await world.waits.next();
  expect(world.find(visitId).finished).toBe(true);
});

test("a discarded visit is told to the clinic server, then erased; unknown there is fine too", async () => {
  world.visits.push(visitWith(0, { discarded: "withdrawn" }));
  run();
  const discard = await expectRequest("POST /discard");
  expect(JSON.parse(String(discard.request.body))).toEqual({ reason: "withdrawn" });
  discard.respond(problemAnswer(404, "not_found"));
  await world.waits.next();
  expect(world.visits).toEqual([]);
});

test("a Retry-After that is a date is waited until then", async () => {
  world.visits.push(visitWith(1));
  run();
  const date = "Sat, 21 Nov 2026 10:01:30 GMT";
  (await expectRequest("PUT /chunks/0")).respond(problemAnswer(503, "scribe_down", date));
  const wait = await world.waits.next();
  expect(wait.ms).toBe(90_000);
  wait.elapse();
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  await world.waits.next();
});

test("a chunk that is too large goes in smaller ones, those after it count on, and nobody is bothered", async () => {
  world.visits.push(visitWith(2));
  run();
  (await expectRequest("PUT /chunks/0")).respond({ status: 413 });
  for (const sequence of [0, 1, 2]) {
    const put = await expectRequest(`PUT /chunks/${sequence}`);
    expect(put.request.headers["x-chunk-duration-ms"]).toBe(sequence === 2 ? "15000" : "7500");
    put.respond({ body: receiptOf(sequence) });
  }
  await world.waits.next();
  expect(world.problems).toEqual([]);
});

test("a chunk that cannot be made smaller is shown, and the next visit goes on", async () => {
  const visit = visitWith(1);
  world.visits.push(
    { ...visit, chunks: [{ ...chunkOf(0), durationMs: 60 }] },
    { ...visitWith(1), visitId: otherVisitId },
  );
  run();
  (await expectRequest("PUT /chunks/0")).respond(problemAnswer(413, "too_large"));
  const next = await expectRequest("PUT /chunks/0");
  expect(next.request.path).toContain(otherVisitId);
  next.respond({ body: receiptOf(0) });
  await world.waits.next();
  expect(world.problems).toEqual([[visitId, problem("too_large").problem]]);
});

test("gaps and moments are told before the end is", async () => {
  const moment = { atMs: 3000, at: 1_763_719_203_000, text: "left knee" };
  world.visits.push(visitWith(1, { closed: true, marks: { gaps: [], moments: [moment] } }));
  run();
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  (await expectRequest("GET /chunks")).respond({ body: { receipts: [receiptOf(0)] } });
  const marks = await expectRequest("PUT /marks");
  expect(JSON.parse(String(marks.request.body))).toEqual({ gaps: [], moments: [moment] });
  marks.respond({ status: 204 });
  (await expectRequest("POST /finish")).respond({});
  await world.waits.next();
});

test("what the device holds is told at most every 30 s, again when everything is sent, and never holds up a chunk", async () => {
  world.losesReports = true;
  world.visits.push(visitWith(4, { closed: true }));
  run();
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  (await expectRequest("PUT /chunks/1")).respond({ body: receiptOf(1) });
  const third = await expectRequest("PUT /chunks/2");
  expect(world.reports).toHaveLength(2);
  world.losesReports = false;
  third.respond({ body: receiptOf(2) });
  const fourth = await expectRequest("PUT /chunks/3");
  expect(world.reports).toHaveLength(3);
  fourth.respond({ body: receiptOf(3) });
  (await expectRequest("GET /chunks")).respond({ body: { receipts: [0, 1, 2, 3].map(receiptOf) } });
  expect(world.reports).toHaveLength(3);
  (await expectRequest("POST /finish")).respond({});
  await world.waits.next();
  expect(world.reports).toHaveLength(4);
  expect(world.reports.at(-1)).toEqual({
    device: "Room 3 PC",
    durableMs: 60_000,
    chunksCut: 4,
    at: "2026-11-21T10:00:00.000Z",
  });
});

test("erased audio: the receipt is sent until it is taken, after what is to be sent, and then nothing is left", async () => {
  const figures = { chunks: 4, sizeBytes: 320_000, durationMs: 60_000, sha256: "a".repeat(64) };
  const receipt = { device: "Room 3 PC", ...figures, reason: "signed" as const };
  world.tombstones.push({ ...receipt, visitId: otherVisitId, clinicianId: "dr-x", at: world.clock.now() });
  world.tombstones.push({ ...receipt, visitId, clinicianId: "dr-y", at: world.clock.now() });
  world.visits.push(visitWith(1));
  run();
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  (await expectRequest("POST /erased")).fail("offline");
  (await world.waits.next()).elapse();
  const erased = await expectRequest("POST /erased");
  expect(erased.request.path).toContain(otherVisitId);
  expect(JSON.parse(String(erased.request.body))).toEqual({ ...receipt, at: "2026-11-21T10:00:00.000Z" });
  erased.respond({ status: 204 });
  await world.waits.next();
  expect(world.tombstones.map(({ clinicianId }) => clinicianId)).toEqual(["dr-y"]);
  expect(world.waitings).toEqual([]);
});

test("a service that takes the recording in one piece gets it after its end, again after a failure, and everything counts as received", async () => {
  world.visits.push(visitWith(1));
  run();
  (await expectRequest("PUT /chunks/0")).respond(problemAnswer(409, "whole_file_wanted"));
  await world.waits.next();
  expect(world.waitings).toEqual(["end"]);
  const visit = world.find(visitId);
  visit.chunks = [chunkOf(0), chunkOf(1)];
  visit.closed = true;
  world.outbox.wake();
  (await expectRequest("POST /finish")).respond(problemAnswer(409, "whole_file_wanted"));
  (await expectRequest("PUT /audio")).fail("offline");
  const pause = await world.waits.next();
  pause.elapse();
  (await expectRequest("POST /finish")).respond(problemAnswer(409, "whole_file_wanted"));
  const whole = await expectRequest("PUT /audio");
  expect(whole.request).toMatchObject({
    headers: { "content-type": "audio/wav", "x-audio-sha256": expect.stringMatching(/^[0-9a-f]{64}$/u) },
    body: Uint8Array.of(9, 9, 9),
    deadlineMs: 91_000,
  });
  whole.respond({ body: { receipts: [receiptOf(0), receiptOf(1)] } });
  await world.waits.next();
  expect([...visit.receipts.keys()]).toEqual([0, 1]);
  expect([visit.finished, world.requests.isEmpty(), world.problems]).toEqual([true, true, []]);
});

test("the answer to the whole recording was lost: the clinic server has it, and it is not sent again", async () => {
  world.visits.push(visitWith(1, { closed: true }));
  run();
  (await expectRequest("PUT /chunks/0")).respond(problemAnswer(409, "whole_file_wanted"));
  (await expectRequest("POST /finish")).respond({});
  (await expectRequest("GET /chunks")).respond({ body: { receipts: [receiptOf(0)] } });
  await world.waits.next();
  expect(world.find(visitId).finished).toBe(true);
});

test("a visit that went to a service with chunks is sent in chunks", async () => {
  world.visits.push(visitWith(1, { closed: true }));
  run();
  (await expectRequest("PUT /chunks/0")).respond(problemAnswer(409, "whole_file_wanted"));
  (await expectRequest("POST /finish")).respond(problemAnswer(409, "chunks_missing"));
  (await world.waits.next()).elapse();
  (await expectRequest("GET /chunks")).respond({ body: { receipts: [] } });
  (await expectRequest("PUT /chunks/0")).respond({ body: receiptOf(0) });
  (await expectRequest("GET /chunks")).respond({ body: { receipts: [receiptOf(0)] } });
  (await expectRequest("POST /finish")).respond({});
  await world.waits.next();
});
