import { usePageTitle } from "#app/shell/use-page-title.ts";
import { AuditTable } from "#app/administration/audit-table.tsx";
import { ProviderNumbers } from "#app/administration/provider-numbers.tsx";
import { ServiceCards } from "#app/administration/service-cards.tsx";
import { WorkingHours } from "#app/administration/working-hours.tsx";
import { PageHeader } from "#ui/page-header.tsx";
import { Tabs } from "#ui/tabs.tsx";

/** What writes the notes, when follow-ups may be booked, and who saw what. */
export function AdministrationPage() {
  usePageTitle("Administration");
  return (
    <>
      <PageHeader title="Administration">
        <p>
          The services behind the notes, the clinic’s working hours, and the record of every access to patient data.
        </p>
      </PageHeader>
      <Tabs
        label="Administration"
        tabs={[
          { id: "services", label: "Services", content: <ServiceCards /> },
          { id: "hours", label: "Working hours", content: <WorkingHours /> },
          { id: "numbers", label: "OpenEMR numbers", content: <ProviderNumbers /> },
          { id: "audit", label: "Audit trail", content: <AuditTable /> },
        ]}
      />
    </>
  );
}
