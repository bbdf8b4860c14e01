/** The tap on the audio thread, for browsers that give a track's sound to no worker (tap-worker.ts says what it gives). */
import { createBlocks, createMeter } from "./tap-sound.ts";
import type { TapOrder } from "./tap.ts";

declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => TapProcessor): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

const blockMs = 20;

class TapProcessor extends AudioWorkletProcessor {
  readonly #meter = createMeter();
  readonly #blocks = createBlocks(blockMs);
  #isOpen = true;

  constructor() {
    super();
    this.port.addEventListener("message", ({ data }: MessageEvent<TapOrder>) => this.#obey(data));
    this.port.start();
  }

  process([channels = []]: Float32Array[][]): boolean {
    this.#blocks.take(channels, sampleRate);
    const amplitude = this.#meter.hear(channels, sampleRate);
    if (amplitude) this.port.postMessage(amplitude, []);
    return this.#isOpen;
  }

  #obey(order: TapOrder): void {
    if (order.order === "attach") this.#blocks.to(order.port, order.wallOffsetMs);
    else this.#blocks.to(undefined, 0);
    if (order.order === "close") this.#isOpen = false;
  }
}

registerProcessor("tap", TapProcessor);
