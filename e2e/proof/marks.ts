/** The gaps that the clinic server was told of, read from its database: what a reviewer is shown beside the note. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Gap } from "#model/recording.ts";

export function markedGaps(worldFolder: string): Gap[] {
  const database = new DatabaseSync(join(worldFolder, "bff", "chartside.sqlite"), { readOnly: true });
  const rows = database.prepare("SELECT marks_json FROM visits WHERE marks_json IS NOT NULL").all();
  database.close();
  return rows.flatMap((row) => (JSON.parse(String(row["marks_json"])) as { gaps: Gap[] }).gaps);
}

/** The sound that was the last before a gap was said a little before the gap is known. */
const beforeMs = 1000;

/** Milliseconds marked as not recorded by gaps that began in this span of the clinic's clock; spans follow each other. */
export function markedMs(gaps: readonly Gap[], span: { from: number; to: number }): number {
  const inside = gaps.filter(({ startedAt }) => startedAt >= span.from - beforeMs && startedAt < span.to - beforeMs);
  return inside.reduce((sum, gap) => sum + (gap.lengthMs ?? Number.NaN), 0);
}
