/**
 * What goes wrong with a service's own notifications, in each form that has them. Beside the row "not at all" nothing looks by
 * itself: the poller's timers never go off, so a note that is there was told of by a webhook.
 */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { viewOf, webhookSecret } from "./test-clinic.ts";
import type { CallingForm, Delivery, WebhookWorld } from "./webhook-world.contract.ts";
import {
  callingForms,
  deliver,
  holdsOneNote,
  isMsa,
  openWebhookWorld,
  recordedVisit,
} from "./webhook-world.contract.ts";

const msaHeader = "x-msa-signature";

/** The same body, signed at another time. */
function signedAt(seconds: number, { headers, body }: Delivery): Delivery {
  const v1 = createHmac("sha256", webhookSecret).update(`${seconds}.${body}`).digest("hex");
  return { headers: { ...headers, [msaHeader]: `t=${seconds},v1=${v1}` }, body };
}

/** One hex digit of the signature is another. */
function forged({ headers, body }: Delivery): Delivery {
  const turned = (value: string) => value.replace(/.$/u, (last) => (last === "0" ? "1" : "0"));
  const names = [msaHeader, "x-scribe-signature"];
  const changed = Object.entries(headers).map(([name, value]) => [name, names.includes(name) ? turned(value) : value]);
  return { headers: Object.fromEntries(changed) as Record<string, string>, body };
}

describe.each(Object.keys(callingForms) as CallingForm[])("%s", (form) => {
  let world: WebhookWorld;
  beforeAll(async () => {
    world = await openWebhookWorld(form);
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.sandbox.controls.hold();
    world.way.atEnd = async () => undefined;
    world.posted.length = 0;
  });

  const isDone = (visitId: Parameters<typeof viewOf>[1]) => holdsOneNote(world.clinic, visitId, !isMsa(form));
  /** A visit that waits, and what the service says of it when it has ended; the last delivery tells of the end. */
  const ended = async () => {
    const visitId = await recordedVisit(world.clinic);
    expect(await viewOf(world.clinic, visitId)).toMatchObject({ state: "processing" });
    world.sandbox.controls.release();
    const last = world.posted.at(-1);
    if (last === undefined) throw new Error("nothing was announced");
    expect(last.body).toMatch(/"session\.completed"|"status":"completed"/u);
    return { visitId, last };
  };
  const send = async (delivery: Delivery): Promise<number> => {
    const status = await deliver(world.clinic, delivery);
    await world.clinic.jobs.settled();
    return status;
  };
  const refusals = async () =>
    (await world.clinic.rows("SELECT COUNT(*) AS n FROM audit WHERE object = 'webhook' AND outcome = 'refused'"))[0]?.[
      "n"
    ] as number;
  const inboxRows = async () =>
    (await world.clinic.rows("SELECT COUNT(*) AS n FROM webhook_inbox"))[0]?.["n"] as number;

  test("the webhook ends the wait, with one look", async () => {
    const { visitId, last } = await ended();
    const { reads } = world.counts;
    expect(await send(last)).toBe(204);
    expect(world.counts.reads - reads).toBe(1);
    await isDone(visitId);
  });

  test("not at all: the poller finds the end", async () => {
    const { visitId } = await ended();
    expect(await viewOf(world.clinic, visitId)).toMatchObject({ state: "processing" });
    await world.clinic.poll();
    await isDone(visitId);
  });

  test("twice at once, and again when the note is there", async () => {
    const { visitId, last } = await ended();
    const before = await inboxRows();
    const both = await Promise.all([deliver(world.clinic, last), deliver(world.clinic, last)]);
    await world.clinic.jobs.settled();
    expect([...both, await send(last)]).toEqual([204, 204, 204]);
    expect((await inboxRows()) - before).toBe(1);
    await isDone(visitId);
  });

  test("out of order: the end before what led to it", async () => {
    const { visitId } = await ended();
    expect(world.posted).toHaveLength(isMsa(form) ? 2 : 1);
    for (const delivery of world.posted.toReversed()) {
      expect(await send(delivery)).toBe(204);
      await isDone(visitId);
    }
  });

  test("before the answer to the end of the recording has come", async () => {
    world.sandbox.controls.release();
    const told: number[] = [];
    world.way.atEnd = async () => {
      for (const delivery of world.posted.splice(0)) told.push(await deliver(world.clinic, delivery));
    };
    const visitId = await recordedVisit(world.clinic);
    expect(told).toEqual(isMsa(form) ? [204, 204] : [204]);
    await isDone(visitId);
  });

  test("with a wrong signature: 401, an audit row, no look; the genuine one after it counts", async () => {
    const { visitId, last } = await ended();
    const before = { refusals: await refusals(), inbox: await inboxRows(), reads: world.counts.reads };
    expect(await send(forged(last))).toBe(401);
    expect(await send({ ...last, body: last.body.replace("completed", "failed") })).toBe(401);
    expect(await viewOf(world.clinic, visitId)).toMatchObject({ state: "processing" });
    expect({ refusals: await refusals(), inbox: await inboxRows(), reads: world.counts.reads }).toEqual({
      ...before,
      refusals: before.refusals + 2,
    });
    expect(await send(last)).toBe(204);
    await isDone(visitId);
  });

  const refusesOld = async () => {
    const { visitId, last } = await ended();
    const before = await refusals();
    const now = Math.floor(world.clinic.clock.now() / 1000);
    expect(await send(signedAt(now - 301, last))).toBe(401);
    expect(await viewOf(world.clinic, visitId)).toMatchObject({ state: "processing" });
    expect((await refusals()) - before).toBe(1);
    expect(await send(signedAt(now - 300, last))).toBe(204);
    await isDone(visitId);
  };
  const changesNothing = async () => {
    const { visitId, last } = await ended();
    expect(await send(last)).toBe(204);
    const { reads } = world.counts;
    world.clinic.clock.advance(24 * 3_600_000);
    expect(await send(last)).toBe(204);
    expect(world.counts.reads).toBe(reads);
    await isDone(visitId);
  };
  if (isMsa(form)) test("with a time that has passed: 401 and an audit row, though the signature fits", refusesOld);
  else test("played again much later: its signature carries no time, and it changes nothing", changesNothing);
});
