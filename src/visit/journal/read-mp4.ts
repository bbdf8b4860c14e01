/**
 * Takes a recorder's fragmented MP4 in pieces of any size and gives back its Opus or AAC packets. Each fragment announces its
 * packets (moof), then gives them (mdat): a torn fragment gives those that are whole. A packet's length in time comes from Opus
 * itself or from AAC's frame length, because recorders guess the last one's.
 */
import { aacPacketSamples } from "./aac.ts";
import { concat, indexOfBytes } from "./bytes.ts";
import { boxAt, readFragment, readMovie, type Box, type Movie } from "./mp4-boxes.ts";
import { isOpusHead, packetSamples } from "./opus.ts";
import type { Packet, StreamReader } from "./packet.ts";

/** A packet that was announced and has not come yet, by its place in the stream. */
type Awaited = { at: number; size: number; readFrom: number; time: number };

/** "moof", and the box that must be its first. */
const fragmentType = [0x6d, 0x6f, 0x6f, 0x66];
const firstInside = [0x6d, 0x66, 0x68, 0x64];
const known = new Set([
  "ftyp",
  "styp",
  "moov",
  "moof",
  "mdat",
  "free",
  "skip",
  "sidx",
  "mfra",
  "emsg",
  "prft",
  "uuid",
  "udta",
  "meta",
]);
/** These are read whole. No recorder's header comes near this; a larger one is damage. */
const maxHeaderBytes = 1_000_000;

export function createMp4Reader(startAt = 0): StreamReader {
  return new Mp4Reader(startAt);
}

class Mp4Reader implements StreamReader {
  #pending: Uint8Array = new Uint8Array();
  /** Where the pending bytes begin in the stream. */
  #at: number;
  #movie: Movie | undefined;
  #awaited: Awaited[] = [];
  /** The end of the box whose content is being stepped through. */
  #boxEnd: number;
  #isLost = false;

  constructor(startAt: number) {
    [this.#at, this.#boxEnd] = [startAt, startAt];
  }

  head(): Uint8Array | undefined {
    return this.#movie?.head;
  }

  push(bytes: Uint8Array): Packet[] {
    this.#pending = concat([this.#pending, bytes]);
    const packets: Packet[] = [];
    while (this.#isLost ? this.#findFragment() : this.#step(packets));
    return packets;
  }

  jump(from: number): void {
    this.#pending = new Uint8Array();
    this.#at = from;
    if (from > this.#boxEnd) this.#lose();
  }

  /** One packet, or one box; false when more bytes are needed. */
  #step(packets: Packet[]): boolean {
    while ((this.#awaited[0]?.at ?? this.#at) < this.#at) this.#awaited.shift();
    const [awaited] = this.#awaited;
    if (awaited && awaited.at + awaited.size <= this.#boxEnd) return this.#takePacket(awaited, packets);
    if (this.#at < this.#boxEnd) return this.#skipTo(this.#boxEnd);
    return this.#openBox();
  }

  #openBox(): boolean {
    const box = boxAt(this.#pending, 0);
    if (box === undefined) return false;
    if (isBroken(box)) return this.#lose() && this.#skipTo(this.#at + 1);
    const isHeader = box.type === "moov" || box.type === "moof";
    if (isHeader && this.#pending.length < box.end) return false;
    if (isHeader) this.#readHeader(box);
    this.#boxEnd = this.#at + box.end;
    return this.#skipTo(isHeader ? this.#boxEnd : this.#at + box.body);
  }

  #takePacket({ at, size, readFrom, time }: Awaited, packets: Packet[]): boolean {
    if (!this.#skipTo(at) || this.#pending.length < size) return false;
    const bytes = this.#pending.slice(0, size);
    const { timescale } = this.#movie ?? {};
    const timeMs = timescale === undefined ? null : (time * 1000) / timescale;
    packets.push({ bytes, samples: this.#samplesOf(bytes), at, end: at + size, readFrom, timeMs });
    this.#awaited.shift();
    return this.#skipTo(at + size);
  }

  #samplesOf(bytes: Uint8Array): number {
    const head = this.#movie?.head;
    return head === undefined || isOpusHead(head) ? packetSamples(bytes) : aacPacketSamples(head);
  }

  /** A fragment's header that makes no sense announces nothing. */
  #readHeader(box: Box): void {
    if (box.type === "moov") this.#movie = readMovie(this.#pending, box);
    else {
      const readFrom = this.#at;
      const samples = readFragment(this.#pending, box, this.#movie);
      this.#awaited = samples.map(({ from, size, time }) => ({ at: readFrom + from, size, readFrom, time }));
    }
  }

  /** False when the place is not reached with the bytes that are there. */
  #skipTo(place: number): boolean {
    const count = Math.max(0, Math.min(this.#pending.length, place - this.#at));
    this.#pending = this.#pending.subarray(count);
    this.#at += count;
    return this.#at >= place;
  }

  #lose(): boolean {
    [this.#isLost, this.#awaited] = [true, []];
    return true;
  }

  /** Steps over bytes that make no sense, up to the next fragment. */
  #findFragment(): boolean {
    const start = indexOfBytes(this.#pending.subarray(4), fragmentType);
    this.#skipTo(this.#at + (start < 0 ? this.#pending.length - 7 : start));
    if (start < 0 || this.#pending.length < 16) return false;
    if (indexOfBytes(this.#pending.subarray(12, 16), firstInside) !== 0) return this.#skipTo(this.#at + 1);
    [this.#isLost, this.#boxEnd] = [false, this.#at];
    return true;
  }
}

function isBroken({ type, body, end }: Box): boolean {
  const isHeader = type === "moov" || type === "moof";
  return !known.has(type) || end < body || (isHeader && end > maxHeaderBytes);
}
