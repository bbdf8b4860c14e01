import { CloudOff, RefreshCw, WifiOff } from "lucide-react";
import { useStore } from "zustand";
import { liveState } from "#app/events.ts";
import { reach } from "#app/offline/reach.ts";
import { StatusChip } from "#ui/status-chip.tsx";
import { useOnline } from "./use-now.ts";

/** Says so when answers may be old; silent when all is well. */
export function ConnectionChip() {
  const isOnline = useOnline();
  const { state } = useStore(liveState);
  const { server } = useStore(reach);
  if (!isOnline) {
    return (
      <StatusChip tone="warn" icon={<WifiOff />}>
        Offline
      </StatusChip>
    );
  }
  if (server === "away") {
    return (
      <StatusChip tone="warn" icon={<CloudOff />}>
        Clinic server away
      </StatusChip>
    );
  }
  if (state === "polling") {
    return (
      <StatusChip tone="info" icon={<RefreshCw />}>
        Reconnecting
      </StatusChip>
    );
  }
  return null;
}
