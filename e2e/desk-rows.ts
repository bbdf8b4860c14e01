/** Follow-ups as signing makes them, put into the clinic server's own table: the desk needs no recording. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { addDays } from "#model/calendar-date.ts";
import { type Account, patients } from "#sandbox/seed.ts";
import type { World } from "./world.ts";

export type Asked = { patient: string; clinician: Account; sentence: string; due: string };

const visitId = "77777777-7777-4777-8777-777777777777";

/** Every follow-up with its window of three days before and seven after; answers nothing, the screen shows them. */
export function askForFollowUps(world: World, asked: readonly Asked[]): void {
  const database = new DatabaseSync(join(world.folder, "bff", "chartside.sqlite"), { timeout: 5000 });
  const insert = database.prepare(
    `INSERT INTO follow_ups (id, visit_id, patient_id, patient_pid, patient_json, clinician_id, clinician_name, sentence,
      reason, due, window_from, window_to, state, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)`,
  );
  for (const { patient: name, clinician, sentence, due } of asked) {
    const found = patients.find(({ firstName, lastName }) => `${firstName} ${lastName}` === name);
    if (!found) throw new Error(`the sandbox has no patient ${name}`);
    const { uuid, pid, birthDate, sex } = found;
    const patient = { id: uuid, name, birthDate, recordNumber: String(pid), sex };
    const of = [visitId, uuid, String(pid), JSON.stringify(patient), clinician.userUuid, clinician.name];
    const window = [due, addDays(due, -3), addDays(due, 7)];
    insert.run(
      crypto.randomUUID(),
      ...of,
      sentence,
      "blood pressure check",
      ...window,
      Date.now() + world.clockOffsetMs,
    );
  }
  database.close();
}
