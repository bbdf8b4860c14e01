/**
 * The clinic server as a program. In: the environment. Out: one line of JSON on stdout when it listens, its log on stderr. On
 * SIGTERM it stops taking work, finishes what is running and ends.
 */
import type { AddressInfo } from "node:net";
import { readConfig } from "./config.ts";
import { createLog } from "./log.ts";
import { stopCleanly } from "./shutdown.ts";
import { startUpkeep } from "./upkeep.ts";
import { wireUp } from "./wire-up.ts";

const config = readConfig(process.env);
const log = createLog({ level: config.CHARTSIDE_LOG_LEVEL });
const server = await wireUp({ config, log });
const stopUpkeep = await startUpkeep(server.parts);
await server.app.listen({ port: config.CHARTSIDE_PORT, host: config.CHARTSIDE_HOST });
const { port } = server.app.server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ ready: true, url: `http://${config.CHARTSIDE_HOST}:${port}` })}\n`);

let isStopping = false;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, "stopping");
    stopUpkeep();
    void stopCleanly(server, log).then(() => process.exit(0));
  });
}
