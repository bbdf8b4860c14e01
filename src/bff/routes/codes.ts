/** Suggesting codes for a note: asked for and read by the visit's clinician only, and never without an audit row. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { CodeJobRecord } from "#bff/coding/code-job-record.ts";
import { beginCodeJob, findCodeJob, textHashOf } from "#bff/coding/code-job-record.ts";
import type { CodeJobs } from "#bff/coding/code-jobs.ts";
import type { BffContext } from "#bff/context.ts";
import type { AuditEntry, Row, Statement } from "#bff/store/store.ts";
import { GuardError } from "#bff/store/store.ts";
import { findRevision, newestRevision } from "#bff/visits/note-record.ts";
import type { OwnedVisit } from "#bff/visits/request-parts.ts";
import { ownedVisit, parseBody } from "#bff/visits/request-parts.ts";
import { isoOf, reviewStates, sqlList } from "#bff/visits/visit-record.ts";
import { checkNote } from "#coding/codify.ts";
import { codableText } from "#model/code-suggestion.ts";
import type { VisitId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { CodesJob, CodesView } from "#protocol/bff-codes.ts";
import { CodesAsk } from "#protocol/bff-codes.ts";

export type CodesParts = Pick<BffContext, "auth" | "audit" | "store" | "clock"> & { codes: CodeJobs };

export function codesRoutes(parts: CodesParts): FastifyPluginAsync {
  return async (app) => {
    app.get("/api/visits/:visitId/codes", (request) => read(parts, request));
    app.post("/api/visits/:visitId/codes", (request) => ask(parts, request));
  };
}

async function read(parts: CodesParts, request: FastifyRequest): Promise<CodesView> {
  const { visit, audit } = await reaching(parts, request, "R");
  await parts.store.transact({ statements: [], audit: [audit] });
  return viewOf(parts, visit.id);
}

/** "E" in the audit: the note's text goes to the code service. It is the answer that is waited for elsewhere, never this request. */
async function ask(parts: CodesParts, request: FastifyRequest): Promise<CodesView> {
  const { visit, audit } = await reaching(parts, request, "E");
  if (!parts.codes.isOffered) throw problem("not_found", { field: "codes" });
  const { revision } = parseBody(CodesAsk, request.body);
  if (!reviewStates.includes(visit.state)) throw problem("conflict", { detail: `the visit is ${visit.state}` });
  const newest = await newestRevision(parts.store, visit.id);
  if (newest.revision !== revision) throw problem("conflict", { field: "revision" });
  const text = codableText(newest.note);
  checkNote(text);
  const key = { visitId: visit.id, textSha256: textHashOf(text) };
  const begun = await begin(parts, audit, [stillReviewed(visit.id), beginCodeJob(key, revision, parts.clock.now())]);
  if (begun.length > 0) parts.codes.run(key);
  return viewOf(parts, visit.id);
}

async function begin({ store }: CodesParts, audit: AuditEntry, statements: Statement[]): Promise<Row[]> {
  try {
    const rows = await store.transact({ statements, audit: [audit] });
    return rows.at(-1) ?? [];
  } catch (thrown) {
    throw thrown instanceof GuardError ? problem("conflict", { detail: "the visit moved on" }) : thrown;
  }
}

/** Fails the transaction for a visit that was signed or discarded in this moment. */
function stillReviewed(visitId: VisitId): Statement {
  const sql = `UPDATE visits SET updated_at = updated_at WHERE id = ? AND state IN (${sqlList(reviewStates)})`;
  return { sql, params: [visitId], expectRows: 1 };
}

async function viewOf({ store, codes }: CodesParts, visitId: VisitId): Promise<CodesView> {
  const newest = await findRevision(store, visitId);
  if (newest === undefined) return { isOffered: codes.isOffered, job: null };
  const textSha256 = textHashOf(codableText(newest.note));
  const job = await findCodeJob(store, { visitId, textSha256 });
  return { isOffered: codes.isOffered, job: job === undefined ? null : jobView(job, textSha256) };
}

function jobView({ askedAt, textSha256, ...job }: CodeJobRecord, currentSha256: string): CodesJob {
  const { state, revision, asks, problem: told, result } = job;
  const isCurrent = textSha256 === currentSha256;
  return { state, revision, isCurrent, askedAt: isoOf(askedAt), asks, problem: told, result };
}

type Reaching = OwnedVisit & { audit: AuditEntry };

async function reaching(parts: CodesParts, request: FastifyRequest, action: "R" | "E"): Promise<Reaching> {
  const { principal, visit } = await ownedVisit(parts, request);
  const event = { action, object: `codes:${visit.id}`, patient: visit.patient.id };
  return { principal, visit, audit: parts.audit.entry(principal, request, event) };
}
