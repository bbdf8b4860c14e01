/** The envelope `{validationErrors, internalErrors, data, links}` of patients, encounters, staff and facilities. */
import { json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { ApiRequest } from "./api-request.ts";
import type { Faults } from "./validation.ts";
import { last } from "#sandbox/openemr/incoming.ts";

export function enveloped(status: number, data: unknown, links: unknown = []): Answer {
  return json(status, { validationErrors: [], internalErrors: [], data, links });
}

export function invalid(status: number, faults: Faults): Answer {
  return json(status, { validationErrors: faults, internalErrors: [], data: [], links: [] });
}

/** One page of rows by `_limit` and `_offset`, with the links that OpenEMR writes. */
export function paged(request: ApiRequest, rows: readonly unknown[]): Answer {
  const limit = Number(last(request.query, "_limit") ?? "0");
  const offset = Number(last(request.query, "_offset") ?? "0");
  const data = limit > 0 ? rows.slice(offset, offset + limit) : rows.slice(offset);
  const link = (from: number): string => `${linkBase(request)}&_offset=${from}&_count=${limit}`;
  const links = {
    first: link(0),
    ...(limit > 0 && offset > 0 && { previous: link(Math.max(0, offset - limit)) }),
    ...(limit > 0 && offset + limit < rows.length && { next: link(offset + limit) }),
  };
  return enveloped(200, data, links);
}

function linkBase({ site, path, query }: ApiRequest): string {
  const kept = new URLSearchParams([...query].filter(([name]) => name !== "_limit" && name !== "_offset"));
  return `${site.origin}${path}?${kept.toString()}`;
}
