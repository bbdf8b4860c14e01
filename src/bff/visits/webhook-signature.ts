/** `X-MSA-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256(secret, t + "." + raw body)>` (MedScribeAlliance §10.5). */
import { createHmac, timingSafeEqual } from "node:crypto";

/** A signature older or newer than this is refused (§12.4). */
const windowSeconds = 300;

export type SignedDelivery = { header: string | undefined; body: Uint8Array; secret: string; nowMs: number };

/** True when one of the `v1` values fits the raw bytes and the time is within five minutes of ours. */
export function isGenuine({ header, body, secret, nowMs }: SignedDelivery): boolean {
  const parts = (header ?? "").split(",").map((part) => part.trim());
  const time = valuesOf(parts, "t")[0] ?? "";
  if (!/^\d{1,12}$/u.test(time) || Math.abs(nowMs / 1000 - Number(time)) > windowSeconds) return false;
  const expected = createHmac("sha256", secret).update(`${time}.`).update(body).digest();
  return valuesOf(parts, "v1").some((given) => isSame(expected, Buffer.from(given, "hex")));
}

/** Everything after the first "=", so that a value may hold one. */
function valuesOf(parts: string[], name: string): string[] {
  return parts.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1));
}

function isSame(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}
