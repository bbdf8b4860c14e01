/** A decoder of one Opus stream, mono at 16 kHz: what both ways to WAV here hear with. Call `free` when it is not needed any more. */
import { OpusDecoder } from "opus-decoder";
import { sampleRate } from "./pcm.ts";

/** What `OpusDecoder` takes as one mono stream. */
const mono = { channels: 1, streamCount: 1, coupledStreamCount: 0, channelMappingTable: [0] };

export async function openDecoder(): Promise<OpusDecoder<typeof sampleRate>> {
  const decoder = new OpusDecoder({ sampleRate, ...mono });
  await decoder.ready;
  return decoder;
}
