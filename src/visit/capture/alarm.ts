/** Two short beeps and a buzz: for eyes that are on the patient. It is heard in the room, so it sounds once per fault. */
const tone = { hertz: 880, gain: 0.2, seconds: 0.15, pauseSeconds: 0.1, times: 2 };
const buzz = [200, 100, 200];

/** Where the browser allows neither sound nor vibration, the screen is all there is. */
export function soundAlarm(): void {
  if ("vibrate" in navigator) navigator.vibrate(buzz);
  beep().catch(() => undefined);
}

async function beep(): Promise<void> {
  const context = new AudioContext();
  try {
    const volume = new GainNode(context, { gain: tone.gain });
    volume.connect(context.destination);
    const beeps = Array.from({ length: tone.times }, (_, index) => index * (tone.seconds + tone.pauseSeconds));
    await Promise.all(beeps.map((second) => beepAt(context, volume, second)));
  } finally {
    await context.close();
  }
}

function beepAt(context: AudioContext, volume: AudioNode, second: number): Promise<void> {
  const oscillator = new OscillatorNode(context, { frequency: tone.hertz });
  oscillator.connect(volume);
  oscillator.start(context.currentTime + second);
  oscillator.stop(context.currentTime + second + tone.seconds);
  return new Promise((resolve) => oscillator.addEventListener("ended", () => resolve()));
}
