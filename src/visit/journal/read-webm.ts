/**
 * Takes the recorder's WebM in pieces of any size and gives back its Opus packets. A piece may end inside an element (Chromium's
 * end one byte into the next block), so nothing is assumed about the borders. Each packet tells where its element begins in the
 * stream: from there a new reader can start.
 */
import { concat, indexOfBytes } from "./bytes.ts";
import { packetSpans } from "./lacing.ts";
import { packetSamples, plainHead, samplesToMs } from "./opus.ts";
import type { Packet, StreamReader } from "./packet.ts";

/** Element ids, RFC 8794 and the Matroska specification. */
const simpleBlock = 0xa3;
const block = 0xa1;
const codecPrivate = 0x63a2;
const clusterTime = 0xe7;
const cluster = [0x1f, 0x43, 0xb6, 0x75];
/** Segment, Cluster, Tracks, TrackEntry, BlockGroup: their children are read as if they stood in a row. */
const containers = new Set([0x18538067, 0x1f43b675, 0x1654ae6b, 0xae, 0xa0]);

type Element = { id: number; body: number; end: number };

export function createWebmReader(startAt = 0): StreamReader {
  let pending: Uint8Array = new Uint8Array();
  let at = startAt;
  let head: Uint8Array | undefined;
  let clusterMs: number | null = null;
  let isLost = false;
  let hasPackets = false;

  function drop(count: number): void {
    pending = pending.subarray(count);
    at += count;
  }

  /** Steps over bytes that make no sense. */
  function findCluster(): void {
    const found = indexOfBytes(pending, cluster);
    drop(found < 0 ? Math.max(0, pending.length - cluster.length + 1) : found);
    isLost = found < 0;
  }

  /** The next element, or "short" when the rest of it is not there yet. */
  function next(): Element | "short" {
    if (isLost) findCluster();
    let element = elementAt(pending);
    while (element === "broken" && !isLost) {
      drop(1);
      findCluster();
      element = elementAt(pending);
    }
    return isLost || element === "broken" ? "short" : element;
  }

  return {
    push(bytes) {
      pending = concat([pending, bytes]);
      const packets: Packet[] = [];
      for (let element = next(); element !== "short"; element = next()) {
        const body = pending.subarray(element.body, element.end);
        if (element.id === codecPrivate) head = body.slice();
        if (element.id === clusterTime) clusterMs = bigEndian(body);
        if (element.id === simpleBlock || element.id === block) {
          packets.push(...toPackets(body, { at, end: at + element.end, clusterMs }));
        }
        drop(element.end);
      }
      hasPackets ||= packets.length > 0;
      return packets;
    },
    jump(from) {
      [pending, at, isLost] = [new Uint8Array(), from, true];
    },
    head: () => head ?? (hasPackets ? plainHead : undefined),
  };
}

/** The element at the start of these bytes; a container ends where its first child begins. */
function elementAt(bytes: Uint8Array): Element | "short" | "broken" {
  const idLength = vintLength(bytes[0]);
  const sizeLength = vintLength(bytes[idLength]);
  if (bytes[0] === undefined || (idLength <= 4 && bytes[idLength] === undefined)) return "short";
  if (idLength > 4 || sizeLength > 8) return "broken";
  const body = idLength + sizeLength;
  if (bytes.length < body) return "short";
  const id = bigEndian(bytes.subarray(0, idLength));
  if (containers.has(id)) return { id, body, end: body };
  // Without its marker bit: Firefox writes sizes in 8 bytes, and with it they would be more than a number holds exactly.
  const size = bigEndian(bytes.subarray(idLength, body), 0xff >> sizeLength);
  if (size > maxElementBytes) return "broken";
  return bytes.length < body + size ? "short" : { id, body, end: body + size };
}

/** Nothing in audio-only WebM comes near this; a larger size is damage (or "unknown", which only containers may have). */
const maxElementBytes = 1_000_000;

/** Bytes of a variable-length number, from its first byte; 9 when it is none. */
function vintLength(first: number | undefined): number {
  return first === undefined ? 1 : Math.clz32(first) - 23;
}

/** `mask`: of the first byte. */
function bigEndian(bytes: Uint8Array, mask = 0xff): number {
  return bytes.reduce((value, byte, index) => value * 256 + (index === 0 ? byte & mask : byte), 0);
}

type Place = { at: number; end: number; clusterMs: number | null };

/**
 * A block's body: track number, 2 bytes time, flags, packets. Times are in milliseconds in every recorder seen so far. Of several
 * packets in one block the first begins with its element, the others where they stand; all are read from the element on.
 */
function toPackets(body: Uint8Array, { at, end, clusterMs }: Place): Packet[] {
  const track = vintLength(body[0]);
  const sinceCluster = (bigEndian(body.subarray(track, track + 2)) << 16) >> 16;
  let timeMs = clusterMs === null ? null : clusterMs + sinceCluster;
  const bodyAt = end - body.length;
  return packetSpans(body, track + 3, body[track + 2] ?? 0).map(({ from, to }, index) => {
    const bytes = body.slice(from, to);
    const samples = packetSamples(bytes);
    const place = { at: index === 0 ? at : bodyAt + from, end: bodyAt + to, readFrom: at };
    const packet = { bytes, samples, ...place, timeMs };
    timeMs = timeMs === null ? null : timeMs + samplesToMs(samples);
    return packet;
  });
}
