/** Microphones and their two settings, in words. */
import type { Preset } from "#visit/capture/microphone.ts";

export const presetWords: Record<Preset, { label: string; note: string }> = {
  in_room: { label: "In the room", note: "Hears everybody, near and far" },
  video_call: { label: "Video call", note: "Keeps the loudspeaker's echo out" },
};

/** Systems put the role before the name ("Default - Jabra"); without permission there is no name. */
export function microphoneLabel(microphone: { deviceId: string; label: string } | null): string {
  if (microphone === null) return "Microphone";
  const name = microphone.label.replace(/^(?:Default|Communications) - /u, "");
  if (name === "") return "Microphone";
  return microphone.deviceId === "default" ? `${name} (system default)` : name;
}

/** What the screen says about a choice remembered from another day; undefined when nothing is remembered. */
export function rememberedWords(
  usual: { deviceId: string; label: string } | null,
  inUse: { deviceId: string; label: string } | null,
): { tone: "good" | "warn"; words: string } | undefined {
  if (usual === null || inUse === null) return undefined;
  const isSame = usual.deviceId === inUse.deviceId || (usual.label !== "" && usual.label === inUse.label);
  if (isSame) return { tone: "good", words: "Remembered from this workstation" };
  return {
    tone: "warn",
    words: `Your usual microphone (${microphoneLabel(usual)}) is not connected; using ${microphoneLabel(inUse)}`,
  };
}
