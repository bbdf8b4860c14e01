import { expect, test, vi } from "vitest";
import { watchAppVersion } from "./app-version.ts";

vi.stubGlobal("location", { href: "https://clinic.example/", origin: "https://clinic.example" });

function browser({ isControlled }: { isControlled: boolean }) {
  const said: unknown[] = [];
  const later: (() => void)[] = [];
  const unregister = vi.fn<() => Promise<boolean>>().mockResolvedValue(true);
  const timers: (() => void)[] = [];
  const reload = vi.fn<() => void>();
  const installing = Object.assign(new EventTarget(), { postMessage: (word: unknown) => said.push(word) });
  const registration = Object.assign(new EventTarget(), {
    installing: null as object | null,
    waiting: null as object | null,
    update: vi.fn<() => Promise<void>>().mockRejectedValue(new TypeError("no network")),
    unregister,
  });
  const workers = Object.assign(new EventTarget(), {
    controller: isControlled ? {} : null,
    register: vi.fn<(url: string) => Promise<unknown>>().mockResolvedValue(registration),
  });
  const version = watchAppVersion({
    workers: workers as never,
    reload,
    every: (_ms, task) => timers.push(task),
    after: (_ms, task) => later.push(task),
  });
  return {
    version,
    said,
    timers,
    later,
    reload,
    registration,
    registered: async () => {
      await vi.waitFor(() => expect(timers).toHaveLength(1), { timeout: 30_000 });
      return workers.register.mock.calls[0]?.[0];
    },
    install: () => {
      registration.installing = installing;
      registration.dispatchEvent(new Event("updatefound"));
      registration.waiting = installing;
      installing.dispatchEvent(new Event("statechange"));
    },
    takeControl: () => workers.dispatchEvent(new Event("controllerchange")),
  };
}

test("a new version is said, and taken over only when asked for", async () => {
  const { version, said, reload, registered, install, takeControl } = browser({ isControlled: true });
  expect(await registered()).toBe("/sw.js");
  expect(version.store.getState().isNewerReady).toBe(false);
  install();
  expect(version.store.getState().isNewerReady).toBe(true);
  // Another tab took it over: this one goes on as it is.
  takeControl();
  expect(said).toEqual([]);
  expect(reload).not.toHaveBeenCalled();
  version.takeOver();
  expect(said).toEqual(["take_over"]);
  takeControl();
  expect(reload).toHaveBeenCalledTimes(1);
});

test("a browser that does not let go of the version before: the new one is registered anew, once the server is there", async () => {
  const { version, later, reload, registration, registered, install, takeControl } = browser({ isControlled: true });
  const { update, unregister } = registration;
  await registered();
  install();
  version.takeOver();
  later[0]?.();
  await vi.waitFor(() => expect(update).toHaveBeenCalledTimes(1), { timeout: 30_000 });
  expect(unregister).not.toHaveBeenCalled();
  update.mockResolvedValue(undefined);
  version.takeOver();
  later[1]?.();
  await vi.waitFor(() => expect(reload).toHaveBeenCalledTimes(1), { timeout: 30_000 });
  expect(unregister).toHaveBeenCalledTimes(1);
  takeControl();
  expect(unregister).toHaveBeenCalledTimes(1);
});

test("a browser that changes at once is not asked twice", async () => {
  const { version, later, reload, registration, registered, install, takeControl } = browser({ isControlled: true });
  const { update, unregister } = registration;
  await registered();
  install();
  version.takeOver();
  takeControl();
  later[0]?.();
  expect(reload).toHaveBeenCalledTimes(1);
  expect(update).not.toHaveBeenCalled();
  expect(unregister).not.toHaveBeenCalled();
});

test("the first version of all is not a newer one", async () => {
  const { version, registered, install } = browser({ isControlled: false });
  await registered();
  install();
  expect(version.store.getState().isNewerReady).toBe(false);
});

test("looking for a new version without a network fails quietly, and a browser without service workers is no failure", async () => {
  const { timers, registration, registered } = browser({ isControlled: true });
  await registered();
  timers[0]?.();
  expect(registration.update).toHaveBeenCalledTimes(1);
  const none = watchAppVersion({
    workers: undefined,
    reload: () => undefined,
    every: () => undefined,
    after: () => undefined,
  });
  none.takeOver();
  expect(none.store.getState().isNewerReady).toBe(false);
});
