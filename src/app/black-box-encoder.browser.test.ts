/** The browser's own Opus encoder: which packet is the last of its block. */
import { afterEach, expect, test, vi } from "vitest";
import { openEncoder, type SoundEncoder } from "#visit/journal/black-box-encoder.ts";

vi.setConfig({ testTimeout: 60_000 });

let encoder: SoundEncoder | undefined;
let said: { at: number; isLast: boolean }[];

afterEach(() => {
  encoder?.close();
  vi.restoreAllMocks();
});

async function open(sampleRate: number): Promise<(atMs: number, lengthMs: number) => void> {
  said = [];
  const onSound = ({ at }: { at: number }, isLast: boolean): void => void said.push({ at, isLast });
  const opened = await openEncoder({ onSound, onBroken: () => undefined });
  encoder = opened;
  return (at, lengthMs) => {
    const samples = new Float32Array((lengthMs * sampleRate) / 1000).map(() => Math.random() - 0.5);
    opened.encode({ samples, sampleRate, at, wall: at + lengthMs });
  };
}

test("the last packet of a block says so, and no other, whatever is left over for the next block", async () => {
  const give = await open(48_000);
  const lengths = [60, 70, 70, 40, 60];
  let at = 0;
  for (const lengthMs of lengths) {
    const before = said.length;
    give(at, lengthMs);
    at += lengthMs;
    const packets = Math.floor(at / 20) - before;
    await expect.poll(() => said.length, { timeout: 30_000 }).toBe(before + packets);
    const isLast = said.slice(before).map((sound) => sound.isLast);
    expect(isLast).toEqual(Array.from({ length: packets }, (_, index) => index === packets - 1));
  }
  expect(said.map((sound) => Math.round(sound.at))).toEqual(said.map((_, index) => index * 20));
});

test("the encoder works with the least effort: it runs beside the recording for as long as a visit lasts", async () => {
  const configured = vi.spyOn(AudioEncoder.prototype, "configure");
  await open(48_000);
  const [config] = configured.mock.calls[0]!;
  expect(config).toMatchObject({ codec: "opus", bitrate: 32_000, opus: { complexity: 0 } });
});
