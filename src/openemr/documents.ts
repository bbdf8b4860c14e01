/**
 * Files among a patient's documents. OpenEMR says `true` to an upload, or an error although it stored it, or `true` and shows it
 * nowhere (facts 26); only its list tells. There a file is known by name and hash; 7.0 shows neither, and is asked for the files.
 */
import { DocumentRows } from "#protocol/openemr.ts";
import { problem } from "#model/problem.ts";
import { forEachOf, parse, segment } from "./call.ts";
import type { Access, Call, Transfer } from "./call.ts";
import { readAnswer } from "./refusal.ts";

/** `category`: its name, as in OpenEMR. */
export type DocumentPlace = { pid: string; encounterId: string; category: string };
/** `sha3`: SHA3-512 in hex, as OpenEMR shows it. */
export type DocumentFile = { name: string; type: string; bytes: Uint8Array; sha3: string };

export type Documents = {
  /** OpenEMR's number of this very file; undefined when no list shows it. */
  find(access: Access, place: DocumentPlace, file: DocumentFile): Promise<string | undefined>;
  /** Uploads. Whatever comes of it, look: it may be stored. */
  add(access: Access, place: DocumentPlace, file: DocumentFile): Promise<void>;
};

/** Of 7.0, which is asked for each file: the newest. */
const mostRead = 30;

export function createDocuments(call: Call, transfer: Transfer): Documents {
  const isSame = async (access: Access, { pid, id, file }: { pid: string; id: string; file: DocumentFile }) => {
    const path = `/api/patient/${segment(pid)}/document/${segment(id)}`;
    const { status, body } = await transfer(access, { method: "GET", path });
    return status === 200 && body === textOf(file);
  };
  return {
    async find(access, place, file) {
      const request = { method: "GET", path: pathOf(place), query: { path: categoryPath(place) } } as const;
      const rows = parse(DocumentRows, (await call(access, request)).json ?? []);
      const known = rows.find((row) => row.filename === file.name && row.hash === file.sha3);
      if (known !== undefined) return known.id;
      const nameless = rows.filter(({ hash, mimetype }) => hash === null && mimetype === file.type);
      const newest = nameless.toSorted((one, other) => Number(other.id) - Number(one.id)).slice(0, mostRead);
      const same = await forEachOf(newest, async ({ id }) => isSame(access, { pid: place.pid, id, file }));
      return newest.find((_row, index) => same[index])?.id;
    },
    async add(access, place, file) {
      const query = { path: categoryPath(place), eid: place.encounterId };
      const answer = await transfer(access, { method: "POST", path: pathOf(place), query, body: toForm(file) });
      const { json } = readAnswer(answer);
      if (json !== true)
        throw problem("openemr_refused", { field: "document", detail: `HTTP ${String(answer.status)}` });
    },
  };
}

function pathOf({ pid }: DocumentPlace): string {
  return `/api/patient/${segment(pid)}/document`;
}

/** An underscore stands for a space. */
function categoryPath({ category }: DocumentPlace): string {
  return `/${category.replaceAll(" ", "_")}`;
}

/** As the wire reads an answer: what is no text in it becomes the same signs on both sides. */
function textOf({ bytes }: DocumentFile): string {
  return new TextDecoder().decode(bytes);
}

const boundary = "chartside-7d1f0c4e2b9a";

/** RFC 7578; OpenEMR wants the field `document`. */
function toForm({ name, type, bytes }: DocumentFile): { type: string; bytes: Uint8Array } {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="document"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`;
  const encoder = new TextEncoder();
  const parts = [encoder.encode(head), bytes, encoder.encode(`\r\n--${boundary}--\r\n`)];
  const form = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    form.set(part, at);
    at += part.length;
  }
  return { type: `multipart/form-data; boundary=${boundary}`, bytes: form };
}
