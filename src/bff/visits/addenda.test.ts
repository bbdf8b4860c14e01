import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { AddendaView } from "#protocol/bff-addenda.ts";
import { fakeNote } from "./fake-scribe.ts";
import type { TestClinic } from "./test-clinic.ts";
import { draftedVisit, sign } from "./test-drafted.ts";

async function signedVisit() {
  const { clinic, visitId } = await draftedVisit();
  await sign(clinic, visitId, { revision: 0, note: fakeNote });
  return { clinic, visitId };
}

type Asked = { as?: string; id?: string; text?: string };

const add = (clinic: TestClinic, visitId: string, { as = "clinician", id = randomUUID(), text = "More." }: Asked) =>
  clinic.request(as, { method: "POST", url: `/api/visits/${visitId}/addenda`, payload: { id, text } });

test("an addendum says which note it belongs to, who signed it and when; sent twice it is one, and the note stays as it was", async () => {
  const { clinic, visitId } = await signedVisit();
  const before = await clinic.rows("SELECT * FROM signed_notes");
  clinic.clock.advance(3_600_000);
  const id = randomUUID();
  const [first, second] = [
    await add(clinic, visitId, { id, text: " Left knee, not right. " }),
    await add(clinic, visitId, { id, text: "Left knee, not right." }),
  ];
  expect(AddendaView.parse(second.json())).toEqual(AddendaView.parse(first.json()));
  expect(AddendaView.parse(first.json()).addenda).toEqual([
    {
      id,
      text:
        "Addendum to the note signed 2026-11-20 10:00 (America/New_York).\n\nLeft knee, not right.\n\n" +
        "Signed by Dr Rowan Hale, 2026-11-20 11:00 (America/New_York).",
      signedAt: "2026-11-20T16:00:00.000Z",
      by: "Dr Rowan Hale",
      filing: { state: "waiting", encounter: null, noteId: null, verifiedAt: null, problem: null },
    },
  ]);
  expect(await clinic.rows("SELECT * FROM signed_notes")).toEqual(before);
  expect(clinic.counts.filing).toBe(3);
});

test("before the note is signed there is nothing to add to", async () => {
  const { clinic, visitId } = await draftedVisit();
  expect((await add(clinic, visitId, {})).statusCode).toBe(409);
  expect(await clinic.rows("SELECT id FROM addenda")).toEqual([]);
});

test("addenda are the clinician's alone", async () => {
  const { clinic, visitId } = await signedVisit();
  await add(clinic, visitId, {});
  for (const as of ["stranger", "administrator", "desk"]) {
    expect((await add(clinic, visitId, { as })).statusCode).toBe(403);
    const read = await clinic.request(as, { method: "GET", url: `/api/visits/${visitId}/addenda` });
    expect(read.statusCode).toBe(403);
  }
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM addenda")).toEqual([{ n: 1 }]);
});

test("an empty text, and one that OpenEMR would cut off, are refused by name", async () => {
  const { clinic, visitId } = await signedVisit();
  expect((await add(clinic, visitId, { text: "  " })).json().problem).toMatchObject({ field: "text" });
  const tooLong = await add(clinic, visitId, { text: "é".repeat(40_000) });
  expect(tooLong.json().problem).toMatchObject({ code: "section_too_long" });
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM addenda")).toEqual([{ n: 0 }]);
});
