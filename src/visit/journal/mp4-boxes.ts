/** The boxes of a fragmented MP4 (ISO/IEC 14496-12, -14, and "Encapsulation of Opus in ISOBMFF"), as far as audio needs them. */
import { problem } from "#model/problem.ts";

/** A box inside these bytes: `body` is where its content begins, `end` the byte after it. */
export type Box = { type: string; start: number; body: number; end: number };

/** What the movie's header says about its sound. `trackId` and `sampleBytes` are what its fragments refer to. */
export type Movie = { trackId: number; timescale: number; sampleBytes: number; head: Uint8Array };

/** One packet of a fragment: where it begins, counted from the fragment's first byte, its length, and the track's time. */
export type Sample = { from: number; size: number; time: number };

/** The header at `start`; undefined when these bytes do not hold all of it. A size of 0 means "to the end of the file". */
export function boxAt(bytes: Uint8Array, start: number): Box | undefined {
  if (bytes.length < start + 8) return undefined;
  const view = viewOf(bytes);
  const size = view.getUint32(start);
  const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8));
  if (size === 0) return { type, start, body: start + 8, end: Number.POSITIVE_INFINITY };
  if (size !== 1) return { type, start, body: start + 8, end: start + size };
  if (bytes.length < start + 16) return undefined;
  return { type, start, body: start + 16, end: start + Number(view.getBigUint64(start + 8)) };
}

function childrenOf(bytes: Uint8Array, from: number, to: number): Box[] {
  const children: Box[] = [];
  for (let at = from; at + 8 <= to;) {
    const child = boxAt(bytes, at);
    if (child === undefined || child.end > to || child.end < at + 8) break;
    children.push(child);
    at = child.end;
  }
  return children;
}

/** Every box at this path below `box`. */
function boxesAt(bytes: Uint8Array, box: Pick<Box, "body" | "end">, path: readonly string[]): Box[] {
  const [type, ...rest] = path;
  const found = childrenOf(bytes, box.body, box.end).filter((child) => child.type === type);
  return rest.length === 0 ? found : found.flatMap((child) => boxesAt(bytes, child, rest));
}

/** `recorder_unsupported` when it has no Opus and no AAC. */
export function readMovie(bytes: Uint8Array, moov: Box): Movie {
  const view = viewOf(bytes);
  for (const trak of boxesAt(bytes, moov, ["trak"])) {
    const [description] = boxesAt(bytes, trak, ["mdia", "minf", "stbl", "stsd"]);
    const entry = description && boxAt(bytes, description.body + 8);
    const head = entry && headOf(bytes, entry);
    const [tkhd] = boxesAt(bytes, trak, ["tkhd"]);
    const [mdhd] = boxesAt(bytes, trak, ["mdia", "mdhd"]);
    if (head === undefined || tkhd === undefined || mdhd === undefined) continue;
    const trackId = view.getUint32(tkhd.body + (bytes[tkhd.body] === 1 ? 20 : 12));
    const timescale = view.getUint32(mdhd.body + (bytes[mdhd.body] === 1 ? 20 : 12));
    const trex = boxesAt(bytes, moov, ["mvex", "trex"]).find((box) => view.getUint32(box.body + 4) === trackId);
    return { trackId, timescale, sampleBytes: trex ? view.getUint32(trex.body + 16) : 0, head };
  }
  throw problem("recorder_unsupported", { detail: "mp4 without opus and aac" });
}

/** OpusHead, or AAC's AudioSpecificConfig. */
function headOf(bytes: Uint8Array, entry: Box): Uint8Array | undefined {
  const inside = { body: entry.body + 28, end: entry.end };
  const [dOps] = entry.type === "Opus" ? boxesAt(bytes, inside, ["dOps"]) : [];
  if (dOps) return toOpusHead(bytes.subarray(dOps.body, dOps.end));
  const [esds] = entry.type === "mp4a" ? boxesAt(bytes, inside, ["esds"]) : [];
  return esds && specificConfig(bytes.subarray(esds.body + 4, esds.end));
}

/**
 * The same fields in the other byte order (RFC 7845 §5.1). WebKitGTK's (GStreamer 1.22) are in that order already, which a sample rate
 * of more than 16 MHz gives away.
 */
function toOpusHead(dOps: Uint8Array): Uint8Array {
  const from = viewOf(dOps);
  const head = new Uint8Array(8 + dOps.length);
  head.set(new TextEncoder().encode("OpusHead"));
  head.set(dOps, 8);
  const to = viewOf(head);
  const isTurned = from.getUint32(4) >= 2 ** 24;
  head[8] = 1;
  to.setUint16(10, from.getUint16(2, isTurned), true);
  to.setUint32(12, from.getUint32(4, isTurned), true);
  to.setUint16(16, from.getUint16(8, isTurned), true);
  return head;
}

