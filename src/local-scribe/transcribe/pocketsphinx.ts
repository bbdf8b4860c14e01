/**
 * Speech on this machine, without a network: one pocketsphinx process per session. Samples go in through a pipe as they arrive, each
 * utterance comes out when it ends. Nothing is kept; after a crash the session is heard again from its stored chunks.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { problem } from "#model/problem.ts";
import { createPocketsphinxReader } from "./pocketsphinx-lines.ts";
import type { SpeechEngine, SpeechRun } from "./speech-engine.ts";

/**
 * `-infile /dev/stdin` cannot open the socket that Node gives a child, so a `cat` stands before it. The beams are wider than the program's own
 * (1e-48, 7e-29): an eighth fewer wrong words for a sixth more work.
 */
const beams = "-beam 1e-64 -wbeam 1e-40";
const command = `cat | pocketsphinx_continuous -infile /dev/stdin -time yes ${beams} -logfn /dev/null "$@"`;

/** Paths of a dictionary and a language model in place of the installed ones. */
export type PocketsphinxVocabulary = { dictionary: string; languageModel: string };

/** Is the program installed? */
export function hasPocketsphinx(): boolean {
  return spawnSync("sh", ["-c", "command -v pocketsphinx_continuous"]).status === 0;
}

/** The engine; its runs fail with `processing_failed` when the program is missing or dies. */
export function createPocketsphinx(vocabulary?: PocketsphinxVocabulary): SpeechEngine {
  const settings = vocabulary ? ["-dict", vocabulary.dictionary, "-lm", vocabulary.languageModel] : [];
  const name = `pocketsphinx 5prealpha, en-us${vocabulary ? " + clinical words" : ""}`;
  return { name, open: (onHeard) => openRun(onHeard, settings) };
}

function openRun(onHeard: Parameters<SpeechEngine["open"]>[0], settings: string[]): SpeechRun {
  const child = spawn("sh", ["-c", command, "sh", ...settings], { stdio: ["pipe", "pipe", "ignore"], detached: true });
  const reader = createPocketsphinxReader(onHeard);
  const lines = createInterface({ input: child.stdout }).on("line", (line) => reader.line(line));
  const ended = Promise.all([once(child, "close"), once(lines, "close")]);
  /** Said again by write and finish; alone it must not end the server. */
  ended.catch(() => undefined);
  let broken = false;
  child.stdin.on("error", () => (broken = true));

  async function exitCode(): Promise<unknown> {
    const [[code]] = await ended;
    return code;
  }

  return {
    async write(samples) {
      if (broken) throw problem("processing_failed", { detail: "speech engine ended early" });
      const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
      if (!child.stdin.write(bytes))
        await Promise.race([once(child.stdin, "drain"), ended]).catch(() => (broken = true));
    },
    async finish() {
      child.stdin.end();
      const code = await exitCode();
      if (code !== 0) throw problem("processing_failed", { detail: `speech engine exit ${String(code)}` });
      reader.end();
    },
    close() {
      if (child.exitCode === null && child.pid !== undefined) killGroup(child.pid);
    },
  };
}

/** The shell's own process group: the shell, the cat and the engine. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended in the meantime.
  }
}
