/**
 * Stands between the decoder and the speech engine. In: the session's samples. Out: the same number of samples, unchanged wherever
 * there is speech within reach, zeros elsewhere, because engines invent words in noise and none in zeros.
 *
 * What passes can still hold a slam or a cough, so the gate also remembers where there was a voice: words without one near them are not to
 * be trusted.
 */
import { createFrameReader, frameSamples } from "./speech-frames.ts";
import { createSpeechTimeline, type SpeechEvidence } from "./speech-timeline.ts";

export type SpeechGate = {
  /** Takes samples, gives those that are decided: up to 2.5 s behind. */
  push(samples: Int16Array): Int16Array;
  /** Gives the rest. */
  end(): Int16Array;
  evidence(): SpeechEvidence;
  /** Is there a voice between two moments of the session? */
  hasVoice(fromMs: number, toMs: number): boolean;
};

export function createSpeechGate(): SpeechGate {
  const timeline = createSpeechTimeline();
  const reader = createFrameReader();
  let held = new Int16Array(0);
  let released = 0;

  function readFrames(): void {
    for (;;) {
      const at = (timeline.frames() - released) * frameSamples;
      if (at + frameSamples > held.length) return;
      timeline.add(reader.read(held.subarray(at, at + frameSamples)));
    }
  }

  function release(until: number): Int16Array {
    const count = Math.max(0, until - released);
    const out = held.slice(0, count * frameSamples);
    for (let at = 0; at < count; at++) {
      if (!timeline.passes(released + at)) out.fill(0, at * frameSamples, (at + 1) * frameSamples);
    }
    held = held.slice(out.length);
    released += count;
    return out;
  }

  return {
    push(samples) {
      held = join(held, samples);
      readFrames();
      return release(timeline.decided());
    },
    end() {
      timeline.end();
      const whole = release(timeline.frames());
      return join(whole, timeline.passes(released) ? held : new Int16Array(held.length));
    },
    evidence: timeline.evidence,
    hasVoice: timeline.hasVoice,
  };
}

function join(first: Int16Array, second: Int16Array): Int16Array<ArrayBuffer> {
  const whole = new Int16Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
