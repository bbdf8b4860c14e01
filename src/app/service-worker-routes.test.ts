/** What the service worker leaves to the browser when it is installed: which requests go past it, and where their answers are. */
import { afterEach, expect, test, vi } from "vitest";

type Condition = { urlPattern: URLPatternInit; requestMethod?: string; requestMode?: string };
type Route = { condition: Condition; source: string | { cacheName: string } };

const origin = "https://clinic.example";
const kept = { cacheName: "shell-v1" };
const files = ["/assets/main-abc.js", "/assets/main-abc.css", "/icon.svg"];

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** Installs the worker in a browser that knows static routes. */
async function install(): Promise<Route[]> {
  const listeners = new Map<string, (event: unknown) => void>();
  vi.stubGlobal("addEventListener", (kind: string, listener: (event: unknown) => void) =>
    listeners.set(kind, listener),
  );
  vi.stubGlobal("BUILT_SHELL", { version: "v1", files, opening: ["/assets/first-abc.js"] });
  vi.stubGlobal("caches", { open: async () => ({ addAll: vi.fn(), put: vi.fn() }) });
  vi.stubGlobal("fetch", async () => new Response("<title>Chartside</title>"));
  vi.stubGlobal(
    "Request",
    class extends Request {
      constructor(path: string, init: RequestInit) {
        super(new URL(path, origin), init);
      }
    },
  );
  await vi.importActual("./service-worker.ts"); // a script, which TypeScript imports nowhere
  const addRoutes = vi.fn<(routes: Route[]) => Promise<void>>(async () => undefined);
  const waitUntil = vi.fn<(work: Promise<unknown>) => void>();
  listeners.get("install")?.({ addRoutes, waitUntil });
  await waitUntil.mock.calls[0]?.[0];
  return addRoutes.mock.calls.flatMap(([routes]) => routes);
}

/** As the browser does: the first route that fits, else the worker is asked. */
function answeredBy(routes: Route[], path: string, { method = "GET", mode = "cors" } = {}): Route["source"] {
  const fits = ({ condition: { urlPattern, requestMethod = method, requestMode = mode } }: Route): boolean =>
    requestMethod === method &&
    requestMode === mode &&
    new URLPattern({ ...urlPattern, baseURL: origin }).test(path, origin);
  return routes.find(fits)?.source ?? "the worker";
}

test("the page and the files of the app come from the cache, and questions to the clinic server from the network, without the worker", async () => {
  const routes = await install();
  expect(answeredBy(routes, "/", { mode: "navigate" })).toEqual(kept);
  expect(answeredBy(routes, "/icon.svg")).toEqual(kept);
  // Also one of the version before, whose page may be open.
  for (const path of ["/assets/main-abc.js", "/assets/main-old.js"]) expect(answeredBy(routes, path)).toBe("cache");
  for (const path of ["/api/session", "/api/bootstrap?upstreams=last"])
    expect(answeredBy(routes, path)).toBe("network");
  expect(answeredBy(routes, "/api/visits", { method: "POST" })).toBe("network");
});

test("everything else is the worker's: no route names what is not kept under its own address", async () => {
  const routes = await install();
  for (const path of ["/visits/v1/recording", "/callback?code=1", "/?launch=1"])
    expect(answeredBy(routes, path, { mode: "navigate" })).toBe("the worker");
  for (const path of ["/", "/sw.js", "/robots.txt", "/auth/sign-in", "/icon.svg?again"])
    expect(answeredBy(routes, path)).toBe("the worker");
  expect(answeredBy(routes, "/assets/main-abc.js", { method: "HEAD" })).toBe("the worker");
});
