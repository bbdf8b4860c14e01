/** The gaps that the clinic server was told of, read from its database: what a reviewer is shown beside the note. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Gap, GapReason } from "#model/recording.ts";

export function markedGaps(worldFolder: string): Gap[] {
  const database = new DatabaseSync(join(worldFolder, "bff", "chartside.sqlite"), { readOnly: true });
  const rows = database.prepare("SELECT marks_json FROM visits WHERE marks_json IS NOT NULL").all();
  database.close();
  return rows.flatMap((row) => (JSON.parse(String(row["marks_json"])) as { gaps: Gap[] }).gaps);
}

/** Milliseconds marked as not recorded for this reason, at this place of the recorded sound (ms). */
export function markedMs(
  gaps: readonly Gap[],
  { reason, fromMs, toMs }: { reason: GapReason; fromMs: number; toMs: number },
): number {
  const here = gaps.filter((gap) => gap.reason === reason && gap.atMs >= fromMs && gap.atMs <= toMs);
  return here.reduce((sum, gap) => sum + (gap.lengthMs ?? Number.NaN), 0);
}
