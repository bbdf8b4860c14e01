/** AAC packets in, one fragmented MP4 out: it starts at zero, states its length, and plays without anything before or after it. */
import { aacFormatOf } from "./aac.ts";
import { concat } from "./bytes.ts";
import type { Packet } from "./packet.ts";

const fragmentSeconds = 20;

/** The same packets and AudioSpecificConfig always give the same bytes. */
export function writeMp4(config: Uint8Array, packets: readonly Pick<Packet, "bytes">[]): Uint8Array<ArrayBuffer> {
  const { sampleRate, frameSamples } = aacFormatOf(config);
  const perFragment = Math.floor((fragmentSeconds * sampleRate) / frameSamples);
  const file = [
    box("ftyp", [text("iso5"), uint32(0), text("iso5"), text("iso6"), text("mp41")]),
    movie(config, packets.length * frameSamples),
  ];
  for (let index = 0; index < packets.length; index += perFragment) {
    const sizes = packets.slice(index, index + perFragment).map((packet) => packet.bytes.length);
    file.push(fragment(sizes, { number: index / perFragment + 1, time: index * frameSamples, frameSamples }));
    file.push(
      box(
        "mdat",
        packets.slice(index, index + perFragment).map((packet) => packet.bytes),
      ),
    );
  }
  return concat(file);
}

const unity = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];
const undetermined = 0x55c40000;

/** Header of a movie with one track; the length stands in mehd, because the track itself holds no packets. */
function movie(config: Uint8Array, duration: number): Uint8Array {
  const { sampleRate } = aacFormatOf(config);
  const mvhd = fullBox("mvhd", 0, [0, 0, sampleRate, 0, 0x10000, 0x1000000, 0, 0, ...unity, 0, 0, 0, 0, 0, 0, 2]);
  const tkhd = fullBox("tkhd", 7, [0, 0, 1, 0, 0, 0, 0, 0, 0x1000000, ...unity, 0, 0]);
  const mdhd = fullBox("mdhd", 0, [0, 0, sampleRate, 0, undetermined]);
  const hdlr = box("hdlr", [uint32(0), uint32(0), text("soun"), new Uint8Array(13)]);
  const media = box("minf", [
    fullBox("smhd", 0, [0]),
    box("dinf", [box("dref", [uint32(0), uint32(1), fullBox("url ", 1, [])])]),
    box("stbl", [
      box("stsd", [uint32(0), uint32(1), sampleEntry(config)]),
      fullBox("stts", 0, [0]),
      fullBox("stsc", 0, [0]),
      fullBox("stsz", 0, [0, 0]),
      fullBox("stco", 0, [0]),
    ]),
  ]);
  const extended = box("mvex", [fullBox("mehd", 0, [duration]), fullBox("trex", 0, [1, 1, 0, 0, 0])]);
  return box("moov", [mvhd, box("trak", [tkhd, box("mdia", [mdhd, hdlr, media])]), extended]);
}

function sampleEntry(config: Uint8Array): Uint8Array {
  const { sampleRate, channels } = aacFormatOf(config);
  const sound = [0, 1, 0, 0, (channels << 16) | 16, 0, (sampleRate & 0xffff) * 0x10000].map(uint32);
  const decoder = descriptor(4, [Uint8Array.of(0x40, 0x15, 0, 0, 0), uint32(0), uint32(0), descriptor(5, [config])]);
  const stream = descriptor(3, [Uint8Array.of(0, 0, 0), decoder, descriptor(6, [Uint8Array.of(2)])]);
  return box("mp4a", [...sound, box("esds", [uint32(0), stream])]);
}

type Place = { number: number; time: number; frameSamples: number };

/** Every packet's size; the data begin 8 bytes after the moof, behind mdat's head. */
function fragment(sizes: readonly number[], { number, time, frameSamples }: Place): Uint8Array {
  const mfhd = fullBox("mfhd", 0, [number]);
  const tfhd = fullBox("tfhd", 0x020008, [1, frameSamples]);
  const tfdt = fullBox("tfdt", 0x01000000, [Math.floor(time / 2 ** 32), time]);
  const run = (offset: number) => fullBox("trun", 0x201, [sizes.length, offset, ...sizes]);
  const moof = (offset: number) => box("moof", [mfhd, box("traf", [tfhd, tfdt, run(offset)])]);
  return moof(moof(0).length + 8);
}

function box(type: string, parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 8);
  return concat([uint32(size), text(type), ...parts]);
}

function fullBox(type: string, versionAndFlags: number, words: readonly number[]): Uint8Array {
  return box(type, [versionAndFlags, ...words].map(uint32));
}

/** Descriptors here are shorter than 128 bytes. */
function descriptor(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  return concat([
    Uint8Array.of(
      tag,
      parts.reduce((sum, part) => sum + part.length, 0),
    ),
    ...parts,
  ]);
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
