import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toProblem } from "#model/problem.ts";
import type { ProviderList, ProviderView } from "#protocol/bff-providers.ts";
import { useApp } from "#app/app-context.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { keys } from "#app/queries.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextField } from "#ui/text-field.tsx";
import { useSpeaker } from "#ui/toast.tsx";
import { faultOf, nameOf, ownerOf } from "./provider-words.ts";

type DialogProps = { view: ProviderView; list: ProviderList; onClose: () => void };

/** An administrator types the numbers of one clinician, or takes back what was typed. */
export function ProviderDialog({ view, list, onClose }: DialogProps) {
  const [providerId, setProviderId] = useState(view.used?.providerId ?? "");
  const [facilityId, setFacilityId] = useState(view.used?.facilityId ?? "");
  const change = useChange(view, onClose);
  const owner = ownerOf(providerId, view, list.clinicians);
  const providerFault = owner === undefined ? faultOf(providerId, "provider") : `This is the number of ${owner}`;
  const facilityFault = faultOf(facilityId, "facility");
  const isWhole = providerFault === undefined && facilityFault === undefined;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Numbers of ${nameOf(view)}`}
      actions={
        <>
          {view.typedAt !== null && (
            <Button isPending={change.isPending} onPress={() => change.mutate(null)}>
              Use what OpenEMR says
            </Button>
          )}
          <Button
            kind="primary"
            isDisabled={!isWhole}
            isPending={change.isPending}
            onPress={() => change.mutate({ providerId, facilityId: facilityId === "" ? null : facilityId })}
          >
            Save
          </Button>
        </>
      }
    >
      {change.error !== null && <ProblemBanner problem={toProblem(change.error)} />}
      <TextField
        label="Number in OpenEMR"
        hint="Administration > Users: the id in the address of the user's page."
        inputMode="numeric"
        autoComplete="off"
        value={providerId}
        error={providerId === "" ? undefined : providerFault}
        onChange={(text) => setProviderId(text.trim())}
      />
      <TextField
        label="Facility"
        hint={`Left empty: the clinic's, ${list.facilityId}.`}
        inputMode="numeric"
        autoComplete="off"
        value={facilityId}
        error={facilityFault}
        onChange={(text) => setFacilityId(text.trim())}
      />
    </Dialog>
  );
}

/** Null: what was typed is forgotten. */
type Change = { providerId: string; facilityId: string | null } | null;

function useChange({ clinician }: ProviderView, onDone: () => void) {
  const { bff } = useApp();
  const { toast } = useSpeaker();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) =>
      change === null ? bff.forgetProvider(clinician.id) : bff.saveProvider(clinician.id, change),
    onSuccess: (fresh) => {
      queryClient.setQueryData(keys.providers, fresh);
      toast({ tone: "good", words: "Saved. Booking and filing use it from now on." });
      onDone();
    },
  });
}
