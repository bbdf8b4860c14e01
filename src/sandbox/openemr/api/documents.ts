/**
 * Documents of a patient. Reading one back fails, or answers nothing useful, on every 8.x; only 7.0 gives the file.
 */
import { createHash, randomUUID } from "node:crypto";
import { apiError, json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import { contentType, last } from "#sandbox/openemr/incoming.ts";
import { shown } from "#sandbox/openemr/profiles/shown.ts";
import { now } from "#sandbox/openemr/site.ts";
import type { ApiRequest } from "./api-request.ts";

const categoryNames = ["Medical Record", "Patient Information", "Lab Report", "Advance Directive"];

const noFile = apiError(
  500,
  String.raw`OpenEMR\Events\Core\Sanitize\IsAcceptedFileFilterEvent::setFile(): Argument #1 ($file) must be of type string, null given, called in src/Events/Core/Sanitize/IsAcceptedFileFilterEvent.php on line 62`,
);

export function listDocuments(request: ApiRequest): Answer {
  const { site, parameter } = request;
  const category = categoryIn(request);
  const rows = site.chart.documents
    .all()
    .filter((row) => String(row.pid) === parameter("pid") && row.category === category);
  if (category === null || rows.length === 0) return site.profile.nothing;
  const records = rows.map(({ filename, hash, number: id, mimetype, date }) => ({
    filename,
    hash,
    id,
    mimetype,
    docdate: date.slice(0, 10),
  }));
  return json(
    200,
    records.map((record) => shown(site, "document", record)),
  );
}

/** Says `true` for an unknown category too, and the document is then in none. */
export async function addDocument(request: ApiRequest): Promise<Answer> {
  const { site, user, parameter, query } = request;
  const file = await fileIn(request);
  if (!file) return noFile;
  const bytes = Buffer.from(await file.arrayBuffer());
  site.chart.documents.add({
    number: site.chart.nextNumber(),
    uuid: randomUUID(),
    pid: Number(parameter("pid")),
    encounter: Number(last(query, "eid") ?? "0"),
    category: categoryIn(request),
    filename: file.name,
    mimetype: file.type,
    hash: createHash("sha3-512").update(bytes).digest("hex"),
    content: bytes.toString("base64"),
    date: now(site),
    authorUuid: user.uuid,
  });
  return last(query, "path") === undefined ? site.profile.documents.storedWithoutPath : site.profile.documents.stored;
}

export function readDocument({ site, parameter }: ApiRequest): Answer {
  const { known, unknown, givesFile } = site.profile.documents.read;
  const row = site.chart.documents.find(({ number }) => String(number) === parameter("did"));
  if (row === undefined) return unknown;
  return givesFile ? { ...known, body: Buffer.from(row.content, "base64").toString("utf8") } : known;
}

/** `path=/Medical_Record`: an underscore stands for a space. */
function categoryIn({ query }: ApiRequest): string | null {
  const name = (last(query, "path") ?? "").split("/").at(-1)?.replaceAll("_", " ");
  return categoryNames.find((category) => category === name) ?? null;
}

async function fileIn(request: ApiRequest): Promise<File | undefined> {
  const type = contentType(request);
  if (!type.startsWith("multipart/form-data")) return undefined;
  const body = await new Response(new Uint8Array(request.raw), { headers: { "content-type": type } }).formData();
  const file = body.get("document");
  return file instanceof File ? file : undefined;
}
