import { useStore } from "zustand";
import type { User } from "#model/user.ts";
import { useApp } from "#app/app-context.ts";

/** The signed-in user; also while the session is expired, so that the screen can stay. Throws when nobody is. */
export function useUser(): User {
  const { session } = useApp();
  const { user } = useStore(session);
  if (user === null) throw new Error("nobody is signed in");
  return user;
}
