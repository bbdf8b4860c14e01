/**
 * What this device holds, told before its logs are read through. In: the disk and its keys. Out: the list of held visits, from the
 * last digest of each log and what came after it. It changes nothing on the disk; whatever it cannot tell (a wrapped key, a
 * damaged header) is left to the opening of the journal, which reads every record and knows better.
 */
import type { VisitId } from "#model/id.ts";
import type { HeldVisit } from "#model/recording.ts";
import type { Digest } from "./digest.ts";
import type { Disk } from "./disk.ts";
import { findLast } from "./find-last.ts";
import { openRecord, type OpenedRecord, type Vessel } from "./frame.ts";
import type { Keys } from "./keys.ts";
import { logName, logsOn } from "./log-names.ts";
import { stateOf } from "./read-digest.ts";
import { loadFormat } from "./read-stream.ts";
import { takeFragment } from "./recording-state.ts";
import { decodeRecord, mimeTypeOf } from "./read-record.ts";
import { kinds, type VisitHeader } from "./records.ts";
import { toHeld } from "./summaries.ts";
import { tombstoneName } from "./tombstones.ts";
import { apply, createVisitState, findInterrupted, type VisitState } from "./visit-state.ts";
import { openRecords } from "./walk.ts";

type GlimpseParts = { disk: Disk; keys: Pick<Keys, "read"> };

/** Visits with audio, oldest first. */
export async function glimpseHeld(parts: GlimpseParts): Promise<HeldVisit[]> {
  const names = await parts.disk.names();
  const held: HeldVisit[] = [];
  for (const visitId of await logsOn(parts.disk)) {
    if (names.includes(tombstoneName(visitId))) continue;
    const visit = await glimpse(parts, visitId).catch(() => undefined);
    if (visit) held.push(visit);
  }
  return held.sort((a, b) => a.startedAt - b.startedAt);
}

async function glimpse({ disk, keys }: GlimpseParts, visitId: VisitId): Promise<HeldVisit | undefined> {
  const key = await keys.read(visitId);
  if (key === "locked") return undefined;
  const file = await disk.open(logName(visitId));
  try {
    const found = await lookAt({ name: visitId, file, key });
    return found && isHeld(found.state) ? toHeld(found.state, found.end) : undefined;
  } finally {
    file.close();
  }
}

/** Half a file is thrown away when the journal is opened. */
function isHeld({ header, closed, discarded }: VisitState): boolean {
  return discarded === null && (header.imported !== true || closed);
}

async function lookAt(vessel: Vessel): Promise<{ state: VisitState; end: number } | undefined> {
  const first = await openRecord(vessel, 0);
  const record = first && decodeRecord(first.kind, first.plain);
  if (first === undefined || record?.type !== "header") return undefined;
  await loadFormat(record.header.header.mimeType);
  const digest = await findLast(vessel, kinds.digest);
  const state = digest ? await stateAt(vessel, record.header, digest) : createVisitState(record.header, 0);
  let { position, end } = digest ?? first;
  for await (const later of openRecords(vessel, { from: end, position: position + 1 })) {
    const record = decodeRecord(later.kind, later.plain);
    await loadFormat(mimeTypeOf(record) ?? "");
    if (record.type !== "header") apply(state, { record, offset: later.offset });
    ({ position, end } = later);
  }
  findInterrupted(state);
  return { state, end };
}

/** The state at a digest, with the packets that wait in it. */
async function stateAt(
  vessel: Vessel,
  header: VisitHeader,
  { kind, plain, offset }: OpenedRecord,
): Promise<VisitState> {
  const record = decodeRecord(kind, plain);
  if (record.type !== "digest") return createVisitState(header, 0);
  const state = stateOf(record.digest, header);
  for (const number of state.recordings.keys())
    await reread(vessel, { state, number, digest: record.digest, last: offset });
  return state;
}

type Reread = { state: VisitState; number: number; digest: Digest; last: number };

async function reread(vessel: Vessel, { state, number, digest, last }: Reread): Promise<void> {
  const [recording, kept] = [state.recordings[number], digest.recordings[number]];
  const place = kept?.reread ?? null;
  if (recording === undefined || place === null) return;
  for await (const { kind, plain, offset } of openRecords(vessel, { from: place.offset, last })) {
    const record = decodeRecord(kind, plain);
    if (record.type !== "fragment" || record.fragment.recording !== number) continue;
    const { from, bytes, capturedAt } = record.fragment;
    const skipped = Math.max(0, place.readFrom - from);
    const rest = { recording: number, capturedAt, from: from + skipped, bytes: bytes.subarray(skipped) };
    const packets = takeFragment(recording, rest, offset).filter(({ at }) => at >= place.from);
    recording.waiting.push(...packets.map((packet) => ({ ...packet, level: null })));
  }
  recording.isTorn = kept?.isTorn === true;
}
