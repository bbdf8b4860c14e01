/** Reads multipart/form-data (RFC 7578) strictly: every part needs a name, and the body must end where it says. */
export type FormPart = { name: string; fileName: string | undefined; contentType: string | undefined; bytes: Buffer };

/** Undefined when the body is not what its header announces. */
export function formParts(contentType: string, body: Buffer): FormPart[] | undefined {
  const boundary = /^multipart\/form-data;\s*boundary="?([^";]{1,200})"?$/iu.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const parts: FormPart[] = [];
  let at = body.indexOf(`--${boundary}\r\n`);
  if (at !== 0) return undefined;
  while (at >= 0) {
    const start = at + boundary.length + 4;
    const end = body.indexOf(`\r\n--${boundary}`, start);
    if (end < 0) return undefined;
    const part = partOf(body.subarray(start, end));
    if (part === undefined) return undefined;
    parts.push(part);
    const after = body.subarray(end + boundary.length + 4, end + boundary.length + 6).toString("latin1");
    if (after === "--") return parts;
    if (after !== "\r\n") return undefined;
    at = end + 2;
  }
  return undefined;
}

function partOf(bytes: Buffer): FormPart | undefined {
  const blank = bytes.indexOf("\r\n\r\n");
  if (blank < 0) return undefined;
  const head = bytes.subarray(0, blank).toString();
  const name = /^content-disposition:\s*form-data;.*?\bname="([^"]*)"/imu.exec(head)?.[1];
  if (name === undefined) return undefined;
  return {
    name,
    fileName: /;\s*filename="([^"]*)"/iu.exec(head)?.[1],
    contentType: /^content-type:\s*(\S.*?)\s*$/imu.exec(head)?.[1],
    bytes: bytes.subarray(blank + 4),
  };
}
