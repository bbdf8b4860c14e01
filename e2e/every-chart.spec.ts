/**
 * The whole visit on every OpenEMR that the sandbox can be, over the clinic server's own routes: sign-in through OpenEMR's
 * pages, worklist, spoken audio to the local scribe, its draft, signature, filing, follow-up, and then the chart's tables. No browser:
 * the chart is what is tried here.
 */
import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { canonicalNote } from "#model/note.ts";
import { NoteView, VisitView, Worklist } from "#protocol/bff.ts";
import { FollowUpQueue, FreeTimes } from "#protocol/bff-desk.ts";
import { signInFrom } from "#sandbox/openemr/replay/visitor.ts";
import type { Account } from "#sandbox/seed.ts";
import { chartOf } from "./chart.ts";
import { desk, rivera } from "./clinician.ts";
import { days, offsetTo } from "./dates.ts";
import { createWorld, type World } from "./world.ts";

const patient = "Ada Quill";
const clockOffsetMs = offsetTo(days.weekday);

/** A machine under load is slow, not wrong. */
test.describe.configure({ timeout: 600_000 });

for (const profile of ["openemr-7.0.0", "openemr-8.0", "openemr-8.2", "fhir-scheduling"]) {
  test(`${profile}: a visit becomes a signed note in the chart and a booked follow-up`, async () => {
    const world = await createWorld({
      clockOffsetMs,
      takes: 1,
      chart: { SANDBOX_OPENEMR_PROFILE: profile },
    });
    try {
      await wholeWay(world, profile);
    } finally {
      await world.stop();
    }
  });
}

async function wholeWay(world: World, profile: string): Promise<void> {
  const before = await chartOf(world.chartUrl, patient);
  const clinician = await signIn(world, rivera);
  const visitId = await record(clinician, world);
  const signed = await sign(clinician, visitId);
  const filing = async () => (await visitOf(clinician, visitId)).filing?.state;
  await expect.poll(filing, { timeout: 60_000 }).toBe("verified");
  const filed = await chartOf(world.chartUrl, patient);
  expect(filed.encounters).toHaveLength(before.encounters.length + 1);
  expect(filed.encounters.at(-1)).toMatchObject({ externalId: visitId });
  expect(filed.soapNotes).toHaveLength(before.soapNotes.length + 1);
  const { subjective, objective, assessment, plan } = filed.soapNotes.at(-1) ?? {};
  const [s = "", o = "", a = "", p = ""] = [subjective, objective, assessment, plan].map((text) => text ?? "");
  expect(canonicalNote({ subjective: s, objective: o, assessment: a, plan: p })).toBe(canonicalNote(signed.note));
  expect(signed.note.plan).toMatch(/aspirin 81 mg/iu);

  const booked = await book(await signIn(world, desk));
  const { appointments } = await chartOf(world.chartUrl, patient);
  const fresh = appointments.filter(({ eid }) => !before.appointments.some((known) => known.eid === eid));
  expect(fresh).toMatchObject([{ date: booked.date, startTime: `${booked.startTime}:00`, provider: "dr.rivera" }]);
  // Over FHIR a booking is "booked"; OpenEMR's own API makes it with the status that it shows as proposed.
  expect(fresh[0]?.status).toBe(profile === "fhir-scheduling" ? "*" : "-");
  expect((await clinician.send("POST /auth/logout")).status).toBe(204);
  expect((await clinician.send(`GET /api/visits/${visitId}/note`)).status).toBe(401);
}

type Client = {
  /** `call` is method and path. */
  send(call: string, body?: BodyInit, headers?: Record<string, string>): Promise<Response>;
  json(method: string, path: string, body?: unknown): Promise<unknown>;
};

/** What a browser on our page sends and keeps. */
function clientOf(world: World): Client {
  const cookies = new Map<string, string>();
  const send: Client["send"] = async (call, body, headers = {}) => {
    const [method = "", path = ""] = call.split(" ");
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const own = { origin: world.origin, "x-bff": "1", cookie };
    const answer = await fetch(world.origin + path, { method, headers: { ...own, ...headers }, ...(body && { body }) });
    for (const line of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
      cookies.set(name, value);
    }
    return answer;
  };
  return {
    send,
    json: async (method, path, body) => {
      const type = body === undefined ? {} : { "content-type": "application/json" };
      const answer = await send(`${method} ${path}`, body === undefined ? undefined : JSON.stringify(body), type);
      expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
      return answer.json();
    },
  };
}

