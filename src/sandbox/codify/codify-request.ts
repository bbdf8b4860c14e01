/** Reading a Codify request as strictly as the service's pages allow, and refusing in their words. */
import { CodifyModel, maxMedicalNoteBytes } from "#protocol/codify.ts";
import type { Asked, Told } from "#sandbox/scribe-request.ts";
import { headerOf, jsonObjectOf } from "#sandbox/scribe-request.ts";

export type CodifyAsked = { note: string; model: CodifyModel; doctor: string; patient: string };

const titles: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  413: "Payload Too Large",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export function fault(status: number, details: string): Told {
  return { status, body: { success: false, error: titles[status] ?? "Internal Server Error", details } };
}

/** What was asked, or the refusal. */
export function readCodify(asked: Asked, token: string): CodifyAsked | Told {
  if (headerOf(asked, "authorization") !== `Bearer ${token}`) return fault(401, "Invalid or missing token");
  if (asked.method !== "POST" || asked.path !== "/v1/codify") return fault(404, "No such endpoint");
  if (!/^application\/json\b/u.test(headerOf(asked, "content-type"))) {
    return fault(400, "Content-Type must be application/json");
  }
  const doctor = headerOf(asked, "x-doctor");
  if (doctor === "") return fault(400, "x-doctor header is required");
  const body = jsonObjectOf(asked.body);
  if (body === undefined) return fault(400, "The body must be a JSON object");
  return readBody(body, { doctor, patient: headerOf(asked, "x-patient") });
}

function readBody(
  { medical_note: note, model = "balanced", pdf_file: pdf }: Record<string, unknown>,
  who: Pick<CodifyAsked, "doctor" | "patient">,
): CodifyAsked | Told {
  if (typeof note !== "string" || note.trim() === "") return fault(400, "medical_note is required");
  if (Buffer.byteLength(note) > maxMedicalNoteBytes) return fault(413, "medical_note exceeds 50 KB");
  const known = CodifyModel.safeParse(model);
  if (!known.success) return fault(400, "model must be one of fast, balanced, high-quality");
  if (pdf !== undefined) {
    const refusal = pdfRefusal(pdf);
    if (refusal) return refusal;
  }
  return { note, model: known.data, ...who };
}

const maxPdfBytes = 5 * 1024 * 1024;

function pdfRefusal(pdf: unknown): Told | undefined {
  const file: Record<string, unknown> = typeof pdf === "object" && pdf !== null ? { ...pdf } : {};
  const { type, source_type: source, mime_type: mime, data } = file;
  if (type !== "file" || source !== "base64" || mime !== "application/pdf") return fault(422, "pdf_file is malformed");
  if (typeof data !== "string" || !/^[A-Za-z0-9+/]+={0,2}$/u.test(data)) return fault(422, "pdf_file is not base64");
  const bytes = Buffer.from(data, "base64");
  if (bytes.length > maxPdfBytes) return fault(413, "pdf_file exceeds 5 MB");
  return bytes.subarray(0, 5).toString() === "%PDF-" ? undefined : fault(422, "pdf_file is not a PDF");
}
