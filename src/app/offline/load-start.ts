/**
 * How the app opens. In: the clinic server, or, when it is away, what this device keeps. Out: what the first screen needs, and who
 * is signed in (in the session store). Somebody who is kept here does not wait for a server that does not answer.
 */
import type { Problem } from "#model/problem.ts";
import { problem, toProblem } from "#model/problem.ts";
import type { Bootstrap, SessionView } from "#protocol/bff.ts";
import type { Bff } from "#app/bff.ts";
import { enterSession, leaveSession, type SessionStore } from "#app/sign-in/session-store.ts";
import { clinicOffset } from "./clinic-offset.ts";
import { isAway } from "./reach.ts";
import type { Kept } from "./kept.ts";

export type StartParts = {
  bff: Pick<Bff, "opening" | "session" | "signOut">;
  session: SessionStore;
  kept: Kept;
  /** By `performance.now()`; 0 when the page's own first lines may have asked the server already. */
  askedAt: number;
  /** Resolves after so many ms. */
  wait(ms: number): Promise<void>;
};

export type Start = { kind: "unreachable"; problem: Problem } | ({ kind: "ready" } & Known);

/** What the clinic server said before sign-in, and how far its clock runs ahead of this device's. */
export type Known = { bootstrap: Bootstrap; clockOffsetMs: number };

/** How long a person who may go on without the server waits for it. */
const patienceMs = 4000;

/** Never throws. */
export async function loadStart(parts: StartParts): Promise<Start> {
  const { kept, session, wait } = parts;
  const reading = kept.read();
  const asked = fromServer(parts, reading);
  asked.catch(() => undefined); // heard below
  await reading;
  const device = kept.store.getState().session;
  try {
    if (device === undefined) return await asked;
    const tooLate = wait(patienceMs).then(() => {
      throw problem("timed_out", { detail: "start" });
    });
    return await Promise.race([asked, tooLate]);
  } catch (thrown) {
    const told = toProblem(thrown);
    if (device === undefined || !isAway(told)) return { kind: "unreachable", problem: told };
    enterSession(session, device.user);
    return { kind: "ready", bootstrap: device.bootstrap, clockOffsetMs: device.clockOffsetMs };
  }
}

/** The server is asked while the disk is read; what it says is compared with what was kept. */
async function fromServer({ bff, session, kept, askedAt }: StartParts, reading: Promise<void>): Promise<Start> {
  let asked = ask(bff, askedAt);
  if (await kept.owesSignOut()) {
    await bff.signOut();
    await kept.oweSignOut(false);
    asked = ask(bff, askedAt); // what it said before counts for nothing
  }
  const { bootstrap, clockOffsetMs } = await asked.known;
  await reading;
  try {
    // Who is in is known at once; what this device keeps of it is written while the app is drawn.
    void confirmSession({ session, kept }, await asked.view, { bootstrap, clockOffsetMs });
  } catch (thrown) {
    // A 401 has already been told to the session store by the client.
    if (toProblem(thrown).code !== "signed_out") throw thrown;
  }
  return { kind: "ready", bootstrap, clockOffsetMs };
}

function ask(bff: StartParts["bff"], askedAt: number): { known: Promise<Known>; view: Promise<SessionView> } {
  const view = bff.session();
  const known = bff.opening().then((bootstrap) => {
    return { bootstrap, clockOffsetMs: clinicOffset(bootstrap, askedAt) };
  });
  for (const answer of [view, known]) answer.catch(() => undefined); // heard above, if it still counts
  return { known, view };
}

/**
 * The clinic server says who is signed in: the page is theirs, and may be opened without the server until the session's end.
 * `isPresent`: they have just given their password.
 */
export async function confirmSession(
  { session, kept }: Pick<StartParts, "session" | "kept">,
  { user, absoluteExpiry }: SessionView,
  { bootstrap, clockOffsetMs, isPresent = false }: Known & { isPresent?: boolean },
): Promise<"entered" | "other_user"> {
  if (enterSession(session, user) === "other_user") return "other_user";
  const before = kept.store.getState().session;
  const isFresh = isPresent || before?.user.id !== user.id;
  const seenAt = isFresh ? Date.now() + clockOffsetMs : before.seenAt;
  await kept.keepSession({ user, expiresAt: Date.parse(absoluteExpiry), bootstrap, clockOffsetMs, seenAt });
  return "entered";
}

/** Ends the session in this tab and on this device; the clinic server is told now, or at the next start. */
export async function endSession({ bff, session, kept }: Pick<StartParts, "bff" | "session" | "kept">): Promise<void> {
  await kept.erase();
  await kept.oweSignOut(true);
  await bff.signOut().then(
    () => kept.oweSignOut(false),
    () => undefined,
  );
  leaveSession(session);
}
