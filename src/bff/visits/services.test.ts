import { expect, onTestFinished, test, vi } from "vitest";
import { readConfig } from "#bff/config.ts";
import { createScribes, type ScribeLine } from "#bff/scribes/scribes.ts";
import { ServiceList, ServiceReports } from "#protocol/bff-services.ts";
import type { NotifyTarget, Scribe } from "#scribe/scribe.ts";
import { problem } from "#model/problem.ts";
import { createFakeScribe } from "./fake-scribe.ts";
import { keepRegistered } from "./keep-registered.ts";
import { createManualSchedule } from "./manual-schedule.ts";
import { chunkOf, createTestClinic, finish, putChunk, startVisit, viewOf } from "./test-clinic.ts";
import { firstService } from "./test-scribes.ts";

test("every role sees what writes the notes, and whether it answers now", async () => {
  const clinic = await createTestClinic();
  onTestFinished(() => clinic.close());
  const ask = async (as: string) =>
    ServiceList.parse((await clinic.request(as, { method: "GET", url: "/api/services" })).json());
  expect((await ask("desk")).services).toEqual([
    {
      id: "127.0.0.1:8400",
      name: "Fake Scribe",
      url: "http://127.0.0.1:8400",
      state: "up",
      breaker: "closed",
      protocol: "MedScribeAlliance 0.1",
      wants: "chunks",
      model: "pro",
      maxChunkSeconds: 20,
      maxSessionSeconds: 3600,
      templates: [],
      webhooks: null,
      audioFormats: ["audio/webm;codecs=opus"],
      speechEngine: "none",
      noteWriter: "by hand",
    },
  ]);
  clinic.scribe.isDown = true;
  expect((await ask("clinician")).services[0]?.state).toBe("up");
  clinic.clock.advance(10_000);
  expect((await ask("clinician")).services[0]).toMatchObject({ name: "127.0.0.1:8400", state: "down" });
});

test("what went wrong lately is told to an administrator alone, and asking again is in the audit", async () => {
  const clinic = await createTestClinic();
  onTestFinished(() => clinic.close());
  const check = (as: string) => clinic.request(as, { method: "POST", url: "/api/services/check" });
  const reports = (as: string) => clinic.request(as, { method: "GET", url: "/api/services/reports" });
  expect((await reports("clinician")).statusCode).toBe(403);
  expect((await check("desk")).statusCode).toBe(403);
  clinic.scribe.isDown = true;
  clinic.clock.advance(1000);
  const at = new Date(clinic.clock.now()).toISOString();
  const [told] = ServiceReports.parse((await check("administrator")).json()).services;
  expect(told).toEqual({
    id: firstService,
    downSince: at,
    lastAnswerAt: null,
    failures: [{ at, doing: "discover", code: "scribe_down", detail: null }],
  });
  clinic.scribe.isDown = false;
  await check("administrator");
  const { failoverAfterSeconds, services } = ServiceReports.parse((await reports("administrator")).json());
  expect([failoverAfterSeconds, services[0]?.downSince, services[0]?.lastAnswerAt]).toEqual([null, null, at]);
  expect(
    await clinic.rows("SELECT action, actor FROM audit WHERE object = 'services/check' AND outcome = 'ok'"),
  ).toEqual([0, 1].map(() => ({ action: "E", actor: "user-admin" })));
});

test("what went wrong, and since when a service is away, outlives a restart; that it is back, too", async () => {
  const clinic = await createTestClinic();
  const check = async (at: typeof clinic) => {
    const { body } = await at.request("administrator", { method: "POST", url: "/api/services/check" });
    return ServiceReports.parse(JSON.parse(body)).services[0];
  };
  clinic.scribe.isDown = true;
  const away = await check(clinic);
  clinic.clock.advance(60_000);
  const again = await clinic.restart();
  const later = await check(again);
  expect(later?.downSince).toBe(away?.downSince);
  expect(later?.failures.map(({ at }) => at)).toEqual([again.clock.now(), clinic.clock.now() - 60_000].map(iso));
  again.scribe.isDown = false;
  await check(again);
  const third = await again.restart();
  onTestFinished(() => third.close());
  const { body } = await third.request("administrator", { method: "GET", url: "/api/services/reports" });
  expect(ServiceReports.parse(JSON.parse(body)).services[0]).toEqual({
    ...later,
    downSince: null,
    lastAnswerAt: iso(again.clock.now()),
  });
});

const iso = (ms: number) => new Date(ms).toISOString();

const secret = "whsec_0123456789abcdef";

function registrationWith(settings: Record<string, string>, lines: Record<string, Partial<Scribe>>) {
  const [first, ...others] = Object.entries(lines).map(([name, scribe]): ScribeLine => {
    return { name, scribe: { ...createFakeScribe(), ...scribe }, breaker: () => "closed" };
  });
  if (first === undefined) throw new Error("needs a service");
  const schedule = createManualSchedule();
  const clock = { now: () => 0 };
  const config = readConfig({ CHARTSIDE_WEBHOOK_URL: "https://clinic.example/webhooks/scribe", ...settings });
  const scribes = createScribes([first, ...others], { clock, failoverAfterMs: null });
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  return { schedule, registration: keepRegistered({ config, scribes, schedule, log }) };
}

test("the webhook address is registered at start, and again every minute until the scribe takes it", async () => {
  const targets: unknown[] = [];
  const notifyAt = async (target: unknown) => {
    targets.push(target);
    if (targets.length === 1) throw problem("scribe_down");
    return "registered" as const;
  };
  const settings = { SCRIBE_WEBHOOK_SECRET: `${secret}, the one before` };
  const { schedule, registration } = registrationWith(settings, { [firstService]: { notifyAt } });
  await registration.settled();
  expect(schedule.delays()).toEqual([60_000]);
  schedule.runNext();
  await registration.settled();
  const target = { url: "https://clinic.example/webhooks/scribe", secret };
  expect(targets).toEqual([target, target]);
  expect(schedule.delays()).toEqual([]);
});

test("every service is told its own secret", async () => {
  const told: [string, string][] = [];
  const notify = (name: string) => ({
    notifyAt: async (target: NotifyTarget) => {
      told.push([name, target.secret]);
      return "registered" as const;
    },
  });
  const url = "https://scribe.example";
  const services = [
    { name: "A", url, key: "k", webhookSecrets: ["the new one of A's", "the old one of A's"] },
    { name: "B", url, key: "k" },
  ];
  const settings = { SCRIBE_SERVICES: JSON.stringify(services), SCRIBE_WEBHOOK_SECRET: secret };
  await registrationWith(settings, { A: notify("A"), B: notify("B") }).registration.settled();
  expect(told).toEqual([
    ["A", "the new one of A's"],
    ["B", secret],
  ]);
});

test("a service that left the configuration: nobody else is asked about its job, and the visit can go to another one", async () => {
  const clinic = await createTestClinic();
  onTestFinished(() => clinic.close());
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunkOf(0));
  const moved = ["visits", "scribe_jobs"].map((table) => ({ sql: `UPDATE ${table} SET service = 'gone'`, params: [] }));
  await clinic.store.transact({ statements: moved });
  const asked = vi.spyOn(clinic.scribe, "read");
  await finish(clinic, visitId, [chunkOf(0)]);
  await clinic.jobs.settled();
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "failed", problem: { code: "scribe_not_configured" } });
  expect(asked).not.toHaveBeenCalled();
  const url = `/api/visits/${visitId}/service`;
  await clinic.request("clinician", { method: "POST", url, payload: { service: firstService } });
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "waiting_for_network", service: firstService });
});
