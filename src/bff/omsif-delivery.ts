/**
 * A webhook of an OMSIF service (§6): the whole result, signed over the raw body with a secret that was agreed beforehand and
 * without a time. It is a hint like any other: the job is read from the service itself, so a delivery that is played again
 * costs one look, and nothing of the result is taken from it or kept.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { OmsifJob } from "#protocol/omsif.ts";

export type OmsifDelivery = { header: string | undefined; body: Uint8Array; secret: string };

/** `sha256=<hex>`, compared in constant time. */
export function isGenuineOmsif({ header, body, secret }: OmsifDelivery): boolean {
  const given = Buffer.from(/^sha256=([0-9a-f]{64})$/iu.exec(header?.trim() ?? "")?.[1] ?? "", "hex");
  const expected = createHmac("sha256", secret).update(body).digest();
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** What the inbox keeps of it: that a job ended, and which. Anything else is passed on as it is, to be refused there. */
export function asNotification(body: Uint8Array, now: string): Uint8Array {
  const job = OmsifJob.safeParse(jsonOf(body));
  if (!job.success) return body;
  const { status, job_id: id } = job.data;
  return new TextEncoder().encode(JSON.stringify({ event: `job.${status}`, timestamp: now, session_id: id }));
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
