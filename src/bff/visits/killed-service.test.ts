/**
 * The service's process is killed (SIGKILL) at every exchange of a visit, before its work and after it, and started again on what
 * it had on its disk. The browser does what it always does. In the end: one note, each chunk in it once. The sandboxes' note says
 * how many files with how many bytes arrived, so a chunk that was lost or taken twice shows in it.
 */
import { expect, test, vi } from "vitest";
import { createScribeSend } from "#bff/upstream/scribe-send.ts";
import type { VisitId } from "#model/id.ts";
import { NoteView } from "#protocol/bff.ts";
import type { Scribe } from "#scribe/scribe.ts";
import type { Fault } from "./faulty-way.ts";
import { killableServices, openKillable, scribeBehind, soaks } from "./killable-service.contract.ts";
import type { Killable, KillableService } from "./killable-service.contract.ts";
import { createTestClinic, finish, putChunk, startVisit, type TestClinic, viewOf } from "./test-clinic.ts";
import { chunks } from "./webhook-world.contract.ts";

/** One visit with a fresh clinic server; resolves with the number of exchanges that it took. */
async function wholeVisit(
  { way }: Killable,
  service: KillableService,
  faultAt: (place: number) => Fault,
): Promise<number> {
  way.seen.length = 0;
  way.faultOf = (_line, place) => faultAt(place);
  const wire = createScribeSend({ SCRIBE_URL: way.url });
  const clinic = await createTestClinic<Scribe>(scribeBehind(way.url, service, wire.send));
  try {
    const visitId = await startVisit(clinic);
    await vi.waitFor(() => untilDraft(clinic, visitId), { timeout: 60_000, interval: 20 });
    const answer = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/note` });
    const { note } = NoteView.parse(answer.json());
    const bytes = chunks.reduce((sum, { payload }) => sum + payload.length + service.addedBytes, 0);
    expect(note.subjective).toContain(`3 audio files with ${bytes} bytes arrived`);
    expect(await clinic.rows("SELECT COUNT(*) AS n FROM drafts")).toEqual([{ n: 1 }]);
    expect(await clinic.rows("SELECT COUNT(*) AS n FROM scribe_jobs WHERE state = 'done'")).toEqual([{ n: 1 }]);
    return way.seen.length;
  } finally {
    await clinic.close();
    await wire.close();
  }
}

/** As the outbox does it: what is not listed is sent in order, then the end is declared; any failure is tried again. */
async function untilDraft(clinic: TestClinic<Scribe>, visitId: VisitId): Promise<void> {
  const { state } = await viewOf(clinic, visitId);
  if (state !== "processing" && state !== "draft_ready") {
    const listed = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/chunks` });
    const held = new Set(listed.json().receipts.map(({ sequence }: { sequence: number }) => sequence));
    for (const chunk of chunks.filter(({ sequence }) => !held.has(sequence))) {
      expect((await putChunk(clinic, visitId, chunk)).statusCode).toBe(200);
    }
    expect((await finish(clinic, visitId, chunks)).statusCode).toBe(200);
  }
  await clinic.jobs.settled();
  await clinic.poll();
  expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
}

const struck = Object.entries(killableServices).filter(([, { isQuick }]) => isQuick || soaks);

/** What only reads changes nothing, except the look that finds the end: the kill comes from the creation on. */
test.each(struck)("%s, killed at every exchange", { timeout: 600_000 }, async (_name, service) => {
  const running = await openKillable(service);
  const exchanges = await wholeVisit(running, service, () => undefined);
  const lines = running.way.seen.slice(0, exchanges);
  const creation = lines.findIndex((line) => /POST .*\/sessions?$/u.test(line));
  expect(lines.slice(creation).length).toBeGreaterThan(5);
  for (let at = creation; at < exchanges; at += 1) {
    const isWork = lines[at]?.startsWith("POST") === true;
    for (const when of isWork ? (["before", "after"] as const) : (["after"] as const)) {
      let strikes = 0;
      const strike = async (): Promise<void> => {
        strikes += 1;
        await running.strike();
      };
      await wholeVisit(running, service, (place) => (place === at ? { strike, when } : undefined));
      expect(strikes).toBe(1);
    }
  }
});
