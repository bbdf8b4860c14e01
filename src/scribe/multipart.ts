/** multipart/form-data (RFC 7578) around bytes that are there already, or around a stream that is read once. */
import type { ByteStream } from "./scribe.ts";

/** One part before the file: a name and its text. */
export type TextPart = { name: string; text: string; contentType?: string };
export type FilePart = { name: string; fileName: string; contentType: string };

type Edges = { head: Uint8Array; tail: Uint8Array };

export function multipartType(boundary: string): string {
  return `multipart/form-data; boundary=${boundary}`;
}

/** Text parts in their order, then the file. */
export function multipartBytes(
  boundary: string,
  parts: TextPart[],
  file: FilePart & { bytes: Uint8Array },
): Uint8Array {
  const { head, tail } = edgesOf(boundary, parts, file);
  const whole = new Uint8Array(head.length + file.bytes.length + tail.length);
  whole.set(head);
  whole.set(file.bytes, head.length);
  whole.set(tail, head.length + file.bytes.length);
  return whole;
}

export type StreamedPart = FilePart & { bytes: ByteStream; sizeBytes: number };

/** The same, without holding the file; `sizeBytes` is the length of the whole body. */
export function multipartStream(
  boundary: string,
  parts: TextPart[],
  file: StreamedPart,
): { bytes: ByteStream; sizeBytes: number } {
  const { head, tail } = edgesOf(boundary, parts, file);
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* file.bytes;
    yield tail;
  }
  return { bytes: whole(), sizeBytes: head.length + file.sizeBytes + tail.length };
}

function edgesOf(boundary: string, parts: TextPart[], file: FilePart): Edges {
  const texts = parts.flatMap(({ name, text, contentType }) => [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${name}"`,
    ...(contentType === undefined ? [] : [`Content-Type: ${contentType}`]),
    "",
    text,
  ]);
  const opening = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${file.name}"; filename="${file.fileName}"`,
    `Content-Type: ${file.contentType}`,
    "",
    "",
  ];
  const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  return { head: toBytes([...texts, ...opening].join("\r\n")), tail: toBytes(`\r\n--${boundary}--\r\n`) };
}
