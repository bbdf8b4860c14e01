/**
 * Everything the sandbox OpenEMR knows. In: a SQLite file, or none for memory. Out: one table per kind of row. A row is on
 * disk before its request is answered; a restart finds chart, clients, sign-ins and tokens as they were.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type {
  AppointmentRow,
  ClientRow,
  DocumentRow,
  EncounterRow,
  FormRow,
  LoginRow,
  PatientRow,
  SoapRow,
  TokenRow,
  UserRow,
  VitalRow,
} from "./rows.ts";
import { openTable } from "./table.ts";
import type { Table } from "./table.ts";

export type Chart = {
  users: Table<UserRow>;
  patients: Table<PatientRow>;
  appointments: Table<AppointmentRow>;
  encounters: Table<EncounterRow>;
  forms: Table<FormRow>;
  soapNotes: Table<SoapRow>;
  vitals: Table<VitalRow>;
  documents: Table<DocumentRow>;
  clients: Table<ClientRow>;
  tokens: Table<TokenRow>;
  logins: Table<LoginRow>;
  settings: Settings;
  /** The next number of OpenEMR's one sequence for encounters and documents. */
  nextNumber(): number;
  /** All or nothing, and quick for many rows. */
  together(write: () => void): void;
  /** Forgets every row; the signing key stays. */
  clear(): void;
  close(): void;
};

export type Settings = { get(name: string): string | undefined; set(name: string, value: string): void };

export function openChart(file: string | undefined): Chart {
  if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file ?? ":memory:");
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  const tables = openTables(database);
  const settings = openSettings(database);
  return {
    ...tables,
    settings,
    nextNumber: () => {
      const number = Number(settings.get("sequence") ?? "0") + 1;
      settings.set("sequence", String(number));
      return number;
    },
    together: (write) => {
      database.exec("BEGIN");
      try {
        write();
        database.exec("COMMIT");
      } catch (thrown) {
        database.exec("ROLLBACK");
        throw thrown;
      }
    },
    clear: () => {
      for (const table of Object.values(tables)) table.clear();
      database.exec("DELETE FROM settings WHERE name <> 'signing-key'");
    },
    close: () => database.close(),
  };
}

function openTables(database: DatabaseSync) {
  return {
    users: openTable<UserRow>(database, "users"),
    patients: openTable<PatientRow>(database, "patients"),
    appointments: openTable<AppointmentRow>(database, "appointments"),
    encounters: openTable<EncounterRow>(database, "encounters"),
    forms: openTable<FormRow>(database, "forms"),
    soapNotes: openTable<SoapRow>(database, "soap_notes"),
    vitals: openTable<VitalRow>(database, "vitals"),
    documents: openTable<DocumentRow>(database, "documents"),
    clients: openTable<ClientRow>(database, "clients"),
    tokens: openTable<TokenRow>(database, "tokens"),
    logins: openTable<LoginRow>(database, "logins"),
  };
}

function openSettings(database: DatabaseSync): Settings {
  database.exec("CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT");
  const read = database.prepare("SELECT value FROM settings WHERE name = ?");
  const write = database.prepare(
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );
  return {
    get: (name) => {
      const row = read.get(name);
      return row === undefined ? undefined : String(row["value"]);
    },
    set: (name, value) => {
      write.run(name, value);
    },
  };
}
