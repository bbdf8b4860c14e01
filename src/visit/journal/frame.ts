/**
 * One sealed record in a file. Layout: magic "CSR1", kind u8, position u32, length u32, iv 12 bytes, then AES-256-GCM ciphertext
 * with tag. The additional data bind visit, kind and position, so that records cannot be moved, swapped or carried to another visit.
 */
import { concat, indexOfBytes } from "./bytes.ts";
import type { DiskFile } from "./disk.ts";

export const magic = [0x43, 0x53, 0x52, 0x31];
const ivBytes = 12;
export const headBytes = 25;

export type LogRecord = {
  kind: number;
  plain: Uint8Array<ArrayBuffer>;
  /** Where it stands in the file. */ offset: number;
};
export type OpenedRecord = LogRecord & { position: number; end: number };

/** Whose records these are, and where. */
export type Vessel<Name extends string = string> = { name: Name; file: DiskFile; key: CryptoKey };

/** Its place in the file, and that of its ciphertext. */
export type Head = {
  kind: number;
  position: number;
  iv: Uint8Array<ArrayBuffer>;
  offset: number;
  body: number;
  end: number;
};

export async function sealRecord(
  { name, key }: Vessel,
  { kind, position, plain }: { kind: number; position: number; plain: Uint8Array<ArrayBuffer> },
): Promise<Uint8Array<ArrayBuffer>> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const cipher = new Uint8Array(await crypto.subtle.encrypt(cipherOf(name, { kind, position, iv }), key, plain));
  const head = new DataView(new ArrayBuffer(headBytes - ivBytes));
  for (const [index, byte] of magic.entries()) head.setUint8(index, byte);
  head.setUint8(4, kind);
  head.setUint32(5, position);
  head.setUint32(9, cipher.length);
  return concat([new Uint8Array(head.buffer), iv, cipher]);
}

/** The record at this offset; undefined when there is no whole, genuine one. */
export async function openRecord(vessel: Vessel, offset: number): Promise<OpenedRecord | undefined> {
  const { file } = vessel;
  const head = readHead(file.read(offset, headBytes), offset);
  if (head === undefined || head.end > file.size()) return undefined;
  return openSealed(vessel, head, file.read(head.body, head.end - head.body));
}

export async function openSealed(
  { name, key }: Vessel,
  head: Head,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<OpenedRecord | undefined> {
  const plain = await crypto.subtle.decrypt(cipherOf(name, head), key, sealed).catch(() => undefined);
  const { kind, position, offset, end } = head;
  return plain && { kind, position, end, offset, plain: new Uint8Array(plain) };
}

function cipherOf(name: string, { kind, position, iv }: Pick<Head, "kind" | "position" | "iv">): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`${name}/${kind}/${position}`) };
}

export function readHead(bytes: Uint8Array<ArrayBuffer>, offset: number): Head | undefined {
  if (bytes.length < headBytes || indexOfBytes(bytes, magic) !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const body = offset + headBytes;
  const iv = bytes.slice(headBytes - ivBytes);
  return { kind: view.getUint8(4), position: view.getUint32(5), iv, offset, body, end: body + view.getUint32(9) };
}
