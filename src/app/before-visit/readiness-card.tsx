import {
  CircleCheck,
  CloudOff,
  HardDrive,
  HeartPulse,
  LoaderCircle,
  Server,
  ShieldCheck,
  TriangleAlert,
  Wifi,
} from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useServices } from "#app/queries.ts";
import { useOnline } from "#app/shell/use-now.ts";
import { useVisitSession } from "#app/use-recording.ts";
import { Card } from "#ui/card.tsx";
import { StatusChip, type Tone } from "#ui/status-chip.tsx";
import { type Room, roomWords } from "./room-words.ts";
import styles from "./readiness-card.module.css";

type Line = { id: string; icon: ReactNode; label: string; words: string; tone: Tone };

/** Disk, network, scribe: what the recording needs now or later. */
export function ReadinessCard({ room }: { room: Room }) {
  const lines = [useRoom(room), ...usePersistence(), useNetwork(), ...useScribe()];
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

function useRoom(room: Room): Line {
  const { tone, words } = roomWords(room);
  return { id: "disk", icon: <HardDrive />, label: "Room on this device", words, tone };
}

function usePersistence(): Line[] {
  const visits = useVisitSession();
  const { data } = useQuery({ queryKey: ["storage"], queryFn: () => visits.storage(), staleTime: 30_000 });
  if (data === undefined) return [];
  const words = data.persisted ? "Promised by the browser" : "Not promised: sent at once";
  return [
    {
      id: "persistence",
      icon: <ShieldCheck />,
      label: "Kept if the disk runs full",
      words,
      tone: data.persisted ? "good" : "warn",
    },
  ];
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
