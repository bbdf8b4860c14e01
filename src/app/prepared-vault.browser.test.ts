import { afterEach, expect, test, vi } from "vitest";
import { prepareVault, takeHeldAtStart, takeVault } from "./prepared-vault.ts";

afterEach(() => vi.unstubAllGlobals());

test("the vault is asked for what is held before anybody listens, and what it says then is heard once by who takes it", async () => {
  const started: EventTarget[] = [];
  const asked: unknown[] = [];
  vi.stubGlobal(
    "Worker",
    class extends EventTarget {
      constructor() {
        super();
        started.push(this);
      }
      postMessage(question: unknown) {
        asked.push(question);
      }
    },
  );
  const say = (data: unknown) => started[0]?.dispatchEvent(new MessageEvent("message", { data }));
  prepareVault();
  expect(asked).toMatchObject([{ id: 0, call: "held" }]);
  expect(takeHeldAtStart()).toBeUndefined();
  say({ kind: "reply", id: 0, value: ["a visit"] });
  say({ kind: "held" });
  const { worker } = takeVault();
  const heard: unknown[] = [];
  worker.addEventListener("message", ({ data }: MessageEvent<{ kind: string }>) => void heard.push(data.kind));
  await Promise.resolve();
  say({ kind: "waiting" });
  expect(heard).toEqual(["reply", "held", "waiting"]);
  expect(takeVault().worker).not.toBe(worker);
  expect(takeHeldAtStart()).toEqual(["a visit"]);
  expect(takeHeldAtStart()).toBeUndefined();
});
