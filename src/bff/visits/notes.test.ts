import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Note } from "#model/note.ts";
import { canonicalNote } from "#model/note.ts";
import { NoteView } from "#protocol/bff.ts";
import { fakeNote } from "./fake-scribe.ts";
import type { TestClinic } from "./test-clinic.ts";
import { viewOf } from "./test-clinic.ts";
import { draftedVisit, sign } from "./test-drafted.ts";

const followUp = {
  sentence: "Follow up in two weeks for a blood pressure check.",
  interval: { count: 2, unit: "week" },
  reason: "Blood pressure check",
};

const read = (clinic: TestClinic, visitId: string, as = "clinician") =>
  clinic.request(as, { method: "GET", url: `/api/visits/${visitId}/note` });

const save = (clinic: TestClinic, visitId: string, payload: { baseRevision: number; note: Note }) =>
  clinic.request("clinician", { method: "PUT", url: `/api/visits/${visitId}/note`, payload });

test("the review shows draft, transcript, evidence and what the plan asks for", async () => {
  const { clinic, visitId } = await draftedVisit();
  const view = NoteView.parse((await read(clinic, visitId)).json());
  expect(view).toMatchObject({ revision: 0, note: fakeNote, signed: null, followUps: [followUp] });
  expect(view.transcript.turns).toHaveLength(3);
  expect(view.evidence.sentences).toHaveLength(5);
});

test("the note is its clinician's alone, administrators included", async () => {
  const { clinic, visitId } = await draftedVisit();
  const statuses = [];
  for (const as of ["stranger", "administrator", "desk"]) statuses.push((await read(clinic, visitId, as)).statusCode);
  expect(statuses).toEqual([403, 403, 403]);
  await read(clinic, visitId);
  const trail = await clinic.rows(`SELECT actor, outcome FROM audit WHERE object LIKE '%${visitId}' AND action = 'R'`);
  expect(trail).toEqual([
    { actor: "user-stranger", outcome: "refused" },
    { actor: "user-clinician", outcome: "ok" },
  ]);
});

test("without its audit row a note is not given out", async () => {
  const { clinic, visitId } = await draftedVisit();
  await clinic.store.transact({ statements: [{ sql: "ALTER TABLE audit RENAME TO audit_gone", params: [] }] });
  const answer = await read(clinic, visitId);
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain("Aspirin");
});

test("an edit from the newest revision is saved, one from an older is a conflict, a repeated one is the same save", async () => {
  const { clinic, visitId } = await draftedVisit();
  const edited = { ...fakeNote, objective: "Blood pressure 150/90 seated." };
  expect((await save(clinic, visitId, { baseRevision: 0, note: edited })).json()).toMatchObject({ revision: 1 });
  expect((await save(clinic, visitId, { baseRevision: 0, note: edited })).json()).toMatchObject({ revision: 1 });
  const late = await save(clinic, visitId, { baseRevision: 0, note: { ...fakeNote, objective: "From another tab." } });
  expect([late.statusCode, late.json().problem]).toEqual([
    409,
    { code: "conflict", category: "state", field: "baseRevision" },
  ]);
  expect((await save(clinic, visitId, { baseRevision: 5, note: edited })).statusCode).toBe(409);
  expect(NoteView.parse((await read(clinic, visitId)).json())).toMatchObject({ revision: 1, note: edited });
  expect((await viewOf(clinic, visitId)).state).toBe("in_review");
});

test("of two saves at once one wins", async () => {
  const { clinic, visitId } = await draftedVisit();
  const tabs = ["one", "two"].map((objective) =>
    save(clinic, visitId, { baseRevision: 0, note: { ...fakeNote, objective } }),
  );
  const statuses = (await Promise.all(tabs)).map(({ statusCode }) => statusCode);
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409]);
});

