/**
 * Which access token took whose place. Refreshing makes OpenEMR refuse the old token at once (facts/openemr-live.md 1, row 3),
 * also for a call that is on its way with it; such a call is sent again with the new one, and nobody is told "signed out". A
 * call that was refused with 401 did nothing, so that sending it again is safe. Lives in memory: another program's refresh
 * is not known here.
 */
import type { Clock } from "#model/clock.ts";
import type { Send, SendRequest } from "#openemr/send.ts";

export type Successors = {
  /** A refresh that begins: calls refused meanwhile wait for it. */
  replacing(token: string, fresh: Promise<string>): void;
  /** The token that counts now; undefined when this one was not replaced, or its refresh failed. */
  of(token: string): Promise<string | undefined>;
};

/** No call is on its way for longer. */
const keptMs = 5 * 60_000;

export function createSuccessors(clock: Clock): Successors {
  const known = new Map<string, { at: number; fresh: Promise<string> }>();
  return {
    replacing(token, fresh) {
      const now = clock.now();
      for (const [old, { at }] of known) if (now - at > keptMs) known.delete(old);
      known.set(token, { at: now, fresh });
    },
    async of(token) {
      const fresh = await known.get(token)?.fresh.catch(() => undefined);
      return fresh === token ? undefined : fresh;
    },
  };
}

/** The wire to OpenEMR that knows of refreshes. */
export function withSuccessors(send: Send, successors: Pick<Successors, "of">): Send {
  return async (request) => {
    const answer = await send(request);
    const token = bearerOf(request);
    if (answer.status !== 401 || token === undefined) return answer;
    const fresh = await successors.of(token);
    if (fresh === undefined) return answer;
    return send({ ...request, headers: { ...request.headers, authorization: `Bearer ${fresh}` } });
  };
}

function bearerOf({ headers }: SendRequest): string | undefined {
  return /^Bearer (.+)$/u.exec(headers["authorization"] ?? "")?.[1];
}
