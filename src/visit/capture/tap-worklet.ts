/**
 * Runs on the audio thread, beside the recording: measures every sample the microphone gives and reports about 15 times a second;
 * while a black box is attached, hands it the samples themselves, 20 ms at a time. It changes nothing, and needs no page to go on.
 */

declare const sampleRate: number;
declare const currentFrame: number;
declare function registerProcessor(name: string, processor: new () => TapProcessor): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

/** What the page says. `wallOffsetMs` makes this machine's clock the clinic's. */
type Order = { order: "attach"; port: MessagePort; wallOffsetMs: number } | { order: "detach" } | { order: "close" };

const reportsPerSecond = 15;
const clipped = 0.99;
const blockSamples = Math.round(sampleRate / 50);

class TapProcessor extends AudioWorkletProcessor {
  #squares = 0;
  #peak = 0;
  #clipped = 0;
  #count = 0;
  #isOpen = true;
  #blackBox: MessagePort | undefined;
  #wallOffsetMs = 0;
  #block = new Float32Array(blockSamples);
  #filled = 0;

  constructor() {
    super();
    this.port.addEventListener("message", ({ data }: MessageEvent<Order>) => this.#obey(data));
    this.port.start();
  }

  process([channels = []]: Float32Array[][]): boolean {
    for (const samples of channels) for (const sample of samples) this.#measure(Math.abs(sample));
    if (this.#count >= (sampleRate / reportsPerSecond) * Math.max(1, channels.length)) this.#report();
    if (this.#blackBox) this.#keep(channels);
    return this.#isOpen;
  }

  #obey(order: Order): void {
    this.#blackBox?.close();
    this.#blackBox = undefined;
    this.#filled = 0;
    if (order.order === "close") this.#isOpen = false;
    if (order.order !== "attach") return;
    this.#blackBox = order.port;
    this.#wallOffsetMs = order.wallOffsetMs;
  }

  #measure(loudness: number): void {
    this.#squares += loudness * loudness;
    this.#count += 1;
    if (loudness > this.#peak) this.#peak = loudness;
    if (loudness >= clipped) this.#clipped += 1;
  }

  #report(): void {
    const count = this.#count;
    const power = { rms: Math.sqrt(this.#squares / count), peak: this.#peak, clipped: this.#clipped / count };
    const level = { ...power, atMs: (currentFrame / sampleRate) * 1000 };
    this.port.postMessage(level, []);
    [this.#squares, this.#peak, this.#clipped, this.#count] = [0, 0, 0, 0];
  }

  /** One channel: what several give is averaged. */
  #keep(channels: readonly Float32Array[]): void {
    const length = channels[0]?.length ?? 0;
    for (let index = 0; index < length; index += 1) {
      let sum = 0;
      for (const samples of channels) sum += samples[index] ?? 0;
      this.#block[this.#filled] = sum / channels.length;
      this.#filled += 1;
      if (this.#filled === blockSamples) this.#handOver(index + 1);
    }
  }

  /** `at` is where the block begins on the audio clock, `wall` when it was complete. */
  #handOver(doneInQuantum: number): void {
    const samples = this.#block;
    const at = ((currentFrame + doneInQuantum - blockSamples) / sampleRate) * 1000;
    this.#blackBox?.postMessage({ samples, at, wall: Date.now() + this.#wallOffsetMs }, [samples.buffer]);
    this.#block = new Float32Array(blockSamples);
    this.#filled = 0;
  }
}

registerProcessor("tap", TapProcessor);
