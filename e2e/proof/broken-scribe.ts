/** Stands between the clinic server and the scribe and breaks what passes: refuses, forgets sessions, loses answers after the store. */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/**
 * `busy`: 503 with Retry-After, nothing arrives. `deaf`: the scribe stores, its answer is lost. `forgetful`: the session of the next
 * chunk is gone for good, 410.
 */
export type Fault = "none" | "busy" | "deaf" | "forgetful";

export type BrokenScribe = {
  /** From now on; resolves nothing, breaks at once. */
  fault: Fault;
  /** How many requests each fault has met. */
  met: Record<Exclude<Fault, "none">, number>;
  /** Listens and answers with its own address. */
  before(scribeUrl: string): Promise<string>;
  close(): void;
};

export function createBrokenScribe(): BrokenScribe {
  let server: Server | undefined;
  const gone = new Set<string>();
  const broken: BrokenScribe = {
    fault: "none",
    met: { busy: 0, deaf: 0, forgetful: 0 },
    before: (scribeUrl) => {
      const listening = createServer((incoming, answer) => pass(broken, scribeUrl, { incoming, answer, gone }));
      server = listening;
      return new Promise((resolve) => {
        listening.listen(0, "127.0.0.1", () => {
          const address = listening.address();
          resolve(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
        });
      });
    },
    close: () => {
      server?.close();
      server?.closeAllConnections();
    },
  };
  return broken;
}

type Exchange = { incoming: IncomingMessage; answer: ServerResponse; gone: Set<string> };

function pass(broken: BrokenScribe, scribeUrl: string, exchange: Exchange): void {
  const { incoming, answer, gone } = exchange;
  const session = /\/sessions\/([^/]+)\/audio/u.exec(incoming.url ?? "")?.[1];
  const fault = session === undefined ? "none" : broken.fault;
  if (fault !== "none") broken.met[fault] += 1;
  if (fault === "busy") return refuse(incoming, answer.writeHead(503, { "retry-after": "1" }), "");
  if (fault === "forgetful" && session !== undefined) {
    gone.add(session);
    broken.fault = "none";
  }
  if ([...gone].some((id) => incoming.url?.includes(id))) {
    const body = { error: { code: "session_expired", message: "The session has expired" } };
    return refuse(incoming, answer.writeHead(410, { "content-type": "application/json" }), JSON.stringify(body));
  }
  forward(scribeUrl, exchange, fault === "deaf");
}

function refuse(incoming: IncomingMessage, answer: ServerResponse, body: string): void {
  incoming.resume();
  answer.end(body);
}

function forward(scribeUrl: string, { incoming, answer }: Exchange, losesAnswer: boolean): void {
  const { method = "GET", headers, url = "/" } = incoming;
  const onward = request(`${scribeUrl}${url}`, { method, headers }, (stored) => {
    const isStored = (stored.statusCode ?? 500) < 300;
    if (losesAnswer && isStored) {
      stored.resume();
      stored.on("end", () => incoming.socket.destroy());
      return;
    }
    answer.writeHead(stored.statusCode ?? 502, stored.headers);
    stored.pipe(answer);
  });
  onward.on("error", () => incoming.socket.destroy());
  incoming.pipe(onward);
}
