/** A program that is killed at one of its steps towards what outlives it: for tests. */
import type { Outside } from "./test-clinic.ts";

export type Kill = { outside: Outside; isDead(): boolean; steps(): number };

/** From the given step on nothing gets through, in or out, as for a process that is gone. */
export function createKill(at: number, when: "before" | "after"): Kill {
  let steps = 0;
  let isDead = false;
  return {
    outside: async (work) => {
      const isLast = steps === at;
      steps += 1;
      if (isDead || (isLast && when === "before")) {
        isDead = true;
        throw new Error("killed");
      }
      const result = await work();
      isDead ||= isLast;
      if (isDead) throw new Error("killed");
      return result;
    },
    isDead: () => isDead,
    steps: () => steps,
  };
}
