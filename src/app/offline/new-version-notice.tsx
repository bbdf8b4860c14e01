import { useStore } from "zustand";
import { useApp } from "#app/app-context.ts";
import { useRecording } from "#app/use-recording.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";

/** A newer version is on this device; it is used when a person says so, and never during a recording. */
export function NewVersionNotice() {
  const { version } = useApp();
  const { isNewerReady } = useStore(version.store);
  const phase = useRecording((view) => view.phase);
  if (!isNewerReady || phase === "recording" || phase === "paused" || phase === "stopping") return null;
  return (
    <Banner
      tone="info"
      isFlat
      title="A new version of Chartside is ready"
      action={<Button onPress={() => version.takeOver()}>Use it now</Button>}
    >
      This page loads again when you do. Otherwise it is used once every Chartside window was closed.
    </Banner>
  );
}
