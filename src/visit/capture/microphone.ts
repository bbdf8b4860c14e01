/** Asking for the microphone, and hearing when it goes away. */
import type { Clock } from "#model/clock.ts";
import type { MicrophoneSettings } from "#model/recording.ts";
import { problem, type ProblemCode, type ProblemError } from "#model/problem.ts";

export const presets = ["in_room", "video_call"] as const;
export type Preset = (typeof presets)[number];

/**
 * For several people in one room: echo cancellation and noise suppression eat distant speech; gain control evens it out. In a call
 * through loudspeakers the other side would come back as an echo.
 */
const constraints: Record<Preset, MediaTrackConstraints> = {
  in_room: { echoCancellation: false, noiseSuppression: false, autoGainControl: true, channelCount: 1 },
  video_call: { echoCancellation: true, noiseSuppression: false, autoGainControl: true, channelCount: 1 },
};

/** Calls and voice assistants mute the microphone for moments; longer than this is a loss. */
const muteGraceMs = 1000;

export type Microphone = { deviceId: string; label: string };

/** `deviceId` undefined is the browser's default. `orDefault`: an absent device is replaced by the default one. */
export type MicrophoneChoice = { deviceId?: string | undefined; preset: Preset; orDefault?: boolean };

export type OpenedMicrophone = { stream: MediaStream; isReplaced: boolean };

/** `microphone_denied`, `microphone_missing`. */
export async function openMicrophone({ deviceId, preset, orDefault }: MicrophoneChoice): Promise<OpenedMicrophone> {
  try {
    return { stream: await ask(preset, deviceId), isReplaced: false };
  } catch (cause) {
    const refusal = microphoneProblem(cause);
    const isAbsent = deviceId !== undefined && refusal.problem.code === "microphone_missing";
    if (!orDefault || !isAbsent) throw refusal;
  }
  try {
    return { stream: await ask(preset), isReplaced: true };
  } catch (cause) {
    throw microphoneProblem(cause);
  }
}

function ask(preset: Preset, deviceId?: string): Promise<MediaStream> {
  const device = deviceId === undefined ? {} : { deviceId: { exact: deviceId } };
  return navigator.mediaDevices.getUserMedia({ audio: { ...constraints[preset], ...device } });
}

function microphoneProblem(cause: unknown): ProblemError {
  const name = cause instanceof Error ? cause.name : "unknown";
  const isDenied = name === "NotAllowedError" || name === "SecurityError";
  const code: ProblemCode = isDenied ? "microphone_denied" : "microphone_missing";
  return problem(code, { detail: name }, cause);
}

/** The microphones; without permission they have no names. */
export async function listMicrophones(): Promise<Microphone[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind, deviceId }) => kind === "audioinput" && deviceId !== "")
    .map(({ deviceId, label }) => ({ deviceId, label }));
}

export function closeStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** As the browser set it up, which need not be as asked. */
export function settingsOf(stream: MediaStream): MicrophoneSettings {
  const settings = stream.getAudioTracks()[0]?.getSettings() ?? {};
  const { sampleRate, channelCount, echoCancellation, noiseSuppression, autoGainControl } = settings;
  const known = { sampleRate, channelCount, echoCancellation, noiseSuppression, autoGainControl };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** `since`: clock ms at which it was muted or heard again. */
export type MicrophoneEvents = { onEnded(): void; onMuted(isMuted: boolean, since: number): void };

/** Unplugged or taken away for good: `onEnded`. Silenced by the system for more than a second, and back: `onMuted`. */
export function watchMicrophone(stream: MediaStream, clock: Clock, events: MicrophoneEvents): void {
  for (const track of stream.getAudioTracks()) {
    let grace: ReturnType<typeof setTimeout> | undefined;
    let isMuted = false;
    const mute = (): void => {
      const since = clock.now();
      grace = setTimeout(() => events.onMuted((isMuted = true), since), muteGraceMs);
    };
    track.addEventListener("ended", () => {
      clearTimeout(grace);
      events.onEnded();
    });
    track.addEventListener("mute", mute);
    track.addEventListener("unmute", () => {
      clearTimeout(grace);
      if (isMuted) events.onMuted((isMuted = false), clock.now());
    });
    if (track.muted) mute();
  }
}
