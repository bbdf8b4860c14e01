import { expect, test } from "vitest";
import { createQueues } from "./queues.ts";

test("work of one name runs in turn, also after a failure; other names do not wait", async () => {
  const queues = createQueues();
  const gate = Promise.withResolvers<void>();
  const order: string[] = [];
  const first = queues.run("a", async () => {
    await gate.promise;
    order.push("a1");
    throw new Error("failed");
  });
  const second = queues.run("a", async () => order.push("a2"));
  await queues.run("b", async () => order.push("b1"));
  expect(order).toEqual(["b1"]);
  gate.resolve();
  await expect(first).rejects.toThrow("failed");
  await second;
  expect(order).toEqual(["b1", "a1", "a2"]);
});
