/** The far end of the audio: what lies on the scribe's disk, decoded there by another decoder than the app's. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from "mediabunny";
import { OpusDecoder } from "opus-decoder";

/** Decoded length of every session's audio in ms, each chunk opened alone, newest session last. */
export async function decodedSessions(scribeFolder: string): Promise<number[]> {
  const root = join(scribeFolder, "audio");
  const sessions = readdirSync(root).sort(
    (a, b) => statSync(join(root, a)).birthtimeMs - statSync(join(root, b)).birthtimeMs,
  );
  const lengths: number[] = [];
  for (const session of sessions) lengths.push(await decodedMs(join(root, session)));
  return lengths;
}

async function decodedMs(folder: string): Promise<number> {
  const places = readdirSync(folder)
    .map(Number)
    .sort((a, b) => a - b);
  expectNoHole(places);
  const decoder = new OpusDecoder({ channels: 2 });
  await decoder.ready;
  let samples = 0;
  for (const place of places) {
    for (const packet of await packetsOf(readFileSync(join(folder, String(place))))) {
      samples += decoder.decodeFrame(packet).samplesDecoded;
    }
  }
  decoder.free();
  return samples / 48;
}

async function packetsOf(file: Buffer): Promise<Uint8Array[]> {
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
  const track = await new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) }).getPrimaryAudioTrack();
  if (!track) throw new Error("a stored chunk has no audio track: it cannot be played alone");
  const packets: Uint8Array[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet.data);
  return packets;
}

function expectNoHole(places: readonly number[]): void {
  const hole = places.findIndex((place, index) => place !== index);
  if (hole >= 0) throw new Error(`the scribe lacks chunk ${hole} of ${places.length}`);
}
