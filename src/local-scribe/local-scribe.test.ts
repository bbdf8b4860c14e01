import { spawn } from "node:child_process";
import { once } from "node:events";
import { beforeAll, expect, test } from "vitest";
import { createLocalScribe } from "./local-scribe.ts";
import { createPocketsphinx } from "./transcribe/pocketsphinx.ts";
import { createTrialClient, needPocketsphinx, quotingWriter, temporaryDirectory, visitChunks } from "./trial.ts";

beforeAll(needPocketsphinx);

function start(dataDir = temporaryDirectory()) {
  return createLocalScribe({ dataDir, speech: createPocketsphinx(), writer: quotingWriter });
}

test(
  "a visit sent in chunks, cut off by a restart, is heard as if it had never been cut",
  { timeout: 120_000 },
  async () => {
    const dataDir = temporaryDirectory();
    const chunks = visitChunks();
    const first = await start(dataDir);
    let client = createTrialClient(first.url);
    const [whole, parted] = [await client.create({ upload_type: "single" }), await client.create()];
    for (const place of [1, 0]) expect((await client.send(parted, place, chunks[place]!)).status).toBe(200);
    await client.readUntil(parted, ({ transcript_segments }) => (transcript_segments?.length ?? 0) > 2);
    await first.close();

    const second = await start(dataDir);
    client = createTrialClient(second.url);
    for (const place of [2, 3, 3, 0]) expect((await client.send(parted, place, chunks[place]!)).status).toBe(200);
    expect((await client.read(parted)).session.audio_files_received).toBe(4);
    expect((await client.end(parted, 4)).status).toBe(202);
    const session = await client.finished(parted);
    expect(session.status).toBe("completed");
    expect(session.transcript).toContain("i am allergic to penicillin");
    expect(session.transcript).toContain("please come back in two weeks");
    await second.close();
  },
);
