/**
 * The server is killed at every point where it writes to its disk or speaks with the scribe, just before and just after. The
 * browser does what it always does: it asks again. In the end there is one draft of the whole visit, every time.
 */
import { expect, onTestFinished, test } from "vitest";
import { verifyAudit } from "#bff/audit.ts";
import type { VisitId } from "#model/id.ts";
import type { Scribe } from "#scribe/scribe.ts";
import type { FakeScribe } from "./fake-scribe.ts";
import { createFakeScribe, fakeResult } from "./fake-scribe.ts";
import { createKill } from "./kill-at.ts";
import type { Outside, TestClinic } from "./test-clinic.ts";
import { chunkOf, createTestClinic, finish, newVisitId, putChunk, viewOf, visitBody } from "./test-clinic.ts";

const chunks = [0, 1].map((sequence) => chunkOf(sequence));

/** The scribe as the killed server reaches it; the scribe itself lives on. */
function reachedThrough(outside: Outside, scribe: FakeScribe): Scribe {
  return {
    abilities: scribe.abilities,
    open: (reference) => outside(() => scribe.open(reference)),
    send: (job, chunk) => outside(() => scribe.send(job, chunk)),
    finish: (job, count) => outside(() => scribe.finish(job, count)),
    read: (job) => outside(() => scribe.read(job)),
  };
}

/** True when every request was answered well; the browser keeps its chunks until then. */
async function browse(clinic: TestClinic<Scribe>, visitId: VisitId): Promise<boolean> {
  const url = `/api/visits/${visitId}`;
  const made = await clinic.request("clinician", { method: "PUT", url, payload: visitBody() });
  if (made.statusCode !== 200) return false;
  const listed = await clinic.request("clinician", { method: "GET", url: `${url}/chunks` });
  if (listed.statusCode !== 200) return false;
  const held = listed.json<{ receipts: { sequence: number }[] }>().receipts.map(({ sequence }) => sequence);
  for (const chunk of chunks.filter(({ sequence }) => !held.includes(sequence))) {
    if ((await putChunk(clinic, visitId, chunk)).statusCode !== 200) return false;
  }
  const ended = await finish(clinic, visitId, chunks);
  await clinic.jobs.settled();
  return ended.statusCode === 200;
}

/** How many steps the whole way took, with or without the kill. */
async function wholeWay(at: number, when: "before" | "after"): Promise<number> {
  const scribe = createFakeScribe();
  scribe.answer = { state: "done", result: fakeResult };
  const kill = createKill(at, when);
  const open: { clinic: TestClinic<Scribe> } = {
    clinic: await createTestClinic(reachedThrough(kill.outside, scribe), kill.outside),
  };
  onTestFinished(() => open.clinic.close());
  const visitId = newVisitId();
  await browse(open.clinic, visitId);
  const steps = kill.steps();
  if (kill.isDead()) {
    open.clinic = await open.clinic.restart(scribe);
    await open.clinic.jobs.settled();
    expect(await browse(open.clinic, visitId)).toBe(true);
  }
  expect(await viewOf(open.clinic, visitId)).toMatchObject({ state: "draft_ready", received: { chunks: 2 } });
  expect(await open.clinic.rows("SELECT COUNT(*) AS n FROM drafts")).toEqual([{ n: 1 }]);
  expect(scribe.jobs.filter(({ isEnded }) => isEnded).map(({ stores }) => stores)).toEqual([2]);
  expect(await verifyAudit(open.clinic.store)).toMatchObject({ intact: true });
  return steps;
}

test("killed anywhere, the visit still becomes one draft", { timeout: 600_000 }, async () => {
  const steps = await wholeWay(Number.POSITIVE_INFINITY, "before");
  expect(steps).toBeGreaterThan(12);
  for (let at = 0; at < steps; at += 1) {
    await wholeWay(at, "before");
    await wholeWay(at, "after");
  }
});
