/**
 * Ports for a world's servers. They lie below those that systems give to outgoing connections, and each worker of a run has a
 * stretch of its own, so that nobody takes one between the asking and the server's start.
 */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const lowest = 20_000;
const stretch = 1000;
const first = lowest + (Number(process.env["TEST_PARALLEL_INDEX"] ?? 0) % 12) * stretch;
let given = randomInt(stretch);

export async function freePort(): Promise<number> {
  for (;;) {
    given = (given + 1) % stretch;
    if (await isFree(first + given)) return first + given;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
