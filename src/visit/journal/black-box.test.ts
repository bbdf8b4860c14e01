import { beforeEach, expect, test, vi } from "vitest";
import { createBlackBox, type BlackBox } from "./black-box.ts";
import { createBoxFile } from "./black-box-file.ts";
import { readBox } from "./black-box-read.ts";
import { soundBeyond } from "./black-box-merge.ts";
import { boxKinds, type BoxRecord } from "./black-box-records.ts";
import { openRecord, sealRecord } from "./frame.ts";
import { makeKey } from "./keys.ts";
import { problem } from "#model/problem.ts";
import type { DiskFile } from "./disk.ts";

vi.setConfig({ testTimeout: 60_000 });

const name = "visit.box";
/** Every block is one packet that says its number. */
const bytesOf = (number: number) => Uint8Array.of(number >> 8, number & 255, ...Array<number>(size - 2).fill(7));
const numberOf = (bytes: Uint8Array) => bytes[0]! * 256 + bytes[1]!;
/** The audio clock began then. */
const startedAt = 100_000;

let size: number;
let closed: number;
let disk: { bytes: Uint8Array<ArrayBuffer>; size: number; freeBytes: number };
let key: CryptoKey;
let box: BlackBox;
let mouth: MessagePort;
let spoken: number;
let encoded: number;
/** How long a block is. */
let blockMs: number;
/** Of its block. */
let isLast: (number: number) => boolean;

const file: DiskFile = {
  size: () => disk.size,
  read: (at, length) => disk.bytes.slice(at, Math.min(disk.size, at + length)),
  write: (at, bytes) => {
    const grown = Math.max(disk.size, at + bytes.length);
    if (grown - disk.size > disk.freeBytes) throw problem("storage_full");
    disk.freeBytes -= grown - disk.size;
    disk.bytes.set(bytes, at);
    disk.size = grown;
  },
  flush: () => undefined,
  truncate: (size) => void (disk.size = size),
  close: () => void (closed += 1),
};

beforeEach(async () => {
  [size, closed, spoken, encoded, blockMs, isLast] = [80, 0, 0, 0, 20, () => true];
  disk = { bytes: new Uint8Array(16_777_216), size: 0, freeBytes: 16_777_216 };
  key = await makeKey();
  box = createBlackBox({
    open: async () => createBoxFile({ name, file, key }),
    remove: async () => file.truncate(0),
    openEncoder: async ({ onSound }) => {
      let isOpen = true;
      return {
        form: { codec: "opus", sampleRate: 48_000 },
        encode: ({ samples: [number = 0], at, wall }) => {
          encoded += 1;
          if (isOpen) onSound({ at, wall, bytes: bytesOf(number) }, isLast(number));
        },
        close: () => (isOpen = false),
      };
    },
  });
});

async function tap(recording = 0): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  mouth = port1;
  await box.tap({ recording, port: port2 });
}

const wallOf = (number: number) => startedAt + (number + 1) * blockMs;

/** 20 ms each; resolves when all of them are on the disk. `lateMs`: how late the audio thread says so. */
async function speak(count: number, lateMs: (number: number) => number = () => 0): Promise<void> {
  for (let left = count; left > 0; left -= 1, spoken += 1) {
    const wall = wallOf(spoken) + lateMs(spoken);
    mouth.postMessage({ samples: Float32Array.of(spoken), at: spoken * blockMs, wall }, []);
  }
  await vi.waitFor(() => expect(encoded).toBe(spoken), { interval: 1, timeout: 30_000 });
  await box.saved({ recording: -1, capturedAt: 0, endMs: 0 }); // comes after them
}

/** A recorder's event: what was said until 55 ms before it is durable. */
function save(number: number, { lateMs = 0, recording = 0 } = {}): Promise<void> {
  return box.saved({ recording, capturedAt: wallOf(number) + 55 + lateMs, endMs: (number + 1) * blockMs });
}

/** What a restart finds. */
function find(): Promise<BoxRecord[]> {
  return readBox({ name, file, key });
}

