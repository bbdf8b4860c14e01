/**
 * Which version of the app this page runs, and whether a newer one waits. In: the browser's service worker; out: a store, and
 * the way to take the new version over. Nothing is reloaded unless a person asks: the page may be recording.
 */
import { ownScript } from "#model/own-script.ts";
import { createStore, type StoreApi } from "zustand/vanilla";

export type AppVersion = {
  store: StoreApi<{ isNewerReady: boolean }>;
  /** Changes to the new version and loads this page again; other pages go on with theirs until they are closed. */
  takeOver(): void;
};

/** What is used of the browser; tests give their own. */
export type Workers = Pick<ServiceWorkerContainer, "register" | "addEventListener" | "removeEventListener"> & {
  readonly controller: object | null;
};

export type AppVersionParts = {
  workers: Workers | undefined;
  reload(): void;
  every(ms: number, task: () => void): void;
  after(ms: number, task: () => void): void;
};

/**
 * Chromium 156 changes within some seconds; or, in 4 of 12 tries on a busy machine, never: the version before ran, had
 * nothing to do, and was not let go. No message and no request to it changed that.
 */
const patienceMs = 5000;

/** A page may stay open for days: the browser asks for new versions by itself only when a page is opened. */
const lookEveryMs = 3_600_000;

export function watchAppVersion(parts: AppVersionParts): AppVersion {
  const { workers, every } = parts;
  const store = createStore(() => ({ isNewerReady: false }));
  let ready: ServiceWorkerRegistration | undefined;
  const look = (registration: ServiceWorkerRegistration): void => {
    // Without a controller this is the first version ever, not a newer one.
    if (registration.waiting === null || workers?.controller == null) return;
    ready = registration;
    store.setState({ isNewerReady: true });
  };
  const follow = (registration: ServiceWorkerRegistration): void => {
    look(registration);
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", () => look(registration));
    });
    // Fails without a network, and is asked again.
    every(lookEveryMs, () => void registration.update().catch(() => undefined));
  };
  // A browser that keeps no service worker (a private window) runs the app all the same, with a network.
  workers?.register(ownScript("/sw.js"), { updateViaCache: "none" }).then(follow, () => undefined);
  return { store, takeOver: () => workers && ready && takeOver(workers, ready, parts) };
}

/** Changes the versions and loads the page again. Where the browser does not let go of the old one, it is registered anew. */
function takeOver(workers: Workers, registration: ServiceWorkerRegistration, parts: AppVersionParts): void {
  let isDone = false;
  const done = (): void => {
    if (isDone) return;
    isDone = true;
    workers.removeEventListener("controllerchange", done);
    parts.reload();
  };
  const insist = async (): Promise<void> => {
    if (isDone) return;
    // Fails without the server, and without it the page would not open again.
    await registration.update();
    await registration.unregister();
    done();
  };
  workers.addEventListener("controllerchange", done);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a service worker has no target
  registration.waiting?.postMessage("take_over");
  parts.after(patienceMs, () => void insist().catch(() => undefined));
}

/** This page's version, with the browser's own service worker. */
export function watchThisApp(): AppVersion {
  return watchAppVersion({
    workers: "serviceWorker" in navigator ? navigator.serviceWorker : undefined,
    reload: () => location.reload(),
    every: (ms, task) => void setInterval(task, ms),
    after: (ms, task) => void setTimeout(task, ms),
  });
}
