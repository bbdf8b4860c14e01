/**
 * A code service to test against, written from Codify's pages alone. In: HTTP at `/v1/codify`. Out: what the pages demand, refusals
 * included, and codes by a table of words that says that it is one. Nothing survives a stop.
 */
import { randomUUID } from "node:crypto";
import type { CodeSuggestion } from "#model/code-suggestion.ts";
import type { Down, Fault } from "#sandbox/openemr/faults.ts";
import { createFaults } from "#sandbox/openemr/faults.ts";
import type { Told } from "#sandbox/scribe-request.ts";
import { serveScribe } from "#sandbox/scribe-request.ts";
import type { CodifyAsked } from "./codify-request.ts";
import { fault, readCodify } from "./codify-request.ts";
import { codesIn } from "./terms.ts";

export type SandboxCodifyOptions = {
  port?: number;
  token?: string;
  /** Strings to pull over HTTP too. */
  httpControls?: boolean;
};

export type CodifyControls = {
  fault(fault: Fault): void;
  clearFaults(): void;
  goDown(how?: Down): void;
  comeUp(): void;
  /** Runs do not end until `release`, however long that is. */
  hold(): void;
  release(): void;
  /** Every run that was accepted, in order. */
  runs(): (CodifyAsked & { id: string })[];
};

export type SandboxCodify = { url: string; controls: CodifyControls; close(): Promise<void> };

export const sandboxToken = "codify_test_chartside";

export async function createSandboxCodify(options: SandboxCodifyOptions = {}): Promise<SandboxCodify> {
  const { port = 0, token = sandboxToken } = options;
  const faults = createFaults();
  const gate = createGate();
  const runs: (CodifyAsked & { id: string })[] = [];
  const controls: CodifyControls = {
    fault: faults.add,
    clearFaults: faults.clear,
    goDown: (how = "refused") => {
      faults.down = how;
    },
    comeUp: () => {
      faults.down = undefined;
    },
    hold: gate.shut,
    release: gate.open,
    runs: () => runs,
  };
  const server = await serveScribe({
    port,
    faults,
    failure: (status) => fault(status, "sandbox"),
    answer: async (asked) => {
      const read = readCodify(asked, token);
      if ("status" in read) return read;
      const run = { ...read, id: randomUUID() };
      runs.push(run);
      await gate.passed();
      return answerTo(run);
    },
    controls: options.httpControls === true ? controls : undefined,
  });
  return {
    url: server.url,
    controls,
    close: async () => {
      gate.open();
      await server.close();
    },
  };
}

function answerTo({ note, id }: { note: string; id: string }): Told {
  const { suggested, discarded } = codesIn(note, id);
  const told = ({ confidence, ...rest }: CodeSuggestion) => ({ ...rest, confidence_percent: confidence });
  const lists = {
    final_code_assessments: suggested.map(told),
    discarded_code_assessments: discarded.map(told),
  };
  return { status: 200, body: { ...lists, run_id: id } };
}

/** Open at first. */
function createGate() {
  let waiting: (() => void)[] = [];
  let isShut = false;
  return {
    shut: () => {
      isShut = true;
    },
    open: () => {
      isShut = false;
      for (const pass of waiting) pass();
      waiting = [];
    },
    passed: (): Promise<void> => (isShut ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
  };
}
