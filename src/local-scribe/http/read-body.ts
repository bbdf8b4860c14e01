import type { Readable } from "node:stream";
import { Refusal } from "#local-scribe/refusal.ts";

/** What a multipart envelope may add to its file. */
const envelopeBytes = 16 * 1024;

/** The whole body, at most `maxBytes` and an envelope; throws `file_too_large` without reading on. */
export async function readBody(body: Readable, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes + envelopeBytes)
      throw new Refusal("file_too_large", "The audio is too large", { max_bytes: maxBytes });
    parts.push(part);
  }
  return Buffer.concat(parts);
}
