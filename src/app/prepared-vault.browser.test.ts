import { afterEach, expect, test, vi } from "vitest";
import { prepareVault, takeVault } from "./prepared-vault.ts";

afterEach(() => vi.unstubAllGlobals());

test("what the vault says before anybody listens is heard once by who takes it, and what it says later too", async () => {
  const started: EventTarget[] = [];
  vi.stubGlobal(
    "Worker",
    class extends EventTarget {
      constructor() {
        super();
        started.push(this);
      }
    },
  );
  const say = (data: string) => started[0]?.dispatchEvent(new MessageEvent("message", { data }));
  prepareVault();
  say("before");
  const { worker } = takeVault();
  const heard: unknown[] = [];
  worker.addEventListener("message", ({ data }) => void heard.push(data));
  await Promise.resolve();
  say("after");
  expect(heard).toEqual(["before", "after"]);
  expect(takeVault().worker).not.toBe(worker);
});
