/** Reading, editing and signing the note: only the visit's clinician, and never without an audit row. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { AuditEntry } from "#bff/store/store.ts";
import { readNoteView } from "#bff/visits/note-view.ts";
import type { VisitParts } from "#bff/visits/parts.ts";
import type { OwnedVisit } from "#bff/visits/request-parts.ts";
import { ownedVisit, parseBody } from "#bff/visits/request-parts.ts";
import { saveNote } from "#bff/visits/save-note.ts";
import { signNote } from "#bff/visits/sign-note.ts";
import { isoOf } from "#bff/visits/visit-record.ts";
import type { NoteSaved, NoteView, VisitView } from "#protocol/bff.ts";
import { NoteSave, NoteSign } from "#protocol/bff.ts";
import { addendaRoutes } from "./addenda.ts";
import { heardRoutes } from "./heard.ts";

/** Four sections of 64 KiB, each character escaped at worst. */
const maxNoteBytes = 2_097_152;

export function noteRoutes(parts: VisitParts): FastifyPluginAsync {
  return async (app) => {
    app.get("/api/visits/:visitId/note", (request) => read(parts, request));
    app.put("/api/visits/:visitId/note", { bodyLimit: maxNoteBytes }, (request) => save(parts, request));
    app.post("/api/visits/:visitId/sign", (request) => sign(parts, request));
    await app.register(heardRoutes(parts));
    await app.register(addendaRoutes(parts));
  };
}

async function read(parts: VisitParts, request: FastifyRequest): Promise<NoteView> {
  const { visit, audit } = await reaching(parts, request, "R");
  await parts.store.transact({ statements: [], audit: [audit] });
  return readNoteView(parts.store, visit.id);
}

async function save(parts: VisitParts, request: FastifyRequest): Promise<z.infer<typeof NoteSaved>> {
  const { visit, audit } = await reaching(parts, request, "U");
  const { baseRevision, note } = parseBody(NoteSave, request.body);
  const { revision, savedAt } = await saveNote(parts, { visit, baseRevision, note, audit });
  return { revision, savedAt: isoOf(savedAt) };
}

/** "E" in the audit: signing executes something. */
async function sign(parts: VisitParts, request: FastifyRequest): Promise<VisitView> {
  const { visit, audit } = await reaching(parts, request, "E");
  await signNote(parts, { visit, asked: parseBody(NoteSign, request.body), audit });
  return parts.visits.view(visit.id);
}

type Reaching = OwnedVisit & { audit: AuditEntry };

async function reaching(parts: VisitParts, request: FastifyRequest, action: "R" | "U" | "E"): Promise<Reaching> {
  const { principal, visit } = await ownedVisit(parts, request);
  const event = { action, object: `note:${visit.id}`, patient: visit.patient.id };
  return { principal, visit, audit: parts.audit.entry(principal, request, event) };
}
