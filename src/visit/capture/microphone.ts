/** Asking for the microphone, and hearing when it goes away. */
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

/** `microphone_denied`, `microphone_missing`. */
export async function openMicrophone(deviceId?: string, preset: Preset = "in_room"): Promise<MediaStream> {
  const device = deviceId === undefined ? {} : { deviceId: { exact: deviceId } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { ...constraints[preset], ...device } });
  } catch (cause) {
    throw microphoneProblem(cause);
  }
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

export type MicrophoneEvents = { onEnded(): void; onMuted(isMuted: boolean): void };

/** Unplugged or taken away for good: `onEnded`. Silenced by the system for more than a second, and back: `onMuted`. */
export function watchMicrophone(stream: MediaStream, events: MicrophoneEvents): void {
  for (const track of stream.getAudioTracks()) {
    let grace: ReturnType<typeof setTimeout> | undefined;
    track.addEventListener("ended", () => events.onEnded());
    track.addEventListener("mute", () => {
      grace = setTimeout(() => events.onMuted(true), muteGraceMs);
    });
    track.addEventListener("unmute", () => {
      clearTimeout(grace);
      events.onMuted(false);
    });
  }
}
