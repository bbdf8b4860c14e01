/** When it makes sense to ask for the microphone again. */
import { afterAwake } from "./awake.ts";

const retryMs = 2000;

/**
 * Resolves when a device came or went, the permission changed, the page is looked at again, two seconds have passed, or it is over.
 * `wasRefused`: a browser that would put its question up again is not made to every two seconds.
 */
export async function nextChance(over: AbortSignal, wasRefused: boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const settled = new AbortController();
  const signal = AbortSignal.any([over, settled.signal]);
  const wake = (): void => resolve();
  over.addEventListener("abort", wake, { signal: settled.signal });
  navigator.mediaDevices.addEventListener("devicechange", wake, { signal });
  document.addEventListener("visibilitychange", wake, { signal });
  const permission = await askPermission();
  permission?.addEventListener("change", wake, { signal });
  const giveUp = wasRefused && permission?.state === "prompt" ? undefined : afterAwake(retryMs, wake);
  if (over.aborted) wake();
  await promise;
  giveUp?.();
  settled.abort();
}

async function askPermission(): Promise<PermissionStatus | undefined> {
  try {
    return await navigator.permissions.query({ name: "microphone" });
  } catch {
    return undefined;
  }
}
