/**
 * Killed while a notification is on its way: the clinic server at the steps of taking it in, and the service that sends it. In
 * the end there is one note, and a sender that heard no answer may send again. Each form at every step: `npm run soak`.
 */
import { expect, onTestFinished, test, vi } from "vitest";
import { verifyAudit } from "#bff/audit.ts";
import { createScribeSend } from "#bff/upstream/scribe-send.ts";
import type { Scribe } from "#scribe/scribe.ts";
import { createKill, type Kill } from "./kill-at.ts";
import { killableServices, openKillable, scribeBehind, soaks } from "./killable-service.contract.ts";
import { createTestClinic, viewOf, webhookSecret, type TestClinic } from "./test-clinic.ts";
import {
  callingForms,
  deliver,
  holdsOneNote,
  isMsa,
  openReceiver,
  openWebhookWorld,
  recordedVisit,
} from "./webhook-world.contract.ts";
import type { CallingForm, Delivery } from "./webhook-world.contract.ts";

type Moment = { at: number; when: "before" | "after" };

/** What the sender heard, what the inbox held after the kill, and how many steps the whole way took. */
async function killedWhileTold(form: CallingForm, { at, when }: Moment) {
  const armed: { kill?: Kill } = {};
  const world = await openWebhookWorld(form, (work) => (armed.kill ? armed.kill.outside(work) : work()));
  let clinic: TestClinic<Scribe> = world.clinic;
  const inbox = async () => (await clinic.rows("SELECT COUNT(*) AS n FROM webhook_inbox"))[0]?.["n"];
  try {
    world.sandbox.controls.hold();
    const visitId = await recordedVisit(clinic);
    world.sandbox.controls.release();
    const told = world.posted.at(-1)!;
    const kill = createKill(at, when);
    armed.kill = kill;
    const status = await deliver(clinic, told);
    await clinic.jobs.settled();
    const [isDead, steps, kept] = [kill.isDead(), kill.steps(), await inbox()];
    if (isDead) clinic = await clinic.restart(world.scribe);
    await clinic.jobs.settled();
    await holdsOneNote(clinic, visitId, !isMsa(form));
    expect(await deliver(clinic, told)).toBe(204);
    await clinic.jobs.settled();
    await holdsOneNote(clinic, visitId, !isMsa(form));
    expect(await inbox()).toBe(1);
    expect(await verifyAudit(clinic.store)).toMatchObject({ intact: true });
    return { status, isDead, steps, kept };
  } finally {
    await world.close(clinic);
  }
}

const forms = Object.keys(callingForms) as CallingForm[];
const quick: CallingForm[] = ["MedScribeAlliance A", "OMSIF rev 2"];

test.each(quick)(
  "%s: the clinic server is killed before it kept the notification, before its 2xx, and after it",
  async (form) => {
    const moments: [Moment, object][] = [
      [
        { at: 0, when: "before" },
        { status: 500, kept: 0 },
      ],
      [
        { at: 0, when: "after" },
        { status: 500, kept: 1 },
      ],
      [
        { at: 1, when: "before" },
        { status: 204, kept: 1 },
      ],
    ];
    for (const [moment, seen] of moments)
      expect(await killedWhileTold(form, moment)).toMatchObject({ ...seen, isDead: true });
  },
);

if (soaks) {
  test.each(forms)("%s: the clinic server is killed at every step", { timeout: 600_000 }, async (form) => {
    const { steps } = await killedWhileTold(form, { at: Number.POSITIVE_INFINITY, when: "before" });
    expect(steps).toBeGreaterThan(3);
    for (let at = 0; at < steps; at += 1) {
      for (const when of ["before", "after"] as const) await killedWhileTold(form, { at, when });
    }
  });
}

const told = Object.entries(killableServices).filter(([, { isTold, isQuick }]) => isTold && (isQuick || soaks));

/** `before`: the clinic server never hears of it, and the poller finds the end. `after`: it took it; nobody has to look. */
test.each(told.flatMap(([name, service]) => (["before", "after"] as const).map((when) => ({ name, service, when }))))(
  "$name: the service is killed while it tells of the end, $when the clinic server has taken it",
  async ({ service, when }) => {
    const { way, strike } = await openKillable(service);
    const wire = createScribeSend({ SCRIBE_URL: way.url });
    const scribe = scribeBehind(way.url, service, wire.send);
    const clinic = await createTestClinic<Scribe>(scribe);
    onTestFinished(async () => {
      await clinic.close();
      await wire.close();
    });
    clinic.clock.advance(Date.now() - clinic.clock.now());
    const ends: Delivery[] = [];
    const url = await openReceiver(async (delivery) => {
      const isEnd = delivery.body.includes("completed");
      if (isEnd && ends.push(delivery) === 1 && when === "before") await strike();
      if (isEnd && when === "before") return 503;
      const status = await deliver(clinic, delivery);
      if (isEnd && ends.length === 1) await strike();
      return status;
    });
    await scribe.notifyAt?.({ url, secret: webhookSecret });
    const visitId = await recordedVisit(clinic);
    await vi.waitFor(() => expect(ends.length).toBeGreaterThan(0), { timeout: 30_000 });
    await vi.waitFor(
      async () => {
        await clinic.jobs.settled();
        if ((await viewOf(clinic, visitId)).state !== "draft_ready") await clinic.poll();
        await holdsOneNote(clinic, visitId, service.addedBytes > 0);
      },
      { timeout: 30_000 },
    );
    // As a service does that keeps what it has not delivered.
    expect(await deliver(clinic, ends[0]!)).toBe(204);
    await clinic.jobs.settled();
    await holdsOneNote(clinic, visitId, service.addedBytes > 0);
  },
);
