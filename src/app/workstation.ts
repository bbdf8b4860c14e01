/**
 * What this workstation remembers between visits: its own name, the microphone chosen here and how it listens, shortcuts and text size. Kept in IndexedDB of
 * this browser; nothing clinical, no names of people. It never stops a visit: what cannot be read is as if nothing were remembered.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { z } from "zod";
import { presets } from "#visit/capture/microphone.ts";

export const textSizes = ["normal", "large", "largest"] as const;
export type TextSize = (typeof textSizes)[number];

/** `name` goes to the clinic server with each visit ("on Room 3 PC"); `deviceId` null is the browser's default microphone. */
const Workstation = z.object({
  name: z.string().trim().min(1).max(60),
  deviceId: z.string().nullable(),
  preset: z.enum(presets),
  /** The chosen microphone's name, to say which one is missing; null for the browser's default. */
  deviceLabel: z.string().nullable().default(null),
  /** Keyboard shortcuts with Alt and Shift are on. */
  hasShortcuts: z.boolean().default(true),
  textSize: z.enum(textSizes).default("normal"),
});
export type Workstation = z.infer<typeof Workstation>;

interface WorkstationSchema extends DBSchema {
  workstation: { key: "this"; value: unknown };
}

export async function readWorkstation(): Promise<Workstation> {
  const remembered = await withDatabase((database) => database.get("workstation", "this")).catch(() => undefined);
  return asWorkstation(remembered);
}

/** Rejects where the browser keeps nothing; an empty name is the browser's own again. Two changes at once both hold. */
export async function rememberWorkstation(changed: Partial<Workstation>): Promise<Workstation> {
  return withDatabase(async (database) => {
    const { store, done } = database.transaction("workstation", "readwrite");
    const wanted = { ...asWorkstation(await store.get("this")), ...changed };
    const next = Workstation.parse({ ...wanted, name: wanted.name.trim() === "" ? browserName() : wanted.name });
    await store.put(next, "this");
    await done;
    return next;
  });
}

function asWorkstation(remembered: unknown): Workstation {
  const parsed = Workstation.safeParse(remembered);
  return parsed.success ? parsed.data : Workstation.parse({ name: browserName(), deviceId: null, preset: "in_room" });
}

/** Version 1: `workstation`, one row. */
async function withDatabase<T>(work: (database: IDBPDatabase<WorkstationSchema>) => Promise<T>): Promise<T> {
  const database = await openDB<WorkstationSchema>("chartside-workstation", 1, {
    upgrade: (database) => void database.createObjectStore("workstation"),
  });
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

/** Until somebody names it: a browser knows no better name for its machine. */
function browserName(): string {
  const system = /Windows|Macintosh|Android|iPhone|iPad|CrOS|Linux/u.exec(navigator.userAgent)?.[0] ?? "this device";
  return `browser on ${system === "Macintosh" ? "Mac" : system}`;
}
