/** `npm run scribe:webhooks` as a process, against running services: registering, changing the secret, and refusals in words. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { isGenuineOmsif } from "#bff/omsif-delivery.ts";
import { createScribeSend } from "#bff/upstream/scribe-send.ts";
import { createTestClinic, earlierWebhookSecret, viewOf, webhookSecret } from "#bff/visits/test-clinic.ts";
import { isGenuine } from "#bff/visits/webhook-signature.ts";
import {
  deliver,
  type Delivery,
  holdsOneNote,
  openReceiver,
  recordedVisit,
  toWav,
} from "#bff/visits/webhook-world.contract.ts";
import { sandboxClient } from "#sandbox/msa/sandbox.ts";
import { createScribe } from "#scribe/discover.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import type { Scribe } from "#scribe/scribe.ts";
import { startServer, stopServer } from "./server.ts";

const key = "sk_test_sandbox";

/** What it printed and how it ended. */
async function command(env: Record<string, string>) {
  const run = fileURLToPath(new URL("run.js", import.meta.url));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", run, "scribe-webhooks"], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) await once(child, "exit");
  return { code: child.exitCode, said, complained };
}

async function startService(main: string, env: Record<string, string>) {
  const server = await startServer({ name: "service", main, env });
  onTestFinished(() => stopServer(server));
  return server;
}

/** A clinic server that takes both secrets, at an address that services can reach; its poller never looks. */
async function openClinic(url: string) {
  const wire = createScribeSend({ SCRIBE_URL: url });
  const access = { protocol: "auto", apiKey: key, waiting: createFakeWaiting(), toWav } as const;
  const scribe = createScribe({ url, send: wire.send, ...access });
  const clinic = await createTestClinic<Scribe>(scribe);
  onTestFinished(async () => {
    await clinic.close();
    await wire.close();
  });
  clinic.clock.advance(Date.now() - clinic.clock.now());
  const ends: Delivery[] = [];
  const address = await openReceiver(async (delivery) => {
    if (delivery.body.includes("completed")) ends.push(delivery);
    return deliver(clinic, delivery);
  });
  /** A visit whose note is there because the service said so. */
  const toldVisit = async (isConverted: boolean): Promise<Delivery> => {
    const told = ends.length;
    const visitId = await recordedVisit(clinic);
    await vi.waitFor(() => expect(ends.length).toBe(told + 1), { timeout: 30_000 });
    await vi.waitFor(async () => expect((await viewOf(clinic, visitId)).state).toBe("draft_ready"), {
      timeout: 30_000,
    });
    await holdsOneNote(clinic, visitId, isConverted);
    return ends[told]!;
  };
  return { clinic, scribe, address, toldVisit };
}

type Registration = { webhook_id: string; url: string; events: string[] };

async function registrations(url: string): Promise<Registration[]> {
  const answer = await fetch(`${url}/v1/webhooks`, { headers: { "x-api-key": key } });
  return ((await answer.json()) as { webhooks: Registration[] }).webhooks;
}

/** The secrets that fit a delivery. */
function signersOf({ headers, body }: Delivery): string[] {
  const bytes = new TextEncoder().encode(body);
  return [webhookSecret, earlierWebhookSecret].filter((secret) => {
    const omsif = headers["x-scribe-signature"];
    if (omsif !== undefined) return isGenuineOmsif({ header: omsif, body: bytes, secret });
    return isGenuine({ header: headers["x-msa-signature"], body: bytes, secret, nowMs: Date.now() });
  });
}

test("MedScribeAlliance, form A: registered, and again with another secret", async () => {
  const { url } = await startService("sandbox/msa/main.ts", { SANDBOX_MSA_FORM: "A", SANDBOX_MSA_PORT: "0" });
  const { clinic, address, toldVisit } = await openClinic(url);
  const settings = { SCRIBE_URL: url, SCRIBE_API_KEY: key, CHARTSIDE_WEBHOOK_URL: address };
  const name = new URL(url).host;

  const first = await command({ ...settings, SCRIBE_WEBHOOK_SECRET: earlierWebhookSecret });
  expect(first).toMatchObject({
    code: 0,
    said: `yes  ${name}: registered, signed with the first secret from now on\n`,
  });
  const [known, ...others] = await registrations(url);
  expect(known).toMatchObject({
    url: address,
    events: expect.arrayContaining(["session.completed", "session.failed"]),
  });
  expect(others).toEqual([]);
  const before = await toldVisit(false);
  expect(signersOf(before)).toEqual([earlierWebhookSecret]);

  const both = { SCRIBE_WEBHOOK_SECRET: `${webhookSecret}, ${earlierWebhookSecret}` };
  expect(await command({ ...settings, ...both })).toMatchObject({ code: 0 });
  const [replaced, ...more] = await registrations(url);
  expect(replaced).toMatchObject({ url: address });
  expect(replaced?.webhook_id).not.toBe(known?.webhook_id);
  expect(more).toEqual([]);
  expect(signersOf(await toldVisit(false))).toEqual([webhookSecret]);
  // One that was on its way while the secret changed.
  expect(await deliver(clinic, before)).toBe(204);
});