test("a section that OpenEMR would cut off is refused by name; bytes count, not letters", async () => {
  const { clinic, visitId } = await draftedVisit();
  const fits = { ...fakeNote, assessment: "é".repeat(32_767) };
  expect((await save(clinic, visitId, { baseRevision: 0, note: fits })).statusCode).toBe(200);
  const answer = await save(clinic, visitId, {
    baseRevision: 1,
    note: { ...fakeNote, assessment: "é".repeat(32_768) },
  });
  expect([answer.statusCode, answer.json().problem]).toEqual([
    422,
    { code: "section_too_long", category: "input", field: "assessment" },
  ]);
  // The attribution line is part of what is filed.
  const brim = { ...fakeNote, plan: "x".repeat(65_535) };
  expect((await save(clinic, visitId, { baseRevision: 1, note: brim })).statusCode).toBe(200);
  expect((await sign(clinic, visitId, { revision: 2, note: brim })).json().problem).toMatchObject({ field: "plan" });
});

test("signing freezes the attributed text, orders the filing and tells the desk, all in one", async () => {
  const { clinic, visitId } = await draftedVisit();
  const answer = await sign(clinic, visitId, { revision: 0, note: fakeNote, followUps: [followUp] });
  expect(answer.json()).toMatchObject({
    state: "signed",
    filing: { state: "waiting" },
    signedAt: "2026-11-20T15:00:00.000Z",
  });
  const [signed] = await clinic.rows("SELECT * FROM signed_notes");
  const frozen = JSON.parse(String(signed?.["note_json"])) as Note;
  expect(frozen).toEqual({
    ...fakeNote,
    plan:
      `${fakeNote.plan}\n\nSigned by Dr Rowan Hale, 2026-11-20 10:00 (America/New_York). ` +
      "Drafted with Fake Scribe (by hand), reviewed by Dr Rowan Hale.",
  });
  expect(signed?.["sha256"]).toBe(createHash("sha256").update(canonicalNote(frozen)).digest("hex"));
  expect(await clinic.rows("SELECT sentence, due, window_from, window_to, state, patient_pid FROM follow_ups")).toEqual(
    [
      {
        sentence: followUp.sentence,
        due: "2026-12-04",
        window_from: "2026-12-01",
        window_to: "2026-12-11",
        state: "open",
        patient_pid: "7",
      },
    ],
  );
  expect(clinic.counts).toMatchObject({ filing: 1, followUps: 1 });
  expect(NoteView.parse((await read(clinic, visitId)).json())).toMatchObject({
    note: frozen,
    signed: { by: "Dr Rowan Hale" },
  });
});

test("what was read is what is signed: another text, or an older revision, is a conflict", async () => {
  const { clinic, visitId } = await draftedVisit();
  const edited = { ...fakeNote, plan: "Rest." };
  await save(clinic, visitId, { baseRevision: 0, note: edited });
  expect((await sign(clinic, visitId, { revision: 0, note: fakeNote })).statusCode).toBe(409);
  expect((await sign(clinic, visitId, { revision: 1, note: fakeNote })).statusCode).toBe(409);
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM filings")).toEqual([{ n: 0 }]);
  expect((await sign(clinic, visitId, { revision: 1, note: edited })).statusCode).toBe(200);
});

test("a follow-up whose sentence is not in the plan is refused, and nothing is signed", async () => {
  const { clinic, visitId } = await draftedVisit();
  const followUps = [{ ...followUp, sentence: "Come back tomorrow." }];
  const answer = await sign(clinic, visitId, { revision: 0, note: fakeNote, followUps });
  expect([answer.statusCode, answer.json().problem.field]).toEqual([400, "followUps"]);
  expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
});

test("signing again is the same signature; nothing edits a signed note, nothing discards it", async () => {
  const { clinic, visitId } = await draftedVisit();
  const both = await Promise.all([0, 0].map((revision) => sign(clinic, visitId, { revision, note: fakeNote })));
  expect(both.map(({ statusCode }) => statusCode)).toContain(200);
  clinic.clock.advance(60_000);
  expect((await sign(clinic, visitId, { revision: 0, note: fakeNote })).json()).toMatchObject({
    state: "signed",
    signedAt: "2026-11-20T15:00:00.000Z",
  });
  expect((await save(clinic, visitId, { baseRevision: 0, note: { ...fakeNote, plan: "Other." } })).statusCode).toBe(
    409,
  );
  const url = `/api/visits/${visitId}/discard`;
  expect(
    (await clinic.request("clinician", { method: "POST", url, payload: { reason: "discarded" } })).statusCode,
  ).toBe(409);
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM signed_notes")).toEqual([{ n: 1 }]);
});
