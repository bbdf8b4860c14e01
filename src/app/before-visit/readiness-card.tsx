import { CircleCheck, CloudOff, HardDrive, HeartPulse, LoaderCircle, Server, TriangleAlert, Wifi } from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useServices } from "#app/queries.ts";
import { useOnline } from "#app/shell/use-now.ts";
import { useVisitSession } from "#app/use-recording.ts";
import { Card } from "#ui/card.tsx";
import { StatusChip, type Tone } from "#ui/status-chip.tsx";
import styles from "./readiness-card.module.css";

type Line = { id: string; icon: ReactNode; label: string; words: string; tone: Tone };

/** 32 kbit/s Opus with framing (measured: 78 kB per 20 s). */
const bytesPerHour = (78_000 / 20) * 3600;

/** Disk, network, scribe: what the recording needs now or later. */
export function ReadinessCard() {
  const lines = [useDisk(), useNetwork(), ...useScribe()];
  return (
    <Card title="Ready to record" icon={<HeartPulse />}>
      <ul className={styles["lines"]}>
        {lines.map((line) => (
          <li key={line.id} className={styles["line"]}>
            <span className={styles["icon"]} aria-hidden="true">
              {line.icon}
            </span>
            <span className={styles["label"]}>{line.label}</span>
            <StatusChip tone={line.tone} icon={chipIcons[line.tone]}>
              {line.words}
            </StatusChip>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const chipIcons: Record<Tone, ReactNode> = {
  good: <CircleCheck />,
  warn: <TriangleAlert />,
  danger: <CloudOff />,
  neutral: <LoaderCircle />,
  info: <LoaderCircle />,
  live: <LoaderCircle />,
};

function useDisk(): Line {
  const visits = useVisitSession();
  const { data, isError } = useQuery({ queryKey: ["storage"], queryFn: () => visits.storage(), staleTime: 30_000 });
  const base = { id: "disk", icon: <HardDrive />, label: "Room on this device" };
  if (isError) return { ...base, words: "Not usable", tone: "danger" };
  if (data === undefined) return { ...base, words: "Looking", tone: "neutral" };
  const hours = data.usableBytes / bytesPerHour;
  if (hours < 1) return { ...base, words: `About ${Math.floor(hours * 60)} min`, tone: "warn" };
  return { ...base, words: hours > 48 ? "More than 48 h" : `About ${Math.floor(hours)} h`, tone: "good" };
}

function useNetwork(): Line {
  const isOnline = useOnline();
  const { isError, data } = useServices();
  const base = { id: "network", icon: <Wifi />, label: "Clinic server" };
  if (!isOnline || isError) return { ...base, words: "Away: audio is sent later", tone: "warn" };
  return data === undefined
    ? { ...base, words: "Looking", tone: "neutral" }
    : { ...base, words: "Answers", tone: "good" };
}

function useScribe(): Line[] {
  const { data } = useServices();
  return (data?.services ?? []).map((service) => {
    const engines = [service.speechEngine, service.noteWriter].filter((name) => name !== null).join(" · ");
    return {
      id: service.url,
      icon: <Server />,
      label: engines === "" ? service.name : `${service.name} (${engines})`,
      words: service.state === "up" ? "Answers" : "Away: notes come later",
      tone: service.state === "up" ? "good" : "warn",
    };
  });
}
