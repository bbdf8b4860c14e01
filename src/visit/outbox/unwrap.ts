/** The clinic server's route that unwraps a visit's key (protocol/bff-audio.ts). May be repeated. */
import type { Clock } from "#model/clock.ts";
import { hasShape } from "#model/shape.ts";
import type { JournalKeyUnwrap } from "#protocol/bff-audio.ts";
import { callOver, json, unreadable } from "./requests.ts";
import type { Wire } from "./wire.ts";

/** The plain key of a visit; only its clinician's session gets it. */
export async function unwrapKey(wire: Wire, clock: Clock, wrapped: JournalKeyUnwrap): Promise<Uint8Array<ArrayBuffer>> {
  const { body } = await callOver(wire, clock)(json("POST", "/api/journal-key/unwrap", wrapped));
  if (!hasShape(body, { key: "string" })) throw unreadable();
  return Uint8Array.from(atob(String(body["key"])), (letter) => letter.codePointAt(0) ?? 0);
}
