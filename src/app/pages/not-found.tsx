import { Compass } from "lucide-react";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { LinkButton } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";

export function NotFoundPage() {
  usePageTitle("Not found");
  return (
    <EmptyState
      icon={<Compass />}
      title="There is nothing at this address"
      action={
        <LinkButton kind="primary" href="/">
          Go to the start
        </LinkButton>
      }
    >
      The link may be old. Visits are in the worklist and under Visits.
    </EmptyState>
  );
}
