import { CircleAlert } from "lucide-react";
import { Component, type ReactNode } from "react";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";

/** The last net: a screen that failed to draw says so, and what is recording goes on outside it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <main>
        <EmptyState
          icon={<CircleAlert />}
          title="This screen could not be shown"
          action={
            <>
              <Button kind="primary" onPress={() => this.setState({ isBroken: false })}>
                Try again
              </Button>
              <Button onPress={() => location.assign("/")}>Reload the app</Button>
            </>
          }
        >
          The fault is ours. What was recorded is saved on this device; a running recording goes on. Reloading stops a
          running recording and offers it again.
        </EmptyState>
      </main>
    );
  }
}
