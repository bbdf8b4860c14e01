/** Runs on the audio thread: measures every sample the microphone gives, and reports about 15 times a second. It changes nothing. */

declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => MeterProcessor): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

const reportsPerSecond = 15;
const clipped = 0.99;

class MeterProcessor extends AudioWorkletProcessor {
  #squares = 0;
  #peak = 0;
  #clipped = 0;
  #count = 0;

  process([channels = []]: Float32Array[][]): boolean {
    for (const samples of channels) for (const sample of samples) this.#measure(Math.abs(sample));
    if (this.#count >= (sampleRate / reportsPerSecond) * Math.max(1, channels.length)) this.#report();
    return true;
  }

  #measure(loudness: number): void {
    this.#squares += loudness * loudness;
    this.#count += 1;
    if (loudness > this.#peak) this.#peak = loudness;
    if (loudness >= clipped) this.#clipped += 1;
  }

  #report(): void {
    const count = this.#count;
    const level = { rms: Math.sqrt(this.#squares / count), peak: this.#peak, clipped: this.#clipped / count };
    this.port.postMessage(level, []);
    [this.#squares, this.#peak, this.#clipped, this.#count] = [0, 0, 0, 0];
  }
}

registerProcessor("meter", MeterProcessor);
