/** The DevTools protocol beside Playwright, for what Playwright does not reach: slow networks and the memory of the app's worker. */

export type Network = "fast" | "slow" | "off";

export type Devtools = {
  /** For the page and its workers. `slow` is Chrome's "Slow 2G": 2 s there and back, 50 kbit/s. */
  network(state: Network): Promise<void>;
  /** Bytes of JavaScript objects after a collection: page and workers together. */
  heapBytes(): Promise<number>;
  close(): void;
};

const heapReadings = 8;

const conditions: Record<Network, object> = {
  fast: { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 },
  slow: { offline: false, latency: 2000, downloadThroughput: 6250, uploadThroughput: 6250 },
  off: { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 },
};

type Message = { id?: number; method?: string; params?: Record<string, unknown>; result?: object; error?: object };
type Wire = { call(method: string, params: object, session?: string): Promise<object>; close(): void };

/** Attaches to the page whose address begins with `origin` and to the workers it has or gets. */
export async function openDevtools(endpoint: string, origin: string): Promise<Devtools> {
  const sessions = new Set<string>();
  const wire = await openWire(endpoint, ({ method, params }) => {
    if (method !== "Target.attachedToTarget") return;
    const { sessionId, targetInfo } = params as { sessionId: string; targetInfo: TargetInfo };
    if (["page", "worker"].includes(targetInfo.type)) sessions.add(sessionId);
  });
  const { targetInfos } = (await wire.call("Target.getTargets", {})) as { targetInfos: TargetInfo[] };
  const page = targetInfos.find(({ type, url }) => type === "page" && url.startsWith(origin));
  if (page === undefined) throw new Error("the browser has no page of the app");
  const attached = await wire.call("Target.attachToTarget", { targetId: page.targetId, flatten: true });
  const { sessionId } = attached as { sessionId: string };
  await wire.call(
    "Target.setAutoAttach",
    { autoAttach: true, waitForDebuggerOnStart: false, flatten: true },
    sessionId,
  );
  await wire.call("Network.enable", {}, sessionId);
  return {
    network: async (state) => {
      await wire.call("Network.emulateNetworkConditions", conditions[state], sessionId);
    },
    heapBytes: async () => {
      let bytes = 0;
      for (const session of sessions) bytes += await heldBytes(wire, session);
      return bytes;
    },
    close: wire.close,
  };
}

/**
 * The least of some readings: a page that draws goes on between a collection and its reading, and what it made meanwhile (up to
 * 0.5 MB, different each time) is garbage already.
 */
async function heldBytes(wire: Wire, session: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let reading = 0; reading < heapReadings; reading += 1) {
    await wire.call("HeapProfiler.collectGarbage", {}, session);
    const { usedSize } = (await wire.call("Runtime.getHeapUsage", {}, session)) as { usedSize: number };
    least = Math.min(least, usedSize);
  }
  return least;
}

type TargetInfo = { targetId: string; type: string; url: string };

function openWire(endpoint: string, onEvent: (message: Message) => void): Promise<Wire> {
  const socket = new WebSocket(endpoint);
  const waiting = new Map<number, { resolve(result: object): void; reject(error: Error): void }>();
  let count = 0;
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id === undefined) return onEvent(message);
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) caller?.reject(new Error(JSON.stringify(message.error)));
    else caller?.resolve(message.result ?? {});
  });
  const wire: Wire = {
    call: (method, params, sessionId) =>
      new Promise((resolve, reject) => {
        count += 1;
        waiting.set(count, { resolve, reject });
        socket.send(JSON.stringify({ id: count, method, params, ...(sessionId !== undefined && { sessionId }) }));
      }),
    close: () => socket.close(),
  };
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(wire));
    socket.addEventListener("error", () => reject(new Error("the browser's DevTools endpoint does not answer")));
  });
}
