/** Frame lengths by configuration number, in samples at 48 kHz (RFC 6716, table 2). */
const silk = [480, 960, 1920, 2880];
const hybrid = [480, 960];
const celt = [120, 240, 480, 960];

function frameSamples(configuration: number): number {
  if (configuration < 12) return silk[configuration % 4] ?? 0;
  if (configuration < 16) return hybrid[configuration % 2] ?? 0;
  return celt[configuration % 4] ?? 0;
}

function frameCount(packet: Uint8Array): number {
  const code = (packet[0] ?? 0) & 3;
  if (code === 0) return 1;
  return code === 3 ? (packet[1] ?? 0) & 63 : 2;
}

/** No packet is longer than 120 ms (RFC 6716 §3.2.5). */
const mostSamples = 5760;

/** Samples at 48 kHz that an Opus packet decodes to, from its own header; 0 for one that is empty or impossible. */
export function opusSamples(packet: Uint8Array): number {
  const first = packet[0];
  const samples = first === undefined ? 0 : frameSamples(first >> 3) * frameCount(packet);
  return samples <= mostSamples ? samples : 0;
}
