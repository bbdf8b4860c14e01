/**
 * What this device keeps so that the app opens without the clinic server: who signed in here last, until when, what the server
 * said before sign-in, and the lists last shown. In: sessions and answers; out: the same after a restart. It is kept for one
 * clinician at a time, sealed, until 12 hours after the sign-in (the session's own end) or until that person signs out.
 *
 * Where the browser keeps nothing (a private window), all of this quietly does nothing: the app then needs the clinic server.
 */
import { User } from "#model/user.ts";
import { Bootstrap } from "#protocol/bff.ts";
import { z } from "zod";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { SealedBox } from "./sealed-box.ts";

export const KeptSession = z.object({
  user: User,
  /** When the clinic server ends the session however it is used; clinic clock, ms. */
  expiresAt: z.number(),
  bootstrap: Bootstrap,
  /** How far the clinic's clock runs ahead of this device's. */
  clockOffsetMs: z.number(),
  /** The last input at this workstation; clinic clock, ms. */
  seenAt: z.number(),
});
export type KeptSession = z.infer<typeof KeptSession>;

/** An answer of the clinic server: its place in the query cache, and when it came (device clock, ms). */
export const KeptAnswer = z.object({ key: z.array(z.string()), value: z.unknown(), at: z.number() });
export type KeptAnswer = z.infer<typeof KeptAnswer>;

export type Kept = {
  /** What is kept now, as far as this tab knows; `undefined` session: nobody may open the app without the server. */
  store: StoreApi<{ session: KeptSession | undefined; answers: readonly KeptAnswer[] }>;
  /** Reads it from the disk, and erases what is over its time. */
  read(): Promise<void>;
  /** Another clinician's are erased. Only clinicians have work to do without the server: others' sessions are not kept. */
  keepSession(session: KeptSession): Promise<void>;
  keepAnswers(userId: string, answers: readonly KeptAnswer[]): Promise<void>;
  /** There was input. */
  seen(at: number): Promise<void>;
  /** The person signed out: nothing stays. */
  erase(): Promise<void>;
  /** The clinic server has not heard of a sign-out yet: its cookie may still open the app. */
  oweSignOut(isOwed: boolean): Promise<void>;
  owesSignOut(): Promise<boolean>;
};

const signOutMark = "sign-out owed";

/** `now` is this device's clock. */
export function createKept(box: SealedBox, now: () => number = Date.now): Kept {
  const store: Kept["store"] = createStore(() => ({ session: undefined, answers: [] }));
  const empty = { session: undefined, answers: [] };
  const erase = async (): Promise<void> => {
    store.setState(empty);
    await box.empty().catch(ignore);
  };
  const write = async (session: KeptSession): Promise<void> => {
    store.setState({ session });
    await box.write("session", session);
  };
  return {
    store,
    erase,
    read: async () => {
      const [was, had] = await Promise.all(["session", "answers"].map((name) => box.read(name).catch(ignore)));
      const session = KeptSession.safeParse(was);
      if (!session.success || isOver(session.data, now())) return erase();
      const answers = z.array(KeptAnswer).safeParse(had);
      store.setState({ session: session.data, answers: answers.data ?? [] });
    },
    keepSession: async (session) => {
      const before = store.getState().session;
      if (session.user.role !== "clinician") return erase();
      if (before?.user.id !== session.user.id) {
        store.setState(empty);
        await box.begin().catch(ignore);
      }
      await write(session).catch(ignore);
    },
    keepAnswers: async (userId, answers) => {
      if (store.getState().session?.user.id !== userId) return;
      store.setState({ answers });
      await box.write("answers", answers).catch(ignore);
    },
    seen: async (seenAt) => {
      const { session } = store.getState();
      if (session !== undefined) await write({ ...session, seenAt }).catch(ignore);
    },
    oweSignOut: (isOwed) => box.mark(signOutMark, isOwed).catch(ignore),
    owesSignOut: () => box.isMarked(signOutMark).catch(() => false),
  };
}

/** Is the session's time over? `now` is this device's clock. */
function isOver({ expiresAt, clockOffsetMs }: KeptSession, now: number): boolean {
  return now + clockOffsetMs >= expiresAt;
}

function ignore(): undefined {
  return undefined;
}
