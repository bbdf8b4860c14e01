/** The microphone of a visit is the workstation's: what is chosen once is there the next time. */
import type { Capture } from "#visit/capture/capture.ts";
import type { MicrophoneChoice } from "./visit-session-port.ts";
import { unheard } from "./visit-session-take.ts";
import { readWorkstation, rememberWorkstation } from "./workstation.ts";

/** What is not chosen is as remembered; an absent microphone is replaced by the default one, and stays remembered. */
export async function openRemembered(capture: Capture, choice: MicrophoneChoice = {}): Promise<void> {
  const { deviceId, preset } = { ...(await readWorkstation()), ...choice };
  await capture.open({ deviceId: deviceId ?? undefined, preset });
  const isOpen = capture.store.getState().microphone?.deviceId === choice.deviceId;
  if (choice.preset !== undefined) unheard(rememberWorkstation({ preset }));
  if (choice.deviceId !== undefined && isOpen) unheard(rememberWorkstation({ deviceId: choice.deviceId }));
}

export async function changeMicrophone(capture: Capture, deviceId: string): Promise<void> {
  await capture.change(deviceId);
  unheard(rememberWorkstation({ deviceId }));
}