test("OMSIF: nothing is registered, and while the agreed secret changes both are taken", async () => {
  const start = (secret: string) =>
    startService("sandbox/omsif/main.ts", {
      SANDBOX_OMSIF_REVISION: "2",
      SANDBOX_OMSIF_PORT: "0",
      SANDBOX_OMSIF_SECRET: secret,
    });
  const told: Delivery[] = [];
  for (const secret of [earlierWebhookSecret, webhookSecret]) {
    const { url } = await start(secret);
    const { clinic, scribe, address, toldVisit } = await openClinic(url);
    const settings = { SCRIBE_URL: url, SCRIBE_API_KEY: key, CHARTSIDE_WEBHOOK_URL: address };
    const said = await command({ ...settings, SCRIBE_WEBHOOK_SECRET: `${webhookSecret},${earlierWebhookSecret}` });
    expect(said).toMatchObject({ code: 0 });
    expect(said.said).toMatch(/^yes {2}\S+: keeps no address: it is told with each job\. Its secret is agreed/u);
    expect(await scribe.notifyAt?.({ url: address, secret: webhookSecret })).toBe("with_each_job");
    told.push(await toldVisit(true));
    expect(signersOf(told.at(-1)!)).toEqual([secret]);
    for (const delivery of told) expect(await deliver(clinic, delivery)).toBe(204);
  }
});

test("several services: each has its line, and what cannot be is said with the name of the field", async () => {
  const a = await startService("sandbox/msa/main.ts", { SANDBOX_MSA_FORM: "A", SANDBOX_MSA_PORT: "0" });
  const c = await startService("sandbox/msa/main.ts", { SANDBOX_MSA_FORM: "C", SANDBOX_MSA_PORT: "0" });
  const oidc = { tokenUrl: `${c.url}/oauth/token`, ...sandboxClient };
  const services = [
    { name: "Good", url: a.url, key, webhookSecrets: [webhookSecret] },
    { name: "Without secret", url: a.url, key },
    { name: "Wrong key", url: a.url, key: "sk_test_other", webhookSecrets: [webhookSecret] },
    { name: "Polled", url: `${c.url}/voice/v1`, oidc, webhookSecrets: [webhookSecret] },
  ];
  const SCRIBE_SERVICES = JSON.stringify(services);
  const settings = { SCRIBE_SERVICES, CHARTSIDE_WEBHOOK_URL: "https://clinic.example/webhooks/scribe" };
  const all = await command(settings);
  expect(all.said.split("\n")).toEqual([
    "yes  Good: registered, signed with the first secret from now on",
    "NO   Without secret: no secret is set: SCRIBE_WEBHOOK_SECRET, or its own webhookSecrets",
    "NO   Wrong key: it does not take our key (401 invalid_api_key)",
    "-    Polled: has no webhooks: its jobs are polled",
    "",
  ]);
  expect(all.code).toBe(1);
  expect(`${all.said}${all.complained}`).not.toMatch(/whsec_|sk_test_|sandbox-client-secret/u);

  const open = await command({ ...settings, CHARTSIDE_WEBHOOK_URL: "http://clinic.example/webhooks/scribe" });
  expect(open.said).toContain('NO   Good: it refuses the field "url" (400 invalid_request)\n');
  expect(open.code).toBe(1);
});

const unfit = [
  [{}, "CHARTSIDE_WEBHOOK_URL is not set"],
  [{ CHARTSIDE_WEBHOOK_URL: "clinic.example" }, "CHARTSIDE_WEBHOOK_URL: Invalid URL"],
  [{ SCRIBE_SERVICES: '[{"name":"X","url":"https://x.example"}]' }, "SCRIBE_SERVICES.0.key: give either key or oidc"],
] as const;

test("settings that are not enough are named", async () => {
  const answers = await Promise.all(unfit.map(async ([env, words]) => ({ words, ...(await command(env)) })));
  for (const { code, said, complained, words } of answers) {
    expect({ code, said }).toEqual({ code: 2, said: "" });
    expect(complained).toContain(words);
    expect(complained).not.toContain("    at ");
  }
});
