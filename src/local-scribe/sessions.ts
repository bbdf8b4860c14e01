/**
 * The life of a session: created -> recording -> processing -> completed | partial | failed, or expired if it is never ended.
 * In: requests that are already read. Out: sessions, receipts, or a Refusal. A chunk is acknowledged only after its bytes and its row are on
 * the disk, so a crash loses nothing that was acknowledged.
 */
import { randomUUID } from "node:crypto";
import type { Clock } from "#model/clock.ts";
import type { MsaEvent } from "#protocol/medscribealliance-service.ts";
import { acceptUpload, type Upload } from "./accept-upload.ts";
import { createQueues } from "./queues.ts";
import { Refusal } from "./refusal.ts";
import type { AudioFiles } from "./store/audio-files.ts";
import type { StoredChunk } from "./store/chunks.ts";
import type { Session, SessionRequest } from "./store/session.ts";
import type { SessionStore } from "./store/sessions.ts";

export type Sessions = {
  create(request: SessionRequest, expiryMs: number): Session;
  /** Throws `session_not_found`; an overdue session comes back as expired. */
  find(id: string): Session;
  chunks(id: string): StoredChunk[];
  /** Resolves when the chunk is durable. */
  accept(id: string, upload: Upload): Promise<StoredChunk>;
  /** Safe to repeat; nothing but the first call changes anything. */
  end(id: string, filesSent: number | null): Promise<Session>;
  expireOverdue(): void;
};

type Needs = {
  store: SessionStore;
  audio: AudioFiles;
  clock: Clock;
  /** Something happened that the work on this session must look at. */
  wake(sessionId: string): void;
  /** Called in the same transaction as the change it tells of. */
  announce(event: MsaEvent, sessionId: string): void;
  transaction<T>(work: () => T): T;
};

export function createSessions(needs: Needs): Sessions {
  const { store, clock, transaction, announce } = needs;
  const queues = createQueues();
  const find = (id: string) => current(needs, id);

  /** One change of a session at a time, so that two senders of one place cannot both win. */
  async function accept(id: string, upload: Upload): Promise<StoredChunk> {
    const { chunk, isNew } = await acceptUpload(alive(find(id)), store.chunks(id), { upload, audio: needs.audio });
    if (!isNew) return chunk;
    expireIfTooLong(needs, alive(find(id)), chunk);
    alive(find(id));
    transaction(() => {
      store.addChunk(id, chunk);
      store.markRecording(id);
    });
    needs.wake(id);
    return chunk;
  }

  async function end(id: string, filesSent: number | null): Promise<Session> {
    const session = alive(find(id));
    if (session.endedAt !== null) return session;
    transaction(() => {
      store.end(id, clock.now(), filesSent);
      announce("session.ended", id);
    });
    needs.wake(id);
    return find(id);
  }

  return {
    create(request, expiryMs) {
      const id = `ses_${randomUUID().replaceAll("-", "").slice(0, 24)}`;
      const createdAt = clock.now();
      transaction(() => {
        store.add({ id, request, createdAt, expiresAt: createdAt + expiryMs });
        announce("session.started", id);
      });
      return find(id);
    },
    find,
    chunks: store.chunks,
    accept: (id, upload) => queues.run(id, () => accept(id, upload)),
    end: (id, filesSent) => queues.run(id, () => end(id, filesSent)),
    expireOverdue: () => store.inStates(["created", "recording"]).forEach(({ id }) => find(id)),
  };
}

/** The session as it is now: reading one that is overdue expires it. */
function current(needs: Needs, id: string): Session {
  const { store, clock } = needs;
  const session = store.find(id);
  if (session === undefined) throw new Refusal("session_not_found", "No such session");
  const isOpen = session.endedAt === null && session.state !== "expired";
  if (!isOpen || session.expiresAt > clock.now()) return session;
  expire(needs, id);
  return { ...session, state: "expired", finishedAt: clock.now() };
}

/** §6.5: a session holds at most the model's `max_session_duration_seconds`; more audio than that expires it as time does. */
function expireIfTooLong(needs: Needs, { id, request }: Session, chunk: StoredChunk): void {
  const audioMs = needs.store.chunks(id).reduce((sum, { durationMs }) => sum + durationMs, chunk.durationMs);
  if (audioMs > (request.maxSessionMs ?? Number.POSITIVE_INFINITY)) expire(needs, id);
}

function expire(needs: Needs, id: string): void {
  needs.transaction(() => {
    needs.store.finish(id, { state: "expired", outcome: null, at: needs.clock.now() });
    needs.announce("session.expired", id);
  });
  needs.wake(id);
}

function alive(session: Session): Session {
  if (session.state !== "expired") return session;
  throw new Refusal("session_expired", `Session '${session.id}' has expired`, {
    expired_at: new Date(session.expiresAt).toISOString(),
  });
}
