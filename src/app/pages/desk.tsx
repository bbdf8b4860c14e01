import { UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { CalendarPane } from "#app/front-desk/calendar-pane.tsx";
import { QueuePane } from "#app/front-desk/queue-pane.tsx";
import { RegisterDialog } from "#app/front-desk/register-dialog.tsx";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { Button } from "#ui/button.tsx";
import { PageHeader } from "#ui/page-header.tsx";
import { Tabs } from "#ui/tabs.tsx";

/** The front desk's home: follow-ups that signed notes ask for, and the calendar. The desk sees the sentence, never the note. */
export function DeskPage() {
  usePageTitle("Follow-ups");
  const [isRegistering, setRegistering] = useState(false);
  return (
    <>
      <PageHeader
        title="Follow-ups"
        actions={
          <Button icon={<UserRoundPlus />} onPress={() => setRegistering(true)}>
            Find or register a patient
          </Button>
        }
      >
        What signed notes ask for. You see the sentence, not the note.
      </PageHeader>
      <Tabs
        label="Front desk"
        tabs={[
          { id: "queue", label: "Queue", content: <QueuePane /> },
          { id: "calendar", label: "Calendar", content: <CalendarPane /> },
        ]}
      />
      <RegisterDialog isOpen={isRegistering} onClose={() => setRegistering(false)} />
    </>
  );
}