/** Descriptors inside each other (ISO/IEC 14496-1 §7.2.6): stream 3, decoder 4, its own words 5. */
function specificConfig(bytes: Uint8Array): Uint8Array | undefined {
  const ownFields: Record<number, number> = { 3: 3, 4: 13 };
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    let size = 0;
    let byte = 0;
    do {
      at += 1;
      byte = bytes[at] ?? 0;
      size = size * 128 + (byte & 127);
    } while (byte >= 128);
    at += 1;
    if (tag === 5) return bytes.slice(at, at + size);
    at += ownFields[tag] ?? size;
  }
  return undefined;
}

/** The packets that a fragment announces: none when it is damaged. Without the movie's header it is taken to have one track. */
export function readFragment(bytes: Uint8Array, moof: Box, movie: Movie | undefined): Sample[] {
  const view = viewOf(bytes);
  const samples: Sample[] = [];
  for (const traf of boxesAt(bytes, moof, ["traf"])) {
    const [tfhd] = boxesAt(bytes, traf, ["tfhd"]);
    if (tfhd === undefined || (movie && view.getUint32(tfhd.body + 4) !== movie.trackId)) continue;
    const [tfdt] = boxesAt(bytes, traf, ["tfdt"]);
    const defaults = fragmentDefaults(view, tfhd, movie?.sampleBytes ?? 0);
    const cursor = { at: moof.end - moof.start + 8, time: tfdt ? startTime(view, tfdt) : 0 };
    for (const trun of boxesAt(bytes, traf, ["trun"])) samples.push(...readRun(view, trun, { defaults, cursor }));
  }
  return samples;
}

type Defaults = { sampleBytes: number; duration: number };

/** The fields a box may have: the flag that announces each, and its bytes. */
type Layout = readonly (readonly [flag: number, bytes: number])[];
const fragmentFields: Layout = [
  [0x01, 8],
  [0x02, 4],
  [0x08, 4],
  [0x10, 4],
];
const runFields: Layout = [
  [0x01, 4],
  [0x04, 4],
];
const sampleFields: Layout = [
  [0x100, 4],
  [0x200, 4],
  [0x400, 4],
  [0x800, 4],
];

function fragmentDefaults(view: DataView, tfhd: Box, movieBytes: number): Defaults {
  const { fields } = fieldsAt(view, tfhd, fragmentFields)(tfhd.body + 8);
  return { duration: fields.get(0x08) ?? 0, sampleBytes: fields.get(0x10) ?? movieBytes };
}

type Fields = { fields: Map<number, number>; end: number };

/** Reads the fields that the box's flags announce, one after the other; of an 8-byte one the lower half. */
function fieldsAt(view: DataView, box: Box, layout: Layout): (start: number) => Fields {
  const flags = view.getUint32(box.body);
  const present = layout.filter(([flag]) => (flags & flag) !== 0);
  return (start) => {
    const fields = new Map<number, number>();
    let end = start;
    for (const [flag, bytes] of present) {
      end += bytes;
      if (end <= box.end) fields.set(flag, view.getUint32(end - 4));
    }
    return { fields, end };
  };
}

function startTime(view: DataView, tfdt: Box): number {
  return view.getUint8(tfdt.body) === 1 ? Number(view.getBigUint64(tfdt.body + 4)) : view.getUint32(tfdt.body + 4);
}

type Run = { defaults: Defaults; cursor: { at: number; time: number } };

/** More than any recorder puts into one fragment. */
const maxRun = 100_000;

function readRun(view: DataView, trun: Box, { defaults, cursor }: Run): Sample[] {
  const count = Math.min(maxRun, view.getUint32(trun.body + 4));
  const own = fieldsAt(view, trun, runFields)(trun.body + 8);
  const offset = own.fields.get(0x01);
  if (offset !== undefined) cursor.at = offset | 0;
  const readSample = fieldsAt(view, trun, sampleFields);
  const samples: Sample[] = [];
  for (let at = own.end; samples.length < count;) {
    const { fields, end } = readSample(at);
    if (end > trun.end) break;
    const size = fields.get(0x200) ?? defaults.sampleBytes;
    samples.push({ from: cursor.at, size, time: cursor.time });
    cursor.at += size;
    cursor.time += fields.get(0x100) ?? defaults.duration;
    at = end;
  }
  return samples;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
