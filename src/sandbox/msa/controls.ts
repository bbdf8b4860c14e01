/** The strings a test may pull on a sandbox MedScribeAlliance service. */
import type { Down, Fault, Faults } from "#sandbox/openemr/faults.ts";
import type { Told } from "#sandbox/scribe-request.ts";
import { finishAgain } from "./form-c.ts";
import type { Site, StoredFile } from "./site.ts";
import { expire, work } from "./site.ts";
import type { Announcer, Delivery } from "./webhooks.ts";

export type SessionView = { id: string; status: string; files: StoredFile[]; stores: number };

export type MsaControls = {
  /** The next call (or `times` calls) of this method and path fails, loses its answer, or comes late. */
  fault(fault: Fault): void;
  clearFaults(): void;
  goDown(how?: Down): void;
  comeUp(): void;
  /** Sessions stop at "processing" until `release`. */
  hold(): void;
  release(): void;
  /** How sessions end from now on. */
  endAs(status: "completed" | "partial" | "failed", code?: string): void;
  /** Forms B and C: this result comes along unasked from now on. */
  alsoGives(id: string, value: unknown): void;
  /** Every session that was not ended has expired. */
  expire(): void;
  /** The service forgets a file that it took. */
  drop(sequence: number): void;
  /** From now on JSON is called text/html. */
  mislabel(): void;
  deliver(how: Delivery): void;
  /** Form C: every token given out so far is refused. */
  expireTokens(): void;
  /** Form C: every token that was given out and still holds. */
  tokens(): string[];
  sessions(): SessionView[];
};

type Strings = { faults: Faults; announcer: Announcer; tokens: Set<string> };

export function createMsaControls(
  site: Site,
  { faults, announcer, tokens }: Strings,
): { controls: MsaControls; relabel(told: Told): Told } {
  let isMislabelled = false;
  const controls: MsaControls = {
    fault: faults.add,
    clearFaults: faults.clear,
    ...downStrings(faults),
    hold: () => {
      site.isHeld = true;
    },
    release: () => {
      site.isHeld = false;
      const waiting = [...site.sessions.values()].filter(({ status }) => status === "processing");
      for (const session of waiting) work(site, session);
      for (const session of site.sessions.values()) finishAgain(session);
    },
    endAs: (status, code = "processing_failed") => {
      site.endsAs = { status, code };
    },
    alsoGives: (id, value) => {
      site.also[id] = value;
    },
    expire: () => {
      const open = [...site.sessions.values()].filter(({ endedAt }) => endedAt === undefined);
      for (const session of open) expire(site, session);
    },
    drop: (sequence) => {
      for (const session of site.sessions.values()) session.files.delete(sequence);
    },
    mislabel: () => {
      isMislabelled = true;
    },
    deliver: (how) => {
      announcer.delivery = how;
    },
    expireTokens: () => tokens.clear(),
    tokens: () => [...tokens],
    sessions: () => viewsOf(site),
  };
  const relabel = (told: Told): Told =>
    isMislabelled ? { ...told, headers: { ...told.headers, "content-type": "text/html" } } : told;
  return { controls, relabel };
}

function viewsOf({ sessions }: Site): SessionView[] {
  return [...sessions.values()].map(({ id, status, files, stores }) => ({
    id,
    status,
    files: [...files.values()],
    stores,
  }));
}

function downStrings(faults: Faults): Pick<MsaControls, "goDown" | "comeUp"> {
  return {
    goDown: (how = "refused") => {
      faults.down = how;
    },
    comeUp: () => {
      faults.down = undefined;
    },
  };
}
