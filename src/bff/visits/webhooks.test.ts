import { createHmac } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { fakeResult } from "./fake-scribe.ts";
import type { TestClinic } from "./test-clinic.ts";
import {
  chunkOf,
  createTestClinic,
  finish,
  putChunk,
  startVisit,
  viewOf,
  webhookSecret,
  earlierWebhookSecret,
} from "./test-clinic.ts";

async function openClinic() {
  const clinic = await createTestClinic();
  onTestFinished(() => clinic.close());
  return clinic;
}

const body = (sessionId: string, more: object = {}) =>
  JSON.stringify({ event: "session.completed", timestamp: "2026-11-20T15:00:00Z", session_id: sessionId, ...more });

function signed(clinic: TestClinic, payload: string, { skewSeconds = 0, secret = webhookSecret } = {}): string {
  const time = Math.floor(clinic.clock.now() / 1000) + skewSeconds;
  return `t=${time},v1=${createHmac("sha256", secret).update(`${time}.${payload}`).digest("hex")}`;
}

/** As the scribe sends it: no origin, no x-bff, no session. */
const deliver = (clinic: TestClinic, payload: string, signature?: string) =>
  clinic.app.inject({
    method: "POST",
    url: "/webhooks/scribe",
    headers: {
      host: "localhost:3000",
      "content-type": "application/json",
      ...(signature === undefined ? {} : { "x-msa-signature": signature }),
    },
    payload,
  });

test("a genuine notification makes the poller look at once", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunkOf(0));
  await finish(clinic, visitId, [chunkOf(0)]);
  await clinic.jobs.settled();
  clinic.scribe.answer = { state: "done", result: fakeResult };
  const payload = body("ses_1");
  expect((await deliver(clinic, payload, signed(clinic, payload))).statusCode).toBe(204);
  await clinic.jobs.settled();
  expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
});

test("a delivery is in the inbox before the 2xx, once however often it comes, and without the note it may carry", async () => {
  const clinic = await openClinic();
  const payload = body("ses_9", { data: { session_id: "ses_9", transcript: "Ada said" } });
  const answers = [
    await deliver(clinic, payload, signed(clinic, payload)),
    await deliver(clinic, payload, signed(clinic, payload)),
  ];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204]);
  const inbox = await clinic.rows("SELECT body FROM webhook_inbox");
  expect(inbox.map((row) => new TextDecoder().decode(row["body"] as Uint8Array))).toEqual([
    '{"event":"session.completed","session_id":"ses_9"}',
  ]);
});

test("one of several signatures is enough, within five minutes either way", async () => {
  const clinic = await openClinic();
  const payload = body("ses_1");
  const good = signed(clinic, payload);
  const rotated = good.replace(",v1=", `,v1=${"0".repeat(64)},v1=not-hex,v1=`);
  expect((await deliver(clinic, payload, rotated)).statusCode).toBe(204);
  for (const [skewSeconds, status] of [
    [-300, 204],
    [300, 204],
    [-301, 401],
    [301, 401],
  ] as const) {
    expect((await deliver(clinic, payload, signed(clinic, payload, { skewSeconds }))).statusCode).toBe(status);
  }
});

test("while one secret follows another, both are good", async () => {
  const clinic = await openClinic();
  const payload = body("ses_1");
  const earlier = signed(clinic, payload, { secret: earlierWebhookSecret });
  expect((await deliver(clinic, payload, earlier)).statusCode).toBe(204);
});

test("anything else is 401 with an audit row, and leaves no trace in the inbox", async () => {
  const clinic = await openClinic();
  const payload = body("ses_1");
  const stale = signed(clinic, body("ses_2"));
  const wrong = [undefined, "", "t=x,v1=y", stale, signed(clinic, payload, { secret: "whsec_somebody_else" })];
  for (const signature of wrong) expect((await deliver(clinic, payload, signature)).statusCode).toBe(401);
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM audit WHERE actor = 'scribe' AND outcome = 'refused'")).toEqual([
    { n: wrong.length },
  ]);
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM webhook_inbox")).toEqual([{ n: 0 }]);
});

test("nonsense in numbers cannot bury the audit trail", async () => {
  const clinic = await openClinic();
  const rows = async () => (await clinic.rows("SELECT COUNT(*) AS n FROM audit WHERE object = 'webhook'"))[0]?.["n"];
  for (let time = 0; time < 30; time += 1) expect((await deliver(clinic, body("ses_1"))).statusCode).toBe(401);
  expect(await rows()).toBe(20);
  clinic.clock.advance(60_000);
  await deliver(clinic, body("ses_1"));
  expect(await rows()).toBe(21);
});

test("a genuine delivery that names no session is 400", async () => {
  const clinic = await openClinic();
  const payload = '{"event":"session.completed"}';
  expect((await deliver(clinic, payload, signed(clinic, payload))).statusCode).toBe(400);
});
