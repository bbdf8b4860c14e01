/** For tests: a wire without a network. Answers come from a function or from recorded traffic; requests are kept to look at. */
import type { Send, SendAnswer, SendRequest } from "./send.ts";

/** One recorded exchange with a real OpenEMR (facts: 7.0.0, 8.0.0, 8.2.0-dev on 2026-11-21). */
export type Recording = {
  version: string;
  label: string;
  method: string;
  path: string;
  status: number;
  body: string;
};

export type FakeWire = { send: Send; requests: SendRequest[] };

export function createFakeWire(answer: (request: SendRequest) => SendAnswer | Promise<SendAnswer>): FakeWire {
  const requests: SendRequest[] = [];
  return {
    requests,
    async send(request) {
      requests.push(request);
      return answer(request);
    },
  };
}

/** Answers every request with the recording of the same method and path; a path that was not recorded is an error. */
export function replay(recordings: readonly Recording[]): FakeWire {
  return createFakeWire((request) => {
    const { pathname, search } = new URL(request.url);
    const path = decodeURIComponent(pathname + search);
    const found = recordings.find((recording) => recording.method === request.method && recording.path === path);
    if (!found) throw new Error(`not recorded: ${request.method} ${path}`);
    return { status: found.status, headers: {}, body: found.body };
  });
}

/** The recording of a version by its label. */
export function recorded(recordings: readonly Recording[], version: string, label: string): Recording {
  const found = recordings.find((recording) => recording.version === version && recording.label === label);
  if (!found) throw new Error(`not recorded: ${version} ${label}`);
  return found;
}
