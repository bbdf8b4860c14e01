/**
 * One try to put a signed note into the chart. In: the order and what earlier tries found. Out: encounter and note, read
 * back and equal to what was signed. It always looks before it writes, and what it finds is kept at once.
 *
 * Exactly one note: a write is announced in the store before it is sent. When its outcome stays unknown (a time-out, a crash),
 * later tries only look, until the server must have finished with it; only then may they write again.
 */
import type { Statement } from "#bff/store/store.ts";
import { dateIn } from "#model/clock.ts";
import type { Clock } from "#model/clock.ts";
import { canonicalNote } from "#model/note.ts";
import { problem, ProblemError } from "#model/problem.ts";
import type { Access } from "#openemr/call.ts";
import type { Encounter, NotePlace } from "#openemr/notes.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import { encounterStatement, noteStatement, unsettledStatement } from "./filing-rows.ts";
import type { FilingOrder } from "./filing-rows.ts";
import type { ProviderIds } from "./provider-ids.ts";

export type FileParts = {
  openemr: Pick<OpenEmr, "notes" | "appointments">;
  clock: Clock;
  timeZone: string;
  categoryId: string;
  facilityId: string;
  providerIds: ProviderIds;
  /** Durable when it resolves. */
  keep(statement: Statement): Promise<void>;
};

/** Longer than a send's deadline (15 s) and PHP's own limit on top (60 s by OpenEMR's advice). */
export const settleMs = 75_000;

/** Resolves when the note is in the chart and reads back equal; else throws why not. Safe to repeat at any time. */
export async function fileNote(parts: FileParts, access: Access, order: FilingOrder): Promise<void> {
  const encounter = order.encounter ?? (await findOrCreateEncounter(parts, access, order));
  const place: NotePlace = { pid: order.pid, encounterId: encounter.id };
  // Without an encounter until now, the write that was unsettled was the encounter's, and it has been found.
  const unsettledSince = order.encounter === null ? null : order.unsettledSince;
  const noteId = await findOrWrite(parts, access, { order: { ...order, unsettledSince }, place });
  const stored = await parts.openemr.notes.read(access, place, noteId);
  if (stored === undefined || canonicalNote(stored) !== canonicalNote(order.note)) throw problem("note_mismatch");
}

async function findOrCreateEncounter(parts: FileParts, access: Access, order: FilingOrder): Promise<Encounter> {
  const { notes } = parts.openemr;
  const key = { patientId: order.patientId, externalId: order.visitId };
  let encounter = await notes.findEncounter(access, { ...key, uuid: order.launchedEncounter });
  if (encounter === undefined) {
    const wanted = { ...key, ...(await encounterOf(parts, access, order)) };
    encounter = await send(parts, order, () => notes.createEncounter(access, wanted));
  }
  await parts.keep(encounterStatement(order.visitId, encounter));
  return encounter;
}

async function encounterOf(parts: FileParts, access: Access, order: FilingOrder) {
  const provider =
    (await parts.providerIds.known(order.clinician.id, [])) ??
    (await parts.providerIds.known(order.clinician.id, await parts.openemr.appointments.ofPatient(access, order.pid)));
  return {
    date: dateIn(parts.timeZone, order.startedAt),
    reason: order.reason === "" ? "Visit" : order.reason,
    categoryId: parts.categoryId,
    facilityId: provider?.facilityId ?? parts.facilityId,
    ...(provider === undefined ? {} : { providerId: provider.providerId }),
  };
}

async function findOrWrite(
  parts: FileParts,
  access: Access,
  { order, place }: { order: FilingOrder; place: NotePlace },
): Promise<string> {
  const { notes } = parts.openemr;
  // A number from an earlier try is the answer of OpenEMR itself: that note is read, and no other is written beside it.
  if (order.noteId !== null) return order.noteId;
  let noteId = await notes.findNote(access, place, order.note);
  noteId ??= await send(parts, order, () => notes.write(access, place, order.note));
  await parts.keep(noteStatement(order, noteId));
  return noteId;
}

/** Sends a write that must not happen twice. */
async function send<Value>(parts: FileParts, order: FilingOrder, write: () => Promise<Value>): Promise<Value> {
  const now = parts.clock.now();
  if (order.unsettledSince !== null && now - order.unsettledSince < settleMs) {
    throw problem("timed_out", { detail: "an earlier write may still arrive" });
  }
  await parts.keep(unsettledStatement(order, now));
  try {
    return await write();
  } catch (thrown) {
    if (isSettled(thrown)) await parts.keep(unsettledStatement(order, null));
    throw thrown;
  }
}

const neverConnected = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);
const answeredByProxy = new Set(["HTTP 502", "HTTP 504"]);

/**
 * Is the server done with the request, so that the next look shows the whole truth? Yes after any answer of its own, also a
 * 500 (which may hide a stored row); no after a time-out, a cut connection or a gateway's answer in its name.
 */
export function isSettled(thrown: unknown): boolean {
  if (!(thrown instanceof ProblemError)) return false;
  const { code, detail = "" } = thrown.problem;
  if (code === "timed_out") return false;
  if (code !== "openemr_down") return true;
  return neverConnected.has(detail) || (detail.startsWith("HTTP ") && !answeredByProxy.has(detail));
}
