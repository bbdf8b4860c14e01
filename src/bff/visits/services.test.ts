import { expect, onTestFinished, test } from "vitest";
import { ServiceList } from "#protocol/bff.ts";
import { problem } from "#model/problem.ts";
import { createFakeScribe } from "./fake-scribe.ts";
import { keepRegistered } from "./keep-registered.ts";
import { createManualSchedule } from "./manual-schedule.ts";
import { createTestClinic } from "./test-clinic.ts";

test("every role sees what writes the notes, and whether it answers now", async () => {
  const clinic = await createTestClinic();
  onTestFinished(() => clinic.close());
  const ask = async (as: string) =>
    ServiceList.parse((await clinic.request(as, { method: "GET", url: "/api/services" })).json());
  expect((await ask("desk")).services).toEqual([
    {
      name: "Fake Scribe",
      url: "http://127.0.0.1:8400",
      state: "up",
      protocol: "MedScribeAlliance 0.1",
      model: "pro",
      maxChunkSeconds: 20,
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

test("the webhook address is registered at start, and again every minute until the scribe takes it", async () => {
  const schedule = createManualSchedule();
  const targets: unknown[] = [];
  const scribe = {
    ...createFakeScribe(),
    notifyAt: async (target: unknown) => {
      targets.push(target);
      if (targets.length === 1) throw problem("scribe_down");
    },
  };
  const target = { url: "https://clinic.example/webhooks/scribe", secret: "whsec_0123456789abcdef" };
  const config = { CHARTSIDE_WEBHOOK_URL: target.url, SCRIBE_WEBHOOK_SECRET: target.secret };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const registration = keepRegistered({ config, scribe, schedule, log });
  await registration.settled();
  expect(schedule.delays()).toEqual([60_000]);
  schedule.runNext();
  await registration.settled();
  expect(targets).toEqual([target, target]);
  expect(schedule.delays()).toEqual([]);
});
