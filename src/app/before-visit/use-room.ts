import { useQuery } from "@tanstack/react-query";
import { problem, toProblem } from "#model/problem.ts";
import { useVisitSession } from "#app/use-recording.ts";
import { recordingSupport } from "#visit/capture/support.ts";
import type { Room } from "./room-words.ts";

/** Takes room for the visit as soon as its screen is open; asked again after every visit, since Start uses it up. */
export function useRoom(): { room: Room; retry: () => void } {
  const visits = useVisitSession();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["reservation"],
    queryFn: () => {
      const support = recordingSupport();
      if (!support.canRecord) throw problem("recorder_unsupported", { detail: support.words });
      return visits.reserve();
    },
    retry: false,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const retry = () => void refetch();
  if (error !== null && !isFetching) {
    const { code, detail } = toProblem(error);
    return { room: { kind: "refused", code, detail }, retry };
  }
  return { room: data === undefined ? { kind: "asking" } : { kind: "reserved", bytes: data.reservedBytes }, retry };
}
