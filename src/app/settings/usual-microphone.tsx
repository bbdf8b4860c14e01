import { useQuery } from "@tanstack/react-query";
import { microphoneLabel } from "#app/recording/microphone-words.ts";
import { useVisitSession } from "#app/use-recording.ts";
import type { Workstation } from "#app/workstation.ts";
import { Select } from "#ui/select.tsx";

type Props = { workstation: Workstation; remember: (change: Partial<Workstation>) => void };

const browsersOwn = "default";

/** The microphone that is opened first here. Names are known once the browser allowed the microphone. */
export function UsualMicrophone({ workstation, remember }: Props) {
  const visits = useVisitSession();
  const { data: microphones = [] } = useQuery({
    queryKey: ["microphones"],
    queryFn: () => visits.devices(),
    staleTime: 0,
  });
  const { deviceId, deviceLabel } = workstation;
  const named = microphones.filter((microphone) => microphone.label !== "" && microphone.deviceId !== browsersOwn);
  const isMissing = deviceId !== null && named.every((microphone) => microphone.deviceId !== deviceId);
  const usual = { deviceId: deviceId ?? "", label: deviceLabel ?? "" };
  return (
    <Select
      label="Usual microphone"
      hint={
        named.length === 0
          ? "Names appear here after the microphone was allowed once, before a visit."
          : "It is opened first before every visit; it can be changed there and while recording."
      }
      value={deviceId ?? browsersOwn}
      choices={[
        { value: browsersOwn, label: "The browser's default" },
        ...named.map((microphone) => ({ value: microphone.deviceId, label: microphoneLabel(microphone) })),
        ...(isMissing ? [{ value: usual.deviceId, label: microphoneLabel(usual), note: "Not connected" }] : []),
      ]}
      onChange={(value) => {
        const chosen = named.find((microphone) => microphone.deviceId === value);
        remember({ deviceId: chosen?.deviceId ?? null, deviceLabel: chosen?.label ?? null });
      }}
    />
  );
}
