/** A visit's log, found again. In: a name on the disk. Out: its journal, after every record was read. */
import { isVisitId, type VisitId } from "#model/id.ts";
import { problem, toProblem } from "#model/problem.ts";
import { readBox } from "./black-box-read.ts";
import type { Disk } from "./disk.ts";
import { removeFile } from "./remove-file.ts";
import { removeVisit } from "./remove.ts";
import { openRecord, type Vessel } from "./frame.ts";
import { boxesOn, boxName, logName, logsOn } from "./log-names.ts";
import { journalOf, logOf, type LoadParts, type Opened } from "./make.ts";
import { loadFormat } from "./read-stream.ts";
import { decodeRecord, mimeTypeOf } from "./read-record.ts";
import type { JournalRecord } from "./records.ts";
import { replayRecords, type Replayed } from "./replay.ts";
import { sparesOn } from "./reserve.ts";
import type { VisitJournal } from "./visit-journal.ts";
import { apply, createVisitState, findInterrupted, type VisitState } from "./visit-state.ts";

export type Loaded =
  | { is: "open"; journal: VisitJournal }
  | { is: "locked"; bytesOnDevice: number }
  /** Its problem has been told, or nothing was in it. */
  | { is: "nothing" };

/** A power cut can take a renaming back: a spare that a visit's key opens is that visit's log, and gets its name again. */
export async function findStray({ disk, keys }: Pick<LoadParts, "disk" | "keys">): Promise<void> {
  const logs: string[] = await logsOn(disk);
  for (const spare of await sparesOn(disk)) {
    for (const visitId of await keys.visits()) {
      if (!isVisitId(visitId) || logs.includes(visitId)) continue;
      const key = await keys.read(visitId);
      const file = await disk.open(spare);
      const isIts = key !== "locked" && (await openRecord({ name: visitId, file, key }, 0)) !== undefined;
      file.close();
      if (isIts) await disk.move(spare, logName(visitId));
      if (isIts) break;
    }
  }
}

/** A black box that could not be closed (black-box.ts) outlives its visit. One that somebody still holds open stays. */
export async function removeStrayBoxes(disk: Disk): Promise<void> {
  const logs: string[] = await logsOn(disk);
  const strays = (await boxesOn(disk)).filter((visitId) => !logs.includes(visitId));
  for (const visitId of strays) await disk.remove(boxName(visitId)).catch(() => undefined);
}

/**
 * What cannot be read is told, and left alone. `isRecorded`: the page that records it lives, and has what its worker did not write;
 * so it was not interrupted, and what the black box has is not wanted.
 */
export async function loadVisit(parts: LoadParts, visitId: VisitId, isRecorded: boolean): Promise<Loaded> {
  try {
    return await load(parts, visitId, isRecorded);
  } catch (thrown) {
    parts.onUnreadable(visitId, toProblem(thrown));
    return { is: "nothing" };
  }
}

async function load(parts: LoadParts, visitId: VisitId, isRecorded: boolean): Promise<Loaded> {
  const key = await parts.keys.read(visitId);
  const file = await parts.disk.open(logName(visitId));
  if (key === "locked") {
    const bytesOnDevice = file.size();
    file.close();
    return { is: "locked", bytesOnDevice };
  }
  const vessel = { name: visitId, file, key };
  try {
    const { state, tail, damaged, isBlank } = await replay(vessel);
    if (damaged > 0) parts.onUnreadable(visitId, problem("storage_unavailable", { detail: "damaged" }).problem);
    if (state) {
      const log = logOf(parts, vessel, tail);
      const how = { log, key, isDamaged: damaged > 0, isRecorded };
      return { is: "open", journal: await reopen(parts, how, state) };
    }
    if (!isBlank) throw problem("storage_unavailable", { detail: "no header" });
  } catch (thrown) {
    file.close();
    throw thrown;
  }
  file.close();
  await removeVisit(parts, visitId); // the header was torn: nothing had been recorded yet
  return { is: "nothing" };
}

/** The state is undefined when not even the header can be read. */
async function replay(vessel: Vessel): Promise<Replayed & { state: VisitState | undefined }> {
  let state: VisitState | undefined;
  const take = (record: JournalRecord, offset: number): void => {
    if (record.type === "header") state = createVisitState(record.header, offset);
    else if (state) apply(state, { record, offset });
  };
  const replayed = await replayRecords(vessel, ({ kind, plain, offset }) => {
    const record = decodeRecord(kind, plain);
    const mimeType = mimeTypeOf(record);
    if (mimeType !== undefined) return loadFormat(mimeType).then(() => take(record, offset));
    take(record, offset);
    return undefined;
  });
  return { ...replayed, state };
}

/** The journal of a visit that was here before: with what its black box held, and without half a file. */
async function reopen(
  parts: LoadParts,
  opened: Opened & { isDamaged: boolean; isRecorded: boolean },
  state: VisitState,
): Promise<VisitJournal> {
  if (!opened.isRecorded) findInterrupted(state);
  const journal = journalOf({ ...parts, onChange: () => undefined }, opened, state); // nobody knows this visit yet
  if (opened.isDamaged) await journal.repair();
  const isHalf = state.header.imported === true && !state.closed && state.discarded === null;
  if (opened.isRecorded) opened.log.keepSpace();
  else if (isHalf) await journal.discard("discarded"); // the page went away; the file is still where it was
  else await emptyBox(parts, opened.key, journal);
  return journalOf(parts, opened, journal.state());
}

/** What cannot be written now (a full disk) stays in the box, for the next time. */
async function emptyBox(parts: LoadParts, key: CryptoKey, journal: VisitJournal): Promise<void> {
  const { visitId } = journal.state().header.header;
  const name = boxName(visitId);
  if (!(await parts.disk.names()).includes(name)) return;
  const file = await parts.disk.open(name);
  try {
    const { recover } = await import("./black-box-recover.ts");
    await recover(journal, await readBox({ name, file, key }));
  } catch (thrown) {
    return parts.onUnreadable(visitId, toProblem(thrown));
  } finally {
    file.close();
  }
  await removeFile(parts.disk, name);
}
