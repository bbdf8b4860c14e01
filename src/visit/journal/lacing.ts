/** Several packets in one Matroska block: where each of them stands in the block's body (RFC 9559 §10.3). */

export type Span = { from: number; to: number };

const xiph = 0x02;
const fixed = 0x04;
const ebml = 0x06;

/**
 * The packets of a block whose payload begins at `start`; `flags` is the byte before it. A block without lacing is one packet; one
 * whose sizes make no sense has none.
 */
export function packetSpans(body: Uint8Array, start: number, flags: number): Span[] {
  const lacing = flags & ebml;
  if (lacing === 0) return [{ from: start, to: body.length }];
  const cursor = { at: start + 1 };
  const count = (body[start] ?? 0) + 1;
  const sizes = lacing === fixed ? fixedSizes(body, cursor, count) : storedSizes(body, cursor, { count, lacing });
  let at = cursor.at;
  const spans = sizes.map((size) => ({ from: at, to: (at += size) }));
  return sizes.every((size) => Number.isInteger(size) && size > 0) && at === body.length ? spans : [];
}

type Cursor = { at: number };

function fixedSizes(body: Uint8Array, cursor: Cursor, count: number): number[] {
  return Array.from({ length: count }, () => (body.length - cursor.at) / count);
}

/** Every size but the last is stored; the last packet takes what is left. */
function storedSizes(body: Uint8Array, cursor: Cursor, how: { count: number; lacing: number }): number[] {
  const sizes: number[] = [];
  for (let left = how.count - 1; left > 0; left -= 1) {
    const before = sizes.at(-1);
    if (how.lacing === xiph) sizes.push(xiphSize(body, cursor));
    else sizes.push(before === undefined ? vint(body, cursor).value : before + signedVint(body, cursor));
  }
  const spent = sizes.reduce((sum, size) => sum + size, 0);
  return [...sizes, body.length - cursor.at - spent];
}

/** Bytes of 255 go on. */
function xiphSize(body: Uint8Array, cursor: Cursor): number {
  let size = 0;
  for (;;) {
    const byte = body[cursor.at] ?? 0;
    cursor.at += 1;
    size += byte;
    if (byte < 255) return size;
  }
}

function vint(body: Uint8Array, cursor: Cursor): { value: number; length: number } {
  const length = Math.clz32(body[cursor.at] ?? 0) - 23;
  const value = body.subarray(cursor.at, cursor.at + length).reduce((sum, byte) => sum * 256 + byte, 0);
  cursor.at += length;
  return { value: value - 2 ** (7 * length), length };
}

/** The difference to the size before. */
function signedVint(body: Uint8Array, cursor: Cursor): number {
  const { value, length } = vint(body, cursor);
  return value - (2 ** (7 * length - 1) - 1);
}
