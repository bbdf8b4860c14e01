/** What this workstation remembers, for the screens: read once, changed in one place, true everywhere at once. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { readWorkstation, rememberWorkstation, type Workstation } from "./workstation.ts";

const key = ["workstation"];

/** Undefined until it was read, which takes a moment after the app was opened. */
export function useWorkstation(): Workstation | undefined {
  return useQuery({ queryKey: key, queryFn: readWorkstation, staleTime: Infinity }).data;
}

/** Remembers a change; `error` says that this browser keeps nothing. */
export function useRemember() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<Workstation>) => rememberWorkstation(change),
    onSuccess: (next) => queryClient.setQueryData(key, next),
  });
}