async function beyond(endMs: number, recording = 0): Promise<number[]> {
  return (soundBeyond(await find(), { recording, endMs })?.sounds ?? []).map(({ bytes }) => numberOf(bytes));
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

test("after a kill everything is there that the journal lacks, and at most 60 ms twice", async () => {
  await tap();
  await speak(15);
  await save(14);
  await speak(15);
  await save(29);
  await speak(14);
  expect(await beyond(600)).toEqual(numbers(28, 44));
  expect(await beyond(300)).toEqual(numbers(13, 44)); // the page had the second fragment, the disk had not
});

test("a busy page, a late audio thread, clocks apart by minutes: still nothing is left out", async () => {
  await tap();
  const late = (number: number) => (number % 7) * 3;
  for (let number = 14; number < 600; number += 15) {
    await speak(15, late);
    await save(number, { lateMs: number % 4 === 0 ? 0 : (number * 37) % 900 });
  }
  const [first, ...rest] = await beyond(300 * 20);
  expect(first).toBeLessThanOrEqual(299);
  expect(first).toBeGreaterThanOrEqual(297);
  expect(rest.at(-1)).toBe(599);
});

test("a page that hung from the start: all of it", async () => {
  await tap();
  await speak(50);
  expect(await beyond(0)).toEqual(numbers(0, 50));
});

test("a machine that slept: sound before and after keeps its place", async () => {
  await tap();
  await speak(15);
  await save(14);
  await speak(20, () => 0);
  await speak(20, () => 60_000);
  expect(await beyond(300)).toEqual(numbers(13, 55));
});

test("while the journal is up to date the box stays small, and never lacks the last seconds", async () => {
  size = 4000;
  await tap();
  for (let number = 14; number < 900; number += 15) {
    await speak(15);
    await save(number);
    expect(disk.size).toBeLessThan(1_048_576 + 15 * 4100); // one burst, written at once
    if (number % 8 === 0) expect(await beyond((number - 14) * 20)).toEqual(numbers(number - 16, number + 1));
  }
}, 30_000);

test("a page that hangs for long: the box grows, to ten minutes and no further", async () => {
  blockMs = 200;
  await tap();
  await speak(15);
  await save(14);
  for (let minutes = 0; minutes < 11; minutes += 1) await speak(300);
  expect(await beyond(15 * blockMs)).toEqual(numbers(14, 15 + 3000));
});

test("killed at any write, everything up to it can be read", async () => {
  size = 4000;
  await tap();
  const { write } = file;
  const generation = { count: 0 };
  const states: (typeof disk)[] = [];
  file.write = (at, bytes) => {
    write(at, bytes);
    if (at === 0) generation.count += 1;
    states.push({ ...disk, bytes: disk.bytes.slice(0, disk.size) });
    if (states.length > 8) states.shift();
  };
  for (let number = 14; generation.count < 3; number += 15) {
    await speak(15);
    await save(number);
  }
  file.write = write;
  let last = 0;
  for (const state of states) {
    disk = state;
    const found = await beyond((spoken - 150) * 20);
    expect(found).toEqual(numbers(found[0]!, found.at(-1)! + 1));
    expect(found.at(-1)).toBeGreaterThanOrEqual(last);
    last = found.at(-1)!;
  }
  expect(last).toBe(spoken - 1);
}, 30_000);

test("packets of one block are written together, in one record", async () => {
  await tap();
  isLast = (number) => number === 2;
  const { write } = file;
  const writes: number[] = [];
  file.write = (at, bytes) => {
    writes.push(bytes.length);
    write(at, bytes);
  };
  for (; spoken < 3; spoken += 1) {
    mouth.postMessage({ samples: Float32Array.of(spoken), at: spoken * blockMs, wall: wallOf(spoken) }, []);
  }
  await vi.waitFor(async () => expect(await beyond(0)).toEqual(numbers(0, 3)), { timeout: 30_000 });
  file.write = write;
  expect(writes).toHaveLength(1);
  const kinds: number[] = [];
  for (let at = 0, record; (record = await openRecord({ name, file, key }, at)); at = record.end)
    kinds.push(record.kind);
  expect(kinds).toEqual([boxKinds.tapped, boxKinds.sounds]);
});

test("what the journal has is noted when it says something new of the clock, not with every fragment", async () => {
  await tap();
  const origins = async () =>
    (await find()).flatMap((record) => (record.type === "saved" ? record.saved.originAt : []));
  await speak(30);
  await save(14, { lateMs: 5 });
  await save(29, { lateMs: 7 });
  expect(await origins()).toEqual([startedAt + 60]);
  await save(29, { lateMs: 2 });
  expect(await origins()).toEqual([startedAt + 60, startedAt + 57]);
});

test("a box of an earlier version, one packet a record, is read too", async () => {
  await tap();
  const [tapped] = await find();
  const old = (number: number) => {
    const head = new DataView(new ArrayBuffer(16));
    head.setFloat64(0, number * 20);
    head.setFloat64(8, wallOf(number));
    const plain = Uint8Array.from([...new Uint8Array(head.buffer), ...bytesOf(number)]);
    return sealRecord({ name, file, key }, { kind: boxKinds.sound, position: number + 1, plain });
  };
  for (const number of [0, 1, 2]) file.write(disk.size, await old(number));
  const sounds = [0, 1, 2].map((number) => ({ at: number * 20, wall: wallOf(number), bytes: bytesOf(number) }));
  expect(await find()).toEqual([tapped, ...sounds.map((sound) => ({ type: "sound", sound }))]);
});

test("a torn last record costs itself", async () => {
  await tap();
  await speak(9);
  await speak(1);
  disk.size -= 3;
  expect(await beyond(0)).toEqual(numbers(0, 9));
});

test("nothing said after the hold is in the box, whatever was on its way", async () => {
  await tap();
  await speak(100);
  for (const number of [100, 101, 102]) {
    mouth.postMessage({ samples: Float32Array.of(number), at: number * 20, wall: wallOf(number) }, []);
  }
  await box.hold(wallOf(79) + 5);
  mouth.postMessage({ samples: Float32Array.of(103), at: 2060, wall: wallOf(103) }, []);
  await box.close();
  expect(await beyond(0)).toEqual(numbers(0, 80));
  expect(disk.size).toBeLessThan(82 * (80 + 16 + 41));
});

test("the end of its recording empties it, and it goes on with the next; the end of another does not", async () => {
  await tap(3);
  await speak(5);
  await box.end(2);
  expect(await beyond(0, 3)).toEqual(numbers(0, 5));
  await box.end(3);
  expect(disk.size).toBe(0);
  await tap(4);
  await speak(5);
  expect(await beyond(0, 4)).toEqual(numbers(5, 10));
  await box.remove();
  expect(disk.size).toBe(0);
});

test("two recordings that overlap are told apart", async () => {
  await tap(0);
  await speak(10);
  await tap(1);
  await speak(10);
  expect(await beyond(0, 0)).toEqual(numbers(0, 10));
  expect(await beyond(0, 1)).toEqual(numbers(10, 20));
});

test("a full disk is nobody's problem: the box goes on in the space it has", async () => {
  size = 4000;
  await tap();
  for (let number = 14; number < 900; number += 15) {
    await speak(15);
    await save(number);
    if (disk.size > 1_048_576) disk.freeBytes = 0;
    if (number % 8 === 0) expect((await beyond(number * 20)).at(-1)).toBe(number);
  }
  expect(disk.freeBytes).toBe(0);
}, 30_000);

test("once the disk was full its file is emptied but never closed: a browser may not come back from that", async () => {
  await tap();
  disk.freeBytes = 0;
  await speak(5);
  disk.freeBytes = 1_000_000;
  await speak(5);
  expect(await beyond(0)).toEqual(numbers(5, 10));
  await box.remove();
  expect([disk.size, closed]).toEqual([0, 0]);
  await tap(1);
  await speak(5);
  expect(await beyond(0, 1)).toEqual(numbers(10, 15));
  await box.close();
  expect(closed).toBe(0);
});

test("else it is closed, and then removed", async () => {
  await tap();
  await speak(5);
  await box.remove();
  expect([disk.size, closed]).toEqual([0, 1]);
});

test("neither another visit's key nor another name opens it, and the sound is not in the clear", async () => {
  await tap();
  await speak(20);
  const raw = Buffer.from(disk.bytes.subarray(0, disk.size));
  expect(raw.includes(Buffer.from(bytesOf(7)))).toBe(false);
  expect(await readBox({ name: "other.box", file, key })).toEqual([]);
  expect(await readBox({ name, file, key: await makeKey() })).toEqual([]);
});

test("without an encoder samples are kept, at one rate whatever the microphone's", async () => {
  box = createBlackBox({
    open: async () => createBoxFile({ name, file, key }),
    remove: async () => file.truncate(0),
  });
  await tap();
  /** A second of a tone of 440 Hz, in blocks of 20 ms. */
  const hum = (sampleRate: number): void => {
    for (let number = 0; number < 50; number += 1, spoken += 1) {
      const samples = Float32Array.from({ length: sampleRate / 50 }, (_, index) => {
        const seconds = spoken / 50 + index / sampleRate;
        return 0.5 * Math.sin(2 * Math.PI * 440 * seconds);
      });
      mouth.postMessage({ samples, sampleRate, at: spoken * 20, wall: wallOf(spoken) }, []);
    }
  };
  for (const sampleRate of [48_000, 16_000, 44_100]) hum(sampleRate);
  await vi.waitFor(async () => expect((await find()).length).toBe(151), { timeout: 20_000 });
  const [tapped, ...sounds] = await find();
  expect(tapped).toMatchObject({ tapped: { codec: "pcm16", sampleRate: 16_000 } });
  const kept = sounds.flatMap((record) =>
    record.type === "sound" ? [...new Int16Array(record.sound.bytes.slice().buffer)] : [],
  );
  // The filter keeps 2 ms of each rate back.
  expect(kept.length).toBeGreaterThan(3 * 15_960);
  expect(kept.length).toBeLessThanOrEqual(3 * 16_000);
  for (const second of [0, 1, 2]) {
    const middle = kept.slice(second * 16_000 + 4000, second * 16_000 + 12_000);
    const rises = middle.filter((sample, index) => sample >= 0 && (middle[index - 1] ?? 0) < 0).length;
    expect(Math.abs(rises - 220)).toBeLessThanOrEqual(1);
    expect(Math.max(...middle) / 32_767).toBeCloseTo(0.5, 2);
  }
});
