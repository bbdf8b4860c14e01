/**
 * One try to put a document into the chart. In: its order and what earlier tries found. Out: OpenEMR's number of the file, which its
 * list shows with our name and hash. It looks before it writes; an upload whose outcome is unknown is only looked for until the
 * server must have finished with it; one that OpenEMR took and shows nowhere is never sent again by itself.
 */
import { createHash } from "node:crypto";
import type { Statement, Store } from "#bff/store/store.ts";
import { isSettled, settleMs } from "#bff/openemr/file-note.ts";
import type { Clock } from "#model/clock.ts";
import { problem, toProblem } from "#model/problem.ts";
import type { Access } from "#openemr/call.ts";
import type { DocumentFile } from "#openemr/documents.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import {
  addendaIn,
  answeredStatement,
  followUpSentences,
  inChartStatement,
  madeStatement,
  sendingStatement,
} from "./document-rows.ts";
import type { DocumentOrder } from "./document-rows.ts";
import { noteDocument, summaryDocument } from "./note-documents.ts";
import { toPdf } from "./pdf.ts";

export type DocumentParts = {
  openemr: Pick<OpenEmr, "documents">;
  store: Store;
  clock: Clock;
  timeZone: string;
  clinic: string;
  category: string;
};

/** Resolves with the statement that says so when the document is in the chart; else throws why not. */
export async function fileDocument(parts: DocumentParts, access: Access, order: DocumentOrder): Promise<Statement> {
  const { documents } = parts.openemr;
  const file = await fileOf(parts, order);
  const place = { pid: order.pid, encounterId: order.encounterId, category: parts.category };
  const find = () => documents.find(access, place, file);
  let documentId = await find();
  if (documentId === undefined) {
    await send(parts, order, () => documents.add(access, place, file));
    documentId = await find();
  }
  if (documentId === undefined) throw shownNowhere();
  return inChartStatement(order, { documentId, now: parts.clock.now() });
}

function shownNowhere(): Error {
  return problem("openemr_refused", { field: "document", detail: "no list shows it; does the category exist?" });
}

async function send(parts: DocumentParts, order: DocumentOrder, upload: () => Promise<void>): Promise<void> {
  const now = parts.clock.now();
  const keep = (statement: Statement) => parts.store.transact({ statements: [statement] });
  if (order.writtenAt !== null && order.category === parts.category) throw shownNowhere();

  if (order.unsettledSince !== null && now - order.unsettledSince < settleMs) {
    throw problem("timed_out", { detail: "an earlier upload may still arrive" });
  }
  await keep(sendingStatement(order, { category: parts.category, now }));
  try {
    await upload();
    await keep(answeredStatement(order, now));
  } catch (thrown) {
    if (!isSettled(thrown)) throw thrown;
    const isStored = mayBeStored(thrown);
    await keep(answeredStatement(order, isStored ? now : null));
    // 8.0 says 500 to every upload that it stores: the list tells.
    if (!isStored) throw thrown;
  }
}

function mayBeStored(thrown: unknown): boolean {
  const { code, detail = "" } = toProblem(thrown);
  return code === "openemr_down" && detail.startsWith("HTTP 5");
}

async function fileOf(parts: DocumentParts, order: DocumentOrder): Promise<DocumentFile> {
  const bytes = order.body ?? (await make(parts, order));
  const sha3 = createHash("sha3-512").update(bytes).digest("hex");
  if (order.body === null) await parts.store.transact({ statements: [madeStatement(order, { bytes, sha3 })] });
  return { name: order.name, type: "application/pdf", bytes, sha3 };
}

async function make({ store, clinic, timeZone }: DocumentParts, order: DocumentOrder): Promise<Uint8Array> {
  const { clinician, kind, ...source } = order;
  const [addenda, followUps] = await Promise.all([addendaIn(store, order), followUpSentences(store, order.visitId)]);
  const content = { ...source, clinic, timeZone, clinician: clinician.name, addenda, followUps };
  return toPdf(kind === "note" ? noteDocument(content) : summaryDocument(content));
}
