import { RefreshCw } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";

/** A screen that could not be loaded: most often the clinic server was updated and has newer files than this page. */
export function RouteBroken() {
  return (
    <main>
      <EmptyState
        icon={<RefreshCw />}
        title="Chartside was updated"
        action={
          <Button kind="primary" onPress={() => location.reload()}>
            Reload
          </Button>
        }
      >
        This page is older than the clinic server. What was recorded is saved on this device and goes on after the
        reload.
      </EmptyState>
    </main>
  );
}
