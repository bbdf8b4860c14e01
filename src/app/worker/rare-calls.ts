/** The page's calls that a running recording does not need (calls.ts): a script of its own. */
import { networkIsBack, over, whenLocked, type Calls, type Room } from "./calls.ts";

export type RareCall =
  | "reserve"
  | "import"
  | "goOn"
  | "moment"
  | "locked"
  | "unlock"
  | "ledger"
  | "receipts"
  | "signed"
  | "discard"
  | "erase"
  | "exportAudio"
  | "wake"
  | "sendNow"
  | "sendAgain";

export function rareCalls(room: Room): Pick<Calls, RareCall> {
  const { journal, outbox } = room;
  return {
    reserve: () => journal.reserve(),
    import: (visit, journalKey) => journal.open({ ...visit, imported: true }, journalKey),
    goOn: async ({ visitId, recordings, key }) => {
      if (key) room.keys.set(visitId, key);
      await journal.unlock(); // what could not be opened at the start may be free by now
      journal.visit(visitId);
      room.running.push(...recordings.map((recording) => ({ visitId, recording })));
    },
    moment: async ({ visitId, at, text }) => {
      const visit = journal.visit(visitId);
      if (visit.state().moments.some((known) => known.at === at)) return; // a worker that died has written it
      await visit.mark({ mark: "moment", at, text: text?.slice(0, 500) ?? null });
    },
    locked: async () => {
      const locked = journal.locked();
      return locked.length === 0 ? [] : (await room.unlocking()).describe(locked);
    },
    unlock: async () => (await room.unlocking()).now(),
    ledger: ({ visitId }) => journal.ledger(visitId),
    receipts: () => journal.receipts(),
    signed: async ({ visitId, signedAt }) => {
      const held = journal.held().find((visit) => visit.visitId === visitId);
      if (held && held.signedAt !== signedAt)
        await journal.visit(visitId).mark({ mark: "signed", at: Date.parse(signedAt), signedAt });
    },
    discard: async ({ visitId, reason }) => {
      over(room, (running) => running.visitId === visitId);
      await journal.visit(visitId).discard(reason);
    },
    erase: ({ visitId, reason }) => journal.erase(visitId, reason),
    exportAudio: async ({ visitId }) =>
      (await journal.visit(visitId).whole()).map(({ bytes, ...file }) => ({ ...file, bytes: bytes.buffer })),
    wake: () => networkIsBack(room),
    sendNow: () => {
      outbox.sendNow();
      whenLocked(room, (unlocking) => unlocking.networkIsBack());
    },
    sendAgain: ({ visitId }) => {
      if (journal.toSend().some((visit) => visit.visitId === visitId)) outbox.sendAgain(visitId);
    },
  };
}
