/** Documents on their way into the sandbox OpenEMR, each version with its own answers: exactly once, and never called filed before its list shows it. */
import { afterEach, expect, onTestFinished, test } from "vitest";
import { createAudit } from "#bff/audit.ts";
import { readConfig } from "#bff/config.ts";
import type { Config } from "#bff/config.ts";
import type { Filing } from "#bff/context.ts";
import { createFiling } from "#bff/openemr/filing.ts";
import { retryStatements } from "#bff/openemr/filing-rows.ts";
import { createMemoryStore } from "#bff/store/memory-store.ts";
import type { Store } from "#bff/store/store.ts";
import { createOpenEmrSend } from "#bff/upstream/openemr-send.ts";
import { insertRow } from "#bff/visits/insert-row.ts";
import type { Schedule } from "#bff/visits/schedule.ts";
import { createVisitReader } from "#bff/visits/visit-view.ts";
import { AddendumId, UserId, VisitId } from "#model/id.ts";
import { emptyNote } from "#model/note.ts";
import { createOpenEmr } from "#openemr/openemr.ts";
import type { FilingView } from "#protocol/bff-filing.ts";
import type { ProfileName } from "#sandbox/openemr/profiles/profile.ts";
import { tokensFor } from "#sandbox/openemr/replay/visitor.ts";
import { createSandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import type { SandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import { accounts, clientId, clientScopes, clientSecret } from "#sandbox/seed.ts";
import { againStatement } from "./document-rows.ts";

const visitId = VisitId.parse("33333333-3333-4333-8333-333333333333");
const rivera = UserId.parse(accounts[0].userUuid);
const start = Date.parse("2026-11-21T14:00:00Z");

type Bench = {
  sandbox: SandboxOpenEmr;
  store: Store;
  token: string | undefined;
  nowMs: number;
  restart(more?: Partial<Config>): void;
  /** Rings the next timer, as if its time had come. */
  ring(): void;
  documents(): Promise<NonNullable<FilingView["documents"]>>;
  inChart(): { filename: string; category: string | null }[];
};

let filing: Filing | undefined;
afterEach(async () => {
  await filing?.stop();
  filing = undefined;
});

/** A signed note that waits to be filed. */
async function bench(profile: ProfileName, settings: Record<string, string> = {}): Promise<Bench> {
  const sandbox = await createSandboxOpenEmr({ profile });
  const config = readConfig({ OPENEMR_URL: sandbox.url, OPENEMR_DOCUMENTS: "note", ...settings });
  const wire = createOpenEmrSend(config);
  const store = createMemoryStore();
  onTestFinished(async () => {
    await filing?.stop();
    await wire.close();
    await sandbox.close();
    await store.close();
  });
  const [patient] = sandbox.chart().patients;
  if (patient === undefined) throw new Error("no patient");
  const client = { url: sandbox.url, clientId, clientSecret, redirectUri: "http://localhost:3000/callback" };
  const known = clientScopes.filter((scope) => profile !== "openemr-7.0.0" || !scope.startsWith("user/Appointment"));
  const scopes = [...known, "user/document.read", "user/document.write"];
  const { access_token: token } = await tokensFor({
    ...client,
    scopes,
    username: "dr.rivera",
    password: "demo-rivera",
  });
  const timers: (() => void)[] = [];
  const schedule: Schedule = {
    after: (_ms, work) => {
      timers.push(work);
      return () => void timers.splice(timers.indexOf(work), 1);
    },
  };
  const it: Bench = {
    sandbox,
    store,
    token,
    nowMs: start,
    restart(more = {}) {
      const clock = { now: () => it.nowMs };
      filing = createFiling({
        config: { ...config, ...more },
        clock,
        schedule,
        random: () => 0,
        store,
        audit: createAudit(clock),
        auth: { require: () => Promise.reject(new Error("not a request")), tokenOf: async () => it.token },
        events: { visitChanged: async () => {}, followUpsChanged: async () => {} },
        log: { info: () => {}, warn: () => {}, error: () => {} },
        openemr: createOpenEmr({
          send: wire.background,
          baseUrl: sandbox.url,
          site: "default",
          timeZone: config.CLINIC_TIME_ZONE,
          clock,
        }),
      });
    },
    ring: () => timers.shift()?.(),
    documents: async () => (await createVisitReader({ store, config }).view(visitId)).filing?.documents ?? [],
    inChart: () =>
      sandbox.chart().patients[0]?.documents.map(({ filename, category }) => ({ filename, category })) ?? [],
  };
  await sign(it, { id: patient.uuid, pid: String(patient.pid) });
  return it;
}

async function sign({ store }: Bench, { id, pid }: { id: string; pid: string }): Promise<void> {
  const patient = { id, name: "Ada Quill", birthDate: "1971-03-14", recordNumber: "1", sex: "Female" };
  const visit = insertRow("visits", {
    id: visitId,
    clinician_id: rivera,
    clinician_name: "Elena Rivera",
    patient_id: id,
    patient_pid: pid,
    patient_json: JSON.stringify(patient),
    reason: "Cough",
    consent_json: JSON.stringify({
      answer: "yes",
      others: [],
      textVersion: "1",
      language: "en",
      interpreter: false,
      askedAt: "2026-11-21T14:00:00.000Z",
    }),
    device: "Room 3",
    state: "signed",
    started_at: start,
    created_at: start,
    updated_at: start,
  });
  const note = insertRow("signed_notes", {
    visit_id: visitId,
    note_json: JSON.stringify({ ...emptyNote, subjective: "Cough.", plan: "Fluids.\n\nSigned by Elena Rivera." }),
    sha256: "0".repeat(64),
    signed_at: start,
    signed_by: rivera,
    signer_name: "Elena Rivera",
    drafted_with: "",
  });
  const order = insertRow("filings", { visit_id: visitId, clinician_id: rivera, state: "waiting", next_try_at: start });
  await store.transact({ statements: [visit, note, order] });
}

/** Real sockets: the state is waited for. */
async function until(it: Bench, states: string[]): Promise<void> {
  await expect.poll(async () => (await it.documents()).map(({ state }) => state), { timeout: 20_000 }).toEqual(states);
}

const settled = (it: Bench) =>
  expect.poll(async () => (await it.documents())[0]?.problem?.code ?? null, { timeout: 20_000 });

test.each<ProfileName>(["openemr-7.0.0", "openemr-8.0", "openemr-8.2", "openemr-8.3", "fhir-scheduling"])(
  "%s: after the note is verified its PDF and the summary are uploaded once and found again; a restart adds none",
  async (profile) => {
    const it = await bench(profile, { OPENEMR_DOCUMENTS: "note,summary" });
    it.restart();
    await until(it, ["verified", "verified"]);
    expect(it.inChart().map(({ category }) => category)).toEqual(["Medical Record", "Medical Record"]);
    expect(it.inChart().map(({ filename }) => filename.split("-")[1])).toEqual(
      expect.arrayContaining(["note", "summary"]),
    );
    expect((await it.documents())[0]).toMatchObject({ documentId: expect.stringMatching(/^\d+$/u), problem: null });
    expect(await it.store.query("SELECT body FROM documents")).toEqual([{ body: null }, { body: null }]);
    expect(await it.store.query("SELECT action, object, outcome FROM audit ORDER BY seq")).toContainEqual({
      action: "C",
      object: `document:note:${visitId}`,
      outcome: "ok",
    });
    await filing?.stop();
    // A crash between the upload and the store: it is looked for, not sent again.
    await it.store.transact({
      statements: [{ sql: "UPDATE documents SET state = 'filing', document_id = NULL, sha3 = NULL", params: [] }],
    });
    it.restart();
    await until(it, ["verified", "verified"]);
    expect(it.inChart()).toHaveLength(2);
  },
  60_000,
);

test("off unless configured", async () => {
  const it = await bench("openemr-8.2", { OPENEMR_DOCUMENTS: "" });
  it.restart();
  await expect
    .poll(async () => (await it.store.query("SELECT state FROM filings"))[0]?.["state"], { timeout: 20_000 })
    .toBe("verified");
  expect(await it.documents()).toEqual([]);
  expect(it.inChart()).toEqual([]);
});

test.each(["lose-answer", "fail"] as const)(
  "the upload goes wrong (%s): one document in the end",
  async (kind) => {
    const it = await bench("openemr-8.2");
    it.sandbox.controls.fault({ kind, method: "POST", path: "/document" });
    it.restart();
    if (kind === "lose-answer") {
      await settled(it).not.toBeNull();
      it.nowMs += 10 * 60_000;
      it.ring();
    } else {
      // Nothing was stored, but nobody can know: a person looks, and asks for another try.
      await until(it, ["failed"]);
      expect((await it.documents())[0]?.problem).toMatchObject({ code: "openemr_refused", field: "document" });
      await it.store.transact({
        statements: [...retryStatements(visitId, it.nowMs), againStatement(visitId, it.nowMs)],
      });
      filing?.wake();
    }
    await until(it, ["verified"]);
    expect(it.inChart()).toHaveLength(1);
  },
  60_000,
);

test("a category that does not exist: it is said, and not uploaded again and again; with one that does it is filed", async () => {
  const it = await bench("openemr-8.2");
  it.restart({ OPENEMR_DOCUMENT_CATEGORY: "Nowhere" });
  await until(it, ["failed"]);
  expect(it.inChart()).toEqual([{ filename: expect.any(String), category: null }]);
  // A crash before the failure was kept: the next run looks, and does not upload it once more.
  await it.store.transact({ statements: [{ sql: "UPDATE documents SET state = 'waiting'", params: [] }] });
  filing?.wake();
  await until(it, ["failed"]);
  expect(it.inChart()).toHaveLength(1);
  await filing?.stop();
  await it.store.transact({ statements: [againStatement(visitId, it.nowMs)] });
  it.restart();
  await until(it, ["verified"]);
  expect(it.inChart().map(({ category }) => category)).toEqual([null, "Medical Record"]);
});

test("nobody is signed in: the note was filed, its document waits, and says for whom", async () => {
  const it = await bench("openemr-8.2");
  const { token } = it;
  await it.store.transact({
    statements: [
      { sql: "UPDATE filings SET state = 'verified', encounter_id = '1'", params: [] },
      insertRow("documents", {
        id: "d1",
        visit_id: visitId,
        kind: "note",
        addenda: 0,
        clinician_id: rivera,
        name: "chartside-note-d1.pdf",
        state: "waiting",
        next_try_at: start,
      }),
    ],
  });
  it.token = undefined;
  it.restart();
  await settled(it).toBe("signed_out");
  it.token = token;
  filing?.wake();
  await until(it, ["verified"]);
});

test("an addendum that was filed makes a new document with it; the one before stays as it was", async () => {
  const it = await bench("openemr-8.2");
  it.restart();
  await until(it, ["verified"]);
  const addendum = insertRow("addenda", {
    id: AddendumId.parse("44444444-4444-4444-8444-444444444444"),
    visit_id: visitId,
    note_json: JSON.stringify({ ...emptyNote, subjective: "Addendum. The X-ray was normal." }),
    sha256: "0".repeat(64),
    signed_at: start,
    signed_by: rivera,
    signer_name: "Elena Rivera",
    state: "waiting",
    next_try_at: start,
  });
  await it.store.transact({ statements: [addendum] });
  filing?.wake();
  await expect.poll(() => it.inChart().length, { timeout: 20_000 }).toBe(2);
  await until(it, ["verified"]);
  expect(await it.store.query("SELECT addenda, state FROM documents ORDER BY addenda")).toEqual([
    { addenda: 0, state: "verified" },
    { addenda: 1, state: "verified" },
  ]);
});
