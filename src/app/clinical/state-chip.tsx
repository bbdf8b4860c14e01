import {
  CalendarCheck,
  CalendarClock,
  Circle,
  CircleCheck,
  CircleDot,
  CircleSlash,
  CircleX,
  CloudOff,
  FilePen,
  FileText,
  History,
  LoaderCircle,
  MessageCircleQuestion,
  Pause,
  PenLine,
  Save,
  Trash2,
} from "lucide-react";
import type { ReactNode } from "react";
import { type VisitState, visitStateWords } from "#model/visit.ts";
import { StatusChip, type Tone } from "#ui/status-chip.tsx";

/** A visit's state as icon and word, the same on every screen. */
export function StateChip({ state }: { state: VisitState }) {
  const { tone, icon } = looks[state];
  return (
    <StatusChip tone={tone} icon={icon}>
      {visitStateWords[state]}
    </StatusChip>
  );
}

const looks: Record<VisitState, { tone: Tone; icon: ReactNode }> = {
  scheduled: { tone: "neutral", icon: <CalendarClock /> },
  consent_needed: { tone: "neutral", icon: <MessageCircleQuestion /> },
  ready: { tone: "neutral", icon: <Circle /> },
  recording: { tone: "live", icon: <CircleDot /> },
  paused: { tone: "warn", icon: <Pause /> },
  saving: { tone: "info", icon: <Save /> },
  waiting_for_network: { tone: "warn", icon: <CloudOff /> },
  processing: { tone: "info", icon: <LoaderCircle /> },
  draft_ready: { tone: "good", icon: <FileText /> },
  partly_ready: { tone: "warn", icon: <FileText /> },
  failed: { tone: "danger", icon: <CircleX /> },
  in_review: { tone: "info", icon: <FilePen /> },
  signed: { tone: "info", icon: <PenLine /> },
  filed: { tone: "good", icon: <CircleCheck /> },
  follow_up_booked: { tone: "good", icon: <CalendarCheck /> },
  declined: { tone: "neutral", icon: <CircleSlash /> },
  withdrawn: { tone: "neutral", icon: <CircleSlash /> },
  recovered: { tone: "warn", icon: <History /> },
  discarded: { tone: "neutral", icon: <Trash2 /> },
};