async function signIn(world: World, account: Account): Promise<Client> {
  const client = clientOf(world);
  const begun = (await client.json("POST", "/auth/begin", {})) as { nonce: string; scope: string };
  const { oidc } = (await client.json("GET", "/api/bootstrap")) as {
    oidc: { authorizationEndpoint: string; clientId: string };
  };
  const verifier = randomUUID() + randomUUID();
  const redirectUri = `${world.origin}/callback`;
  const query = new URLSearchParams({
    response_type: "code",
    client_id: oidc.clientId,
    redirect_uri: redirectUri,
    scope: begun.scope,
    nonce: begun.nonce,
    state: "s",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const back = await signInFrom(`${oidc.authorizationEndpoint}?${query}`, account);
  const form = { grant_type: "authorization_code", client_id: oidc.clientId, redirect_uri: redirectUri };
  const body = new URLSearchParams({ ...form, code: back.get("code") ?? "", code_verifier: verifier });
  expect((await client.send("POST /auth/token", body)).status).toBe(200);
  return client;
}

/** A minute of an invented visit, as the browser cuts it. */
async function record(client: Client, world: World): Promise<string> {
  const { rows } = Worklist.parse(await client.json("GET", "/api/worklist"));
  const row = rows.find((one) => one.patient.name === patient);
  if (!row) throw new Error("the patient is not on today's list");
  const visitId = randomUUID();
  const at = new Date(Date.now() + world.clockOffsetMs).toISOString();
  const consent = { answer: "yes", others: [], textVersion: "1", language: "en", interpreter: false, askedAt: at };
  const { appointmentId, reason } = row;
  const visit = { patientId: row.patient.id, appointmentId, reason, consent, startedAt: at, device: "Room 3 PC" };
  await client.json("PUT", `/api/visits/${visitId}`, visit);
  const chunks = [0, 1, 2, 3].map((sequence) => {
    const place = new URL(`../src/local-scribe/fixtures/chest-pain/audio_${sequence}.webm`, import.meta.url);
    const bytes = readFileSync(place);
    return { sequence, bytes, sha256: createHash("sha256").update(bytes).digest("hex"), durationMs: 16_000 };
  });
  for (const { sequence, bytes, sha256, durationMs } of chunks) {
    const answer = await client.send(`PUT /api/visits/${visitId}/chunks/${sequence}`, new Uint8Array(bytes), {
      "content-type": "audio/webm;codecs=opus",
      "x-chunk-sha256": sha256,
      "x-chunk-duration-ms": String(durationMs),
    });
    expect(answer.status).toBe(200);
  }
  await client.json("POST", `/api/visits/${visitId}/finish`, {
    chunks: chunks.map(({ sequence, sha256, durationMs }) => ({ sequence, sha256, durationMs })),
  });
  return visitId;
}

async function visitOf(client: Client, visitId: string): Promise<VisitView> {
  return VisitView.parse(await client.json("GET", `/api/visits/${visitId}`));
}

/** Signs the draft as it came, with its first follow-up. */
async function sign(client: Client, visitId: string): Promise<NoteView> {
  await expect.poll(async () => (await visitOf(client, visitId)).state, { timeout: 300_000 }).toBe("draft_ready");
  const draft = NoteView.parse(await client.json("GET", `/api/visits/${visitId}/note`));
  expect(draft.followUps.length).toBeGreaterThan(0);
  const sha256 = createHash("sha256").update(canonicalNote(draft.note)).digest("hex");
  await client.json("POST", `/api/visits/${visitId}/sign`, {
    revision: draft.revision,
    sha256,
    followUps: draft.followUps.slice(0, 1),
  });
  return NoteView.parse(await client.json("GET", `/api/visits/${visitId}/note`));
}

async function book(client: Client): Promise<{ date: string; startTime: string }> {
  const { followUps } = FollowUpQueue.parse(await client.json("GET", "/api/desk/follow-ups"));
  const card = followUps.find((one) => one.patient.name === patient && one.booking === null);
  if (!card) throw new Error("no follow-up to book");
  const { times } = FreeTimes.parse(await client.json("GET", `/api/desk/follow-ups/${card.id}/times`));
  const [first] = times;
  if (!first) throw new Error("no free time");
  const { date, startTime } = first;
  await client.json("POST", `/api/desk/follow-ups/${card.id}/bookings`, { date, startTime });
  return { date, startTime };
}
