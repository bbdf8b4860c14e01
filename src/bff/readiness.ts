/** May this server be given requests? It may while its store takes a write and nobody has asked it to stop. */
import type { Clock } from "#model/clock.ts";
import type { Store } from "./store/store.ts";

export type Readiness = {
  ask(): Promise<boolean>;
  /** From now on the answer is no. */
  drain(): void;
  /** Did anybody, such as a load balancer, ask within the last minute? */
  isWatched(): boolean;
};

export function createReadiness({ store, clock }: { store: Store; clock: Clock }): Readiness {
  let isDraining = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  const writes = (): Promise<boolean> => {
    const sql = "INSERT INTO heartbeat (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at";
    return store.transact({ statements: [{ sql, params: [clock.now()], expectRows: 1 }] }).then(
      () => true,
      () => false,
    );
  };
  return {
    ask: async () => {
      askedAt = clock.now();
      return !isDraining && writes();
    },
    drain: () => {
      isDraining = true;
    },
    isWatched: () => clock.now() - askedAt < 60_000,
  };
}
