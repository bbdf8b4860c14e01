/** A scribe in memory behind the real port, with switches for what goes wrong: for tests of the clinic server. */
import type { Note } from "#model/note.ts";
import { problem } from "#model/problem.ts";
import type { Transcript } from "#model/transcript.ts";
import type { OutgoingChunk, Scribe, ScribeAbilities, ScribeJob, ScribeResult, ScribeStatus } from "#scribe/scribe.ts";

type Held = { job: ScribeJob; stored: Map<number, string>; stores: number; isEnded: boolean; isExpired: boolean };

type Switches = {
  /** Every job opened so far, in order. */
  jobs: Held[];
  isDown: boolean;
  /** The next chunk or end is taken, and then the answer is lost on its way. */
  losesNextAnswer: boolean;
  /** What an ended job reads as. */
  answer: ScribeStatus;
  /** The same for one job, by its place in `jobs`. */
  answers: ScribeStatus[];
  /** The longest session, as announced. */
  maxSessionMs: number;
  /** Called before a chunk is stored. */
  beforeStoring(chunk: OutgoingChunk): Promise<void>;
};

export type FakeScribe = Scribe & Switches;

export function createFakeScribe(): FakeScribe {
  const world: Switches = {
    jobs: [],
    isDown: false,
    losesNextAnswer: false,
    answer: { state: "processing", step: "transcribing", transcript: null },
    answers: [],
    maxSessionMs: 3_600_000,
    beforeStoring: () => Promise.resolve(),
  };
  return Object.assign(world, {
    abilities: async () => {
      checkUp(world);
      return { ...abilities, maxSessionMs: world.maxSessionMs };
    },
    open: async () => open(world),
    send: async (job: ScribeJob, chunk: OutgoingChunk) => send(world, heldBy(world, job), chunk),
    finish: async (job: ScribeJob, chunkCount: number) => finish(world, heldBy(world, job), chunkCount),
    read: async (job: ScribeJob) => read(world, job),
  });
}

function checkUp(world: Switches): void {
  if (world.isDown) throw problem("scribe_down");
}

function heldBy(world: Switches, job: ScribeJob): Held {
  checkUp(world);
  const held = world.jobs.find((one) => one.job.id === job.id);
  if (!held || held.isExpired) throw problem("scribe_session_expired");
  return held;
}

function open(world: Switches): ScribeJob {
  checkUp(world);
  const id = `ses_${world.jobs.length + 1}`;
  const job: ScribeJob = { id, uploadUrl: `http://scribe.test/${id}`, expiresAt: null, form: "named" };
  world.jobs.push({ job, stored: new Map(), stores: 0, isEnded: false, isExpired: false });
  return job;
}

async function send(world: Switches, held: Held, chunk: OutgoingChunk): Promise<void> {
  await world.beforeStoring(chunk);
  if (held.isEnded) throw problem("conflict");
  const known = held.stored.get(chunk.sequence);
  if (known !== undefined && known !== chunk.sha256) throw problem("chunk_conflict");
  if (known === undefined) held.stores += 1;
  held.stored.set(chunk.sequence, chunk.sha256);
  answerOrLoseIt(world);
}

function finish(world: Switches, held: Held, chunkCount: number): ScribeJob {
  if (held.stored.size !== chunkCount) throw problem("chunks_missing");
  held.isEnded = true;
  answerOrLoseIt(world);
  return held.job;
}

function answerOrLoseIt(world: Switches): void {
  const isLost = world.losesNextAnswer;
  world.losesNextAnswer = false;
  if (isLost) throw problem("timed_out");
}

function read(world: Switches, job: ScribeJob): ScribeStatus {
  checkUp(world);
  const held = world.jobs.find((one) => one.job.id === job.id);
  if (!held || held.isExpired) return { state: "expired" };
  if (!held.isEnded) return { state: "receiving", held: [...held.stored.keys()].sort((a, b) => a - b) };
  return world.answers[world.jobs.indexOf(held)] ?? world.answer;
}

const abilities: Omit<ScribeAbilities, "maxSessionMs"> = {
  service: "Fake Scribe",
  protocol: "MedScribeAlliance 0.1",
  wants: "chunks",
  audioFormats: ["audio/webm;codecs=opus"],
  maxChunkMs: 20_000,
  model: "pro",
  templates: [],
  webhooks: null,
  speechEngine: "none",
  noteWriter: "by hand",
};

export const fakeNote: Note = {
  subjective: "Chest pain for two days.",
  objective: "Blood pressure 150/90.",
  assessment: "High blood pressure.",
  plan: "Aspirin 81 milligrams once a day.\nFollow up in two weeks for a blood pressure check.",
};

const transcript: Transcript = {
  language: "en",
  turns: [
    turnOf("t0", "i have had chest pain for two days"),
    turnOf("t1", "blood pressure is one hundred fifty over ninety"),
    turnOf("t2", "high blood pressure take aspirin eighty one milligrams once a day and come back in two weeks"),
  ],
};

export const fakeResult: ScribeResult = {
  note: fakeNote,
  medications: [],
  transcript,
  provenance: { service: "Fake Scribe", model: "pro", speechEngine: "none", noteWriter: "by hand", language: "en" },
};

function turnOf(id: string, text: string): Transcript["turns"][number] {
  const words = text
    .split(" ")
    .map((word) => ({ text: word, startMs: null, endMs: null, confidence: null, unclear: false }));
  return { id, speaker: "unknown", startMs: null, endMs: null, words };
}
