/** A visit's log and the journal over it. In: a header and reserved space, or a file that is there. Out: its journal. */
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import type { Problem } from "#model/problem.ts";
import { createBlackBox } from "./black-box.ts";
import { createBoxFile } from "./black-box-file.ts";
import type { JournalKey } from "#protocol/bff-audio.ts";
import type { Disk } from "./disk.ts";
import type { Vessel } from "./frame.ts";
import { removeFile } from "./remove-file.ts";
import type { Keys } from "./keys.ts";
import { boxName, logName } from "./log-names.ts";
import { createLog, noRecords, type Log, type LogParts } from "./log.ts";
import { encodeRecord, type VisitHeader } from "./records.ts";
import type { SpacePlan } from "./space.ts";
import { createVisitJournal, type VisitJournal } from "./visit-journal.ts";
import { createVisitState, type VisitState } from "./visit-state.ts";

export type LoadParts = {
  disk: Disk;
  keys: Keys;
  clock: Clock;
  plan: SpacePlan;
  onChange(visitId: VisitId): void;
  onUnreadable(visitId: VisitId, problem: Problem): void;
  onShort(visitId: VisitId, problem: Problem | null): void;
};

/** Key, space, header: each durable before the next. A visit that cannot be made leaves nothing behind. */
export async function makeVisit(
  parts: LoadParts,
  header: VisitHeader,
  journalKey: JournalKey | null,
): Promise<VisitJournal> {
  const { visitId, clinicianId } = header.header;
  const key = await parts.keys.make(visitId, journalKey && { ...journalKey, clinicianId });
  try {
    const { takeSpace } = await import("./reserve.ts"); // loaded before Start
    const file = await takeSpace(parts.disk, logName(visitId), parts.plan);
    const log = logOf(parts, { name: visitId, file, key }, noRecords);
    const { kind, plain } = encodeRecord({ type: "header", header });
    return journalOf(parts, { log, key }, createVisitState(header, await log.append(kind, plain)));
  } catch (thrown) {
    await parts.keys.remove(visitId);
    throw thrown;
  }
}

/** `vessel.name` is the visit's id. */
export function logOf(parts: LoadParts, vessel: Vessel<VisitId>, tail: LogParts["tail"]): Log {
  return createLog({ vessel, tail, plan: parts.plan, onShort: (told) => parts.onShort(vessel.name, told) });
}

export type Opened = { log: Log; key: CryptoKey };

export function journalOf(parts: LoadParts, { log, key }: Opened, state: VisitState): VisitJournal {
  const { visitId } = state.header.header;
  const onChange = () => parts.onChange(visitId);
  const name = boxName(visitId);
  const box = createBlackBox({
    open: async () => {
      const file = await parts.disk.open(name);
      file.truncate(0);
      return createBoxFile({ name, file, key });
    },
    remove: () => removeFile(parts.disk, name),
  });
  return createVisitJournal({ log, box, state, clock: parts.clock, onChange });
}
