/** A request as the routes see it. PHP's habits: of a repeated parameter the last one counts, `name[]` collects. */
export type Incoming = {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  raw: Buffer;
};

export function last(parameters: URLSearchParams, name: string): string | undefined {
  return parameters.getAll(name).at(-1);
}

/** The JSON body, or undefined when there is none or it cannot be read; OpenEMR then goes on as if nothing was sent. */
export function jsonBody(request: Incoming): unknown {
  if (!contentType(request).includes("json")) return undefined;
  try {
    return JSON.parse(request.raw.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** The fields of a JSON object body; empty when there is none. */
export function jsonFields(request: Incoming): Fields {
  return fieldsOf(jsonBody(request));
}

export type Fields = Record<string, unknown>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A JSON value as PHP would print it where text is wanted; lists and objects as nothing. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** A posted form; a JSON body of strings counts as one (the token endpoint takes both). */
export function form(request: Incoming): URLSearchParams {
  const fields = Object.entries(jsonFields(request)).map(([name, value]): [string, string] => [name, textOf(value)]);
  if (contentType(request).includes("json")) return new URLSearchParams(fields);
  return new URLSearchParams(request.raw.toString("utf8"));
}

export function contentType(request: Incoming): string {
  return request.headers["content-type"] ?? "";
}
