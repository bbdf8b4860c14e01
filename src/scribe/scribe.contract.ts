/** What every adapter must do, whatever service is behind it. Run it in a test file with a way to open such a service. */
import { describe, expect, onTestFinished, test } from "vitest";
import type { OutgoingChunk, Scribe, ScribeJob, ScribeStatus } from "./scribe.ts";

export type ScribeWorld = {
  scribe: Scribe;
  /** A short visit, in order, at least two chunks. */
  chunks: OutgoingChunk[];
  /** How many files the service itself holds for a job, where that can be seen. */
  files?(job: ScribeJob): number;
  /** Present where the protocol has no way to look at a job before its end. */
  cannotLookBeforeEnd?: true;
  /** Resolves when the service has come to an end with this job. */
  ended(job: ScribeJob): Promise<void>;
  /** Lets so much time pass that open jobs expire. */
  expire(): Promise<void>;
  close(): Promise<void>;
};

export function scribeContract(name: string, open: () => Promise<ScribeWorld>): void {
  const enter = async (): Promise<ScribeWorld> => {
    const world = await open();
    onTestFinished(() => world.close());
    return world;
  };

  describe(`${name} keeps the scribe contract:`, () => {
    test("it says what it can do", async () => {
      const { scribe } = await enter();
      const abilities = await scribe.abilities();
      expect(abilities.service).not.toBe("");
      expect(abilities.audioFormats.length).toBeGreaterThan(0);
      expect(abilities.maxChunkMs).toBeGreaterThan(0);
    });

    test("a job is plain JSON: stored and read back it is as good", async () => {
      const { scribe, chunks } = await enter();
      const job = copyOf(await scribe.open("visit.1"));
      await scribe.send(job, chunks[0]!);
      expect(await scribe.read(copyOf(job))).toMatchObject({ state: "receiving" });
    });

    test("what was sent is held once, however often it was sent", async () => {
      const { scribe, chunks, files } = await enter();
      const job = await scribe.open("visit.1");
      for (const chunk of [chunks[0]!, chunks[0]!, chunks[1]!, chunks[0]!, chunks[1]!]) await scribe.send(job, chunk);
      const status = await scribe.read(job);
      expect(status.state).toBe("receiving");
      const stored = files?.(job);
      if (stored !== undefined) expect(stored).toBe(2);
      expect([[0, 1], null]).toContainEqual(status.state === "receiving" ? status.held : "no list");
    });

    test("two jobs do not mix", async () => {
      const { scribe, chunks } = await enter();
      const [one, other] = [await scribe.open("visit.1"), await scribe.open("visit.2")];
      expect(one.id).not.toBe(other.id);
      await scribe.send(one, chunks[0]!);
      expect([[], null]).toContainEqual(heldIn(await scribe.read(other)));
    });

    test("from chunks to note; the end may be repeated, at once and late", async () => {
      const { scribe, chunks, ended } = await enter();
      const job = await scribe.open("visit.1");
      for (const chunk of chunks) await scribe.send(job, chunk);
      const first = copyOf(await scribe.finish(job, chunks.length));
      const again = copyOf(await scribe.finish(first, chunks.length));
      await ended(again);
      const late = copyOf(await scribe.finish(again, chunks.length));
      const status = await scribe.read(late);
      if (status.state !== "done") throw new Error(`ended as ${JSON.stringify(status)}`);
      expect(Object.values(status.result.note).join("")).not.toBe("");
      expect(status.result.transcript.turns.length).toBeGreaterThan(0);
      expect(status.result.provenance.service).toBe((await scribe.abilities()).service);
    });

    test("an expired job says so, to a reader and to a sender", async () => {
      const { scribe, chunks, expire, cannotLookBeforeEnd } = await enter();
      const job = await scribe.open("visit.1");
      await scribe.send(job, chunks[0]!);
      await expire();
      if (!cannotLookBeforeEnd) expect(await scribe.read(job)).toEqual({ state: "expired" });
      await expect(scribe.send(job, chunks[1]!)).rejects.toMatchObject({ problem: { code: "scribe_session_expired" } });
      await expect(scribe.finish(job, 1)).rejects.toMatchObject({ problem: { code: "scribe_session_expired" } });
    });

    test("a job the service does not know is an expired one", async () => {
      const { scribe, chunks, cannotLookBeforeEnd } = await enter();
      const job = await scribe.open("visit.1");
      const unknown = copyOf(JSON.parse(JSON.stringify(job).replaceAll(job.id, "ses_doesnotexist0000")) as ScribeJob);
      if (!cannotLookBeforeEnd) expect(await scribe.read(unknown)).toEqual({ state: "expired" });
      await expect(scribe.send(unknown, chunks[0]!)).rejects.toMatchObject({
        problem: { code: "scribe_session_expired" },
      });
    });
  });
}

function copyOf(job: ScribeJob): ScribeJob {
  return JSON.parse(JSON.stringify(job)) as ScribeJob;
}

function heldIn(status: ScribeStatus): number[] | null {
  if (status.state !== "receiving") throw new Error(`not receiving but ${status.state}`);
  return status.held;
}
