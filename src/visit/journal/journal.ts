/**
 * The journals of every visit whose audio this device holds. In: fragments from the microphone, receipts from the scribe. Out:
 * held visits and their chunks. Everything that a call has resolved for survives a crash, a power cut and a full disk; at rest
 * it is readable only with the visit's key, which never leaves this browser.
 */
import type { Clock } from "#model/clock.ts";
import { VisitId } from "#model/id.ts";
import { problem, toProblem, type Problem } from "#model/problem.ts";
import type { HeldVisit } from "#model/recording.ts";
import type { Disk } from "./disk.ts";
import type { Keys } from "./keys.ts";
import { createLog, type Log } from "./log.ts";
import { decodeRecord, encodeRecord, type VisitHeader } from "./records.ts";
import { toHeld, toSend, type VisitToSend } from "./summaries.ts";
import { createVisitJournal, type VisitJournal } from "./visit-journal.ts";
import { apply, createVisitState, type VisitState } from "./visit-state.ts";

export type JournalParts = {
  disk: Disk;
  keys: Keys;
  clock: Clock;
  /** Something about this visit is durable that was not before. */
  onChange(visitId: VisitId): void;
  /** A log on the disk cannot be read; it is left alone. */
  onUnreadable(visitId: VisitId, problem: Problem): void;
};

export type Journal = {
  /** Makes a visit's log: key first, then the header. The same visit again is the same log. */
  open(visit: VisitHeader): Promise<void>;
  /** `not_found` when this device does not hold it. */
  visit(visitId: VisitId): VisitJournal;
  /** Visits with audio, oldest first. */
  held(): HeldVisit[];
  toSend(): VisitToSend[];
  /** Removes audio, header and key. A visit that is not held is erased already. */
  erase(visitId: VisitId): Promise<void>;
  /** Lets go of every file, so that another tab can open them. */
  closeFiles(): Promise<void>;
};

const suffix = ".log";

/** Replays every log on the disk. */
export async function openJournal(parts: JournalParts): Promise<Journal> {
  const visits = new Map<VisitId, VisitJournal>();
  await loadAll(parts, visits);
  return {
    async open(header) {
      const { visitId } = header.header;
      if (!visits.has(visitId)) visits.set(visitId, await createVisit(parts, header));
      parts.onChange(visitId);
    },
    visit(visitId) {
      const found = visits.get(visitId);
      if (found === undefined) throw problem("not_found");
      return found;
    },
    held: () =>
      sorted(visits)
        .filter((state) => state.discarded === null)
        .map(toHeld),
    toSend: () => sorted(visits).map(toSend),
    async erase(visitId) {
      const found = visits.get(visitId);
      visits.delete(visitId);
      await found?.closeFile();
      if (found) await remove(parts, visitId);
      parts.onChange(visitId);
    },
    async closeFiles() {
      for (const journal of visits.values()) await journal.closeFile();
      visits.clear();
    },
  };
}

async function createVisit(parts: JournalParts, header: VisitHeader): Promise<VisitJournal> {
  const { visitId } = header.header;
  const key = await parts.keys.make(visitId);
  const log = await openLog(parts, visitId, key);
  const { kind, plain } = encodeRecord({ type: "header", header });
  return visitJournal(parts, log, createVisitState(header, await log.append(kind, plain)));
}

function visitJournal(parts: JournalParts, log: Log, state: VisitState): VisitJournal {
  const onChange = () => parts.onChange(state.header.header.visitId);
  return createVisitJournal({ log, state, clock: parts.clock, onChange });
}

async function openLog({ disk }: JournalParts, visitId: VisitId, key: CryptoKey): Promise<Log> {
  return createLog({ name: visitId, file: await disk.open(visitId + suffix), key });
}

async function remove({ disk, keys }: JournalParts, visitId: VisitId): Promise<void> {
  await disk.remove(visitId + suffix);
  await keys.remove(visitId);
}

async function loadAll(parts: JournalParts, visits: Map<VisitId, VisitJournal>): Promise<void> {
  for (const name of await parts.disk.names()) {
    const visitId = VisitId.safeParse(name.replace(suffix, ""));
    if (!visitId.success) continue;
    await load(parts, visits, visitId.data).catch((thrown: unknown) =>
      parts.onUnreadable(visitId.data, toProblem(thrown)),
    );
  }
}

async function load(parts: JournalParts, visits: Map<VisitId, VisitJournal>, visitId: VisitId): Promise<void> {
  const log = await openLog(parts, visitId, await parts.keys.read(visitId));
  const { state, damaged } = await replay(log);
  if (damaged > 0) parts.onUnreadable(visitId, problem("storage_unavailable", { detail: "damaged" }).problem);
  if (state) visits.set(visitId, visitJournal(parts, log, state));
  else await log.close();
  if (!state && damaged === 0) await remove(parts, visitId); // the header was torn: nothing had been recorded yet
}

/** The state is undefined when not even the header can be read. */
async function replay(log: Log): Promise<{ state: VisitState | undefined; damaged: number }> {
  let state: VisitState | undefined;
  const damaged = await log.replay(({ kind, plain, offset }) => {
    const record = decodeRecord(kind, plain);
    if (record.type === "header") state = createVisitState(record.header, offset);
    else if (state) apply(state, { record, offset });
  });
  return { state, damaged };
}

function sorted(visits: ReadonlyMap<VisitId, VisitJournal>): VisitState[] {
  const states = [...visits.values()].map((journal) => journal.state());
  return states.sort((a, b) => a.header.header.startedAt - b.header.header.startedAt);
}
