/** What AAC's AudioSpecificConfig says (ISO/IEC 14496-3 §1.6.2.1). */

const rates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];

export type AacFormat = { sampleRate: number; channels: number; frameSamples: number };

/** Rate and channels of the core coder; `frameSamples` at that rate. */
export function aacFormatOf(config: Uint8Array): AacFormat {
  const bits = createBits(config);
  const objectType = bits(5);
  if (objectType === 31) bits(6);
  const index = bits(4);
  const sampleRate = index === 15 ? bits(24) : (rates[index] ?? 48_000);
  const channels = bits(4);
  const spectralBandReplication = objectType === 5 || objectType === 29;
  if (spectralBandReplication && bits(4) === 15) bits(24);
  if (spectralBandReplication) bits(5);
  return { sampleRate, channels: channels === 7 ? 8 : channels, frameSamples: bits(1) === 1 ? 960 : 1024 };
}

function createBits(bytes: Uint8Array): (count: number) => number {
  let at = 0;
  return (count) => {
    let value = 0;
    for (let left = count; left > 0; left -= 1, at += 1) {
      value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    }
    return value;
  };
}

/** Length of one packet in samples at 48 kHz; not a whole number for most rates. */
export function aacPacketSamples(config: Uint8Array): number {
  const { sampleRate, frameSamples } = aacFormatOf(config);
  return (frameSamples * 48_000) / sampleRate;
}
