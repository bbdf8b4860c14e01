/**
 * What is remembered of the services over a restart: since when one is away, and what failed lately. One row each, written when
 * something failed and when the service is back; while a write is under way, later ones become one. Nothing is about a patient.
 */
import { z } from "zod";
import type { Log } from "#bff/context.ts";
import type { Store } from "#bff/store/store.ts";
import { jsonText } from "#bff/visits/visit-record.ts";
import { Problem } from "#model/problem.ts";
import { ScribeDoing } from "#protocol/bff-services.ts";

const ScribeHealthKept = z.object({
  /** Of the first call without an answer since the last answer; null while it answers. */
  downSince: z.number().nullable(),
  lastAnswerAt: z.number().nullable(),
  /** The newest first, at most 20. */
  failures: z.array(z.object({ at: z.number(), doing: ScribeDoing, told: Problem })),
});

/** Times are clock ms. */
export type ScribeHealthKept = z.infer<typeof ScribeHealthKept>;

export type KeptHealth = {
  /** By the service's configured name, as the last run left it. */
  remembered: ReadonlyMap<string, ScribeHealthKept>;
  changed(name: string, health: ScribeHealthKept): void;
  /** Nothing is being written any more. */
  settled(): Promise<void>;
};

const Row = z.object({ service: z.string(), health_json: jsonText(ScribeHealthKept) });

export async function openKeptHealth({ store, log }: { store: Store; log: Log }): Promise<KeptHealth> {
  const rows = await store.query("SELECT service, health_json FROM service_health");
  const waiting = new Map<string, ScribeHealthKept>();
  let writing: Promise<void> | undefined;
  /** Whatever comes while it writes is written by it, too: it is over in the same moment in which nothing waits. */
  const writeAll = async (): Promise<void> => {
    try {
      while (waiting.size > 0) {
        const statements = [...waiting].map(([name, health]) => statementOf(name, health));
        waiting.clear();
        await store.transact({ statements });
      }
    } catch (thrown) {
      log.warn({ error: thrown instanceof Error ? thrown.name : "unknown" }, "service health was not kept");
    } finally {
      writing = undefined;
    }
  };
  return {
    remembered: new Map(
      rows.flatMap((row) => {
        const { success, data } = Row.safeParse(row);
        return success ? [[data.service, data.health_json] as const] : [];
      }),
    ),
    changed(name, health) {
      waiting.set(name, health);
      writing ??= Promise.resolve().then(writeAll);
    },
    settled: async () => writing,
  };
}

function statementOf(name: string, health: ScribeHealthKept) {
  return {
    sql: "INSERT INTO service_health (service, health_json) VALUES (?, ?) ON CONFLICT (service) DO UPDATE SET health_json = excluded.health_json",
    params: [name, JSON.stringify(health)],
  };
}
