import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useApp } from "#app/app-context.ts";
import { confirmSession } from "#app/offline/load-start.ts";
import { signInByPopup } from "./user-manager.ts";

export type SignInAgain = {
  state: "idle" | "waiting" | "failed" | "other_user";
  start: () => void;
  /** Gives up waiting: nobody can see whether the second window is still open. */
  cancel: () => void;
};

/** Signs in again in a second window; the page and its recording go on meanwhile. */
export function useSignInAgain(): SignInAgain {
  const app = useApp();
  const { bootstrap, bff } = app;
  const queryClient = useQueryClient();
  const [state, setState] = useState<SignInAgain["state"]>("idle");
  const giveUp = useRef<AbortController | undefined>(undefined);

  const signIn = async (signal: AbortSignal): Promise<SignInAgain["state"]> => {
    await signInByPopup(bootstrap, bff, signal);
    if ((await confirmSession(app, await bff.session(), { ...app, isPresent: true })) === "other_user") {
      await bff.signOut();
      return "other_user";
    }
    await queryClient.invalidateQueries();
    return "idle";
  };
  return {
    state,
    start: () => {
      const controller = new AbortController();
      giveUp.current = controller;
      setState("waiting");
      signIn(controller.signal).then(setState, () => setState(controller.signal.aborted ? "idle" : "failed"));
    },
    cancel: () => giveUp.current?.abort(),
  };
}
