/**
 * The service worker, built as /sw.js: the app's own files, kept so that the app opens without a network. In: requests of the
 * pages. Out: index.html and the files it was built with, from one cache per version; everything else goes to the network as if
 * this were not here: /api, /auth, event streams, whatever is no GET. No answer of the clinic server is ever kept here.
 *
 * A new version waits until every page of the old one is closed, or until a person asks for it (`take_over`). The version before
 * stays in its cache, so that a page which still runs it, and may be recording, finds all of its files.
 */

/** Written in by the build (src/commands/shell-files.ts): the version, and the paths of its files. */
declare const BUILT_SHELL: { version: string; files: string[]; opening: string[] };

const scope = globalThis as unknown as ServiceWorkerGlobalScope;
const shell = BUILT_SHELL;
const prefix = "shell-";
const cacheName = `${prefix}${shell.version}`;
/** index.html under the address that the clinic server gives it. */
const page = "/";
/** What the app asks the clinic server before it draws anything (src/app/offline/load-start.ts). */
const asked = ["/api/session", "/api/bootstrap?upstreams=last"];

scope.addEventListener("install", (event) =>
  event.waitUntil(Promise.all([keepFiles(), leaveToBrowser(event as Routing)])),
);
scope.addEventListener("activate", (event) => event.waitUntil(dropOldVersions()));
scope.addEventListener("message", (event) => {
  if (event.data === "take_over") event.waitUntil(scope.skipWaiting());
});
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  if (isPage(request)) event.respondWith(fromCache(page, request));
  else if (isFile(request)) event.respondWith(fromCache(new URL(request.url).pathname, request));
});

/** All files or none: a version that is not whole is not installed. Files with a hash in their name may come from the browser's cache. */
async function keepFiles(): Promise<void> {
  const cache = await caches.open(cacheName);
  const requests = shell.files.map(
    (path) => new Request(path, { cache: path.startsWith("/assets/") ? "default" : "reload" }),
  );
  await Promise.all([cache.addAll(requests), keepPage(cache)]);
}

/** Not in every browser, and not in TypeScript's list. */
type Route = {
  condition: { urlPattern: { pathname: string; search?: string }; requestMethod?: "GET"; requestMode?: "navigate" };
  source: "network" | "cache" | { cacheName: string };
};
type Routing = { addRoutes?: (routes: Route[]) => Promise<void> };

/**
 * What the app opens with comes from the cache without this worker being started or asked, where the browser knows how. A file of
 * `assets` may be of the version before. What is not found so goes to the network, so only addresses that are kept are named.
 */
async function leaveToBrowser(event: Routing): Promise<void> {
  const get = (pathname: string) => ({ urlPattern: { pathname, search: "" }, requestMethod: "GET" as const });
  await event.addRoutes?.([
    { condition: { ...get(page), requestMode: "navigate" }, source: { cacheName } },
    { condition: get("/assets/*"), source: "cache" },
    { condition: { urlPattern: { pathname: "/api/*" } }, source: "network" },
    ...shell.files
      .filter((path) => !path.startsWith("/assets/"))
      .map((path) => ({ condition: get(path), source: { cacheName } })),
  ]);
}

/**
 * The page as it is kept names all that the app opens with: nothing of it waits for the network here. The links say `script` and not
 * `modulepreload` because Chromium (150) reads a module's code cache only of scripts that were asked for so: without it every start
 * of the browser compiles the app anew.
 */
async function keepPage(cache: Cache): Promise<void> {
  const answer = await fetch(page, { cache: "reload" });
  if (!answer.ok) throw new TypeError("the page did not come");
  const links = [...asked, ...shell.opening].map((path) => {
    const kind = path.startsWith("/api/") ? "fetch" : path.endsWith(".css") ? "style" : "script";
    return `<link rel="preload" as="${kind}" crossorigin href="${path}">`;
  });
  const first = shell.opening.find((path) => path.startsWith("/assets/first-"));
  const start = `<script type="module" async src="${first}"></script>`;
  const html = (await answer.text()).replace("</title>", `</title>${start}${links.join("")}`);
  await cache.put(page, new Response(html, { headers: answer.headers }));
}

/** Keeps this version and the one before. `keys` are in the order of making. */
async function dropOldVersions(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== cacheName);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await scope.clients.claim();
}

/** The same paths that the clinic server answers with index.html (src/bff/routes/static.ts). */
function isPage({ method, mode, url }: Request): boolean {
  const { pathname, origin } = new URL(url);
  const isOurs = method === "GET" && mode === "navigate" && origin === scope.location.origin;
  return isOurs && !/^\/(?:api|auth|webhooks|healthz|readyz)(?:\/|$)/u.test(pathname) && !/\.[^/]*$/u.test(pathname);
}

function isFile({ method, url }: Request): boolean {
  const { pathname, origin } = new URL(url);
  if (method !== "GET" || origin !== scope.location.origin) return false;
  return pathname.startsWith("/assets/") || shell.files.includes(pathname);
}

/** This version's file, else the version's before, else the network's. */
async function fromCache(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(path)) ?? (await caches.match(path)) ?? fetch(request);
}
