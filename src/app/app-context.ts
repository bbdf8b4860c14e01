/** What every screen may use: the clinic server, its clock, what it said before sign-in, and who is signed in. */
import type { Clock } from "#model/clock.ts";
import type { Bootstrap } from "#protocol/bff.ts";
import { createContext, useContext } from "react";
import type { Bff } from "./bff.ts";
import type { AppVersion } from "./offline/app-version.ts";
import type { Kept } from "./offline/kept.ts";
import type { SessionStore } from "./sign-in/session-store.ts";

export type App = {
  bff: Bff;
  clock: Clock;
  /** How far `clock` runs ahead of this device's. */
  clockOffsetMs: number;
  bootstrap: Bootstrap;
  session: SessionStore;
  kept: Kept;
  version: AppVersion;
};

export const AppContext = createContext<App | undefined>(undefined);

/** Throws outside its provider. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("AppContext is missing above this component");
  return app;
}
