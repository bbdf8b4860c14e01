/** For tests: a visit whose draft is there to be read, and its signature. */
import { createHash } from "node:crypto";
import { onTestFinished } from "vitest";
import type { VisitId } from "#model/id.ts";
import type { Note } from "#model/note.ts";
import { canonicalNote } from "#model/note.ts";
import { fakeResult } from "./fake-scribe.ts";
import type { TestClinic } from "./test-clinic.ts";
import { chunkOf, createTestClinic, finish, putChunk, startVisit } from "./test-clinic.ts";

/** At a clinic that is closed with the test. */
export async function draftedVisit(): Promise<{ clinic: TestClinic; visitId: VisitId }> {
  const clinic = await createTestClinic();
  onTestFinished(() => clinic.close());
  clinic.scribe.answer = { state: "done", result: fakeResult };
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunkOf(0));
  await finish(clinic, visitId, [chunkOf(0)]);
  await clinic.jobs.settled();
  return { clinic, visitId };
}

/** The text as it was read, whichever revision is named. */
export type Signing = { revision: number; note: Note; followUps?: unknown[] };

export function sign(clinic: TestClinic, visitId: string, asked: Signing) {
  const sha256 = createHash("sha256").update(canonicalNote(asked.note)).digest("hex");
  const payload = { revision: asked.revision, sha256, followUps: asked.followUps ?? [] };
  return clinic.request("clinician", { method: "POST", url: `/api/visits/${visitId}/sign`, payload });
}
