/** Behind TLS as in a clinic: nginx with src/deploy's own configuration and a certificate made by src/deploy's own script. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as clinician from "./clinician.ts";
import { days, offsetTo } from "./dates.ts";
import { expect, test as base } from "./fixtures.ts";
import { decodedSessions } from "./scribe.ts";
import { freePort } from "./ports.ts";
import { createWorld } from "./world.ts";

const deploy = join(import.meta.dirname, "..", "src", "deploy");
const hasNginx = spawnSync("nginx", ["-v"]).status === 0;

type Proxy = { port: number; authority: Buffer; stop(): Promise<void> };

/** Starts nginx with the shipped site; `clinicPort` is where the clinic server will listen. */
async function startProxy(folder: string, clinicPort: number): Promise<Proxy> {
  const port = await freePort();
  const certificates = join(folder, "certificates");
  const made = spawnSync(join(deploy, "make-certificates.sh"), [certificates, "localhost", "127.0.0.1"]);
  if (made.status !== 0) throw new Error(`no certificate was made: ${made.stderr.toString()}`);
  const settings: Record<string, string> = {
    CHARTSIDE_HOSTNAME: "localhost",
    CHARTSIDE_UPSTREAM: `127.0.0.1:${clinicPort}`,
    HTTP_PORT: `127.0.0.1:${await freePort()}`,
    TLS_PORT: `127.0.0.1:${port}`,
    TLS_CERTIFICATE: join(certificates, "server.crt"),
    TLS_KEY: join(certificates, "server.key"),
    ACCESS_LOG: join(folder, "access.log"),
  };
  const template = readFileSync(join(deploy, "chartside.conf.template"), "utf8");
  writeFileSync(
    join(folder, "site.conf"),
    template.replaceAll(/\$\{([A-Z_]+)\}/gu, (whole, name) => settings[name] ?? whole),
  );
  mkdirSync(join(folder, "bodies"));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path bodies;`)
    .join(" ");
  const user = process.getuid?.() === 0 ? "user root;" : "";
  writeFileSync(
    join(folder, "nginx.conf"),
    `${user} daemon off; pid nginx.pid; error_log error.log; events {} http { ${temporary} include site.conf; }`,
  );
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: "ignore" });
  return { port, authority: readFileSync(join(certificates, "ca.crt")), stop: () => stopped(child) };
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

const test = base.extend<{ front: Proxy & { clinicPort: number; folder: string } }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of what a fixture needs from this pattern
  front: async ({}, use, testInfo) => {
    testInfo.skip(!hasNginx, "nginx is not installed here");
    const folder = mkdtempSync(join(tmpdir(), "chartside-proxy-"));
    const clinicPort = await freePort();
    const proxy = await startProxy(folder, clinicPort);
    await use({ ...proxy, clinicPort, folder });
    await proxy.stop();
    rmSync(folder, { recursive: true, force: true });
  },
  world: async ({ front }, use) => {
    const world = await createWorld({
      clockOffsetMs: offsetTo(days.weekday),
      takes: 1,
      origin: `https://localhost:${front.port}`,
      clinic: { CHARTSIDE_PORT: String(front.clinicPort) },
    });
    await use(world);
    await world.stop();
  },
});

/** One request that trusts the clinic's authority and nobody else. */
function ask(proxy: Proxy, path: string, headers: Record<string, string>): Promise<{ status: number }> {
  const options = { host: "localhost", servername: "localhost", port: proxy.port, ca: proxy.authority, path, headers };
  return new Promise((resolve, reject) => {
    request(options, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0 });
    })
      .once("error", reject)
      .end();
  });
}

test("a visit recorded through the TLS proxy, live status and a proxy without its server included", async ({
  world,
  front,
  sitDown,
}) => {
  // The certificate holds for this name under the clinic's authority; another host name is refused by the clinic server.
  expect((await ask(front, "/readyz", {})).status).toBe(200);
  expect((await ask(front, "/api/bootstrap", { host: "elsewhere.example" })).status).toBe(400);

  const { page } = await sitDown({
    profile: "room-1",
    hears: { sound: { visit: "chest-pain" }, leadInSeconds: 5 },
    args: ["--ignore-certificate-errors"],
  });
  await clinician.signIn(page, world.origin, clinician.rivera);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  // A stream that a proxy held back would not open, and the page would ask every 3 s instead.
  const first = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const stream = new EventSource("/api/events");
        for (const kind of ["open", "error"]) {
          stream.addEventListener(kind, () => {
            stream.close();
            resolve(kind);
          });
        }
      }),
  );
  expect(first).toBe("open");
  await clinician.prepareVisit(page, "Ada Quill");
  await clinician.startRecording(page);
  await clinician.recordedFor(page, 16);
  await world.kill("clinic");
  await clinician.recordedFor(page, 18);
  await clinician.stopRecording(page);
  await expect(page.getByRole("heading", { name: "Writing the note" })).toBeVisible();
  await page.goto(world.origin);
  await expect(page.getByText(/This is the list of \d\d:\d\d/u)).toBeVisible();
  await expect(page.getByText("Clinic server away")).toBeVisible();
  await world.restart("clinic");
  await expect(page.getByText("Clinic server away")).toBeHidden();
  await page
    .getByRole("link", { name: /(?:Open|Open recording|Review draft), Ada Quill/u })
    .first()
    .click();
  await clinician.openDraft(page);
  const [decodedMs] = await decodedSessions(join(world.folder, "scribe"));
  expect(decodedMs).toBeGreaterThan(17_000);
  // The proxy's log names no code of a sign-in.
  expect(readFileSync(join(front.folder, "access.log"), "utf8")).not.toContain("?");
});
