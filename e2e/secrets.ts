/** Every secret of a world, made anew for each, and the search for them in what a browser was told. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { clientSecret } from "#sandbox/seed.ts";

export type Secrets = Record<
  "chartClient" | "sealKey" | "localScribeKey" | "serviceKey" | "serviceClient" | "webhook" | "codify",
  string
>;

/** Those of the demonstration, which nobody changed. */
export const defaultSecrets = { sandboxClient: clientSecret, demoScribeKey: "sk_test_chartside" };

export function createSecrets(): Secrets {
  const secret = (): string => randomBytes(24).toString("base64url");
  return {
    chartClient: secret(),
    sealKey: randomBytes(32).toString("base64"),
    localScribeKey: secret(),
    serviceKey: secret(),
    serviceClient: secret(),
    webhook: secret(),
    codify: secret(),
  };
}

/** `where`: an address or a file. */
export type Told = { where: string; text: string };

/** The names of the secrets that are in there, with the place: "codify in /api/services". Also as base64 or percent-encoded. */
export function leaksIn(told: readonly Told[], secrets: Record<string, string>): string[] {
  const faces = Object.entries(secrets).flatMap(([name, secret]) =>
    [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")].map((face) => ({ name, face })),
  );
  return told.flatMap(({ where, text }) =>
    faces.filter(({ face }) => text.includes(face)).map(({ name }) => `${name} in ${where}`),
  );
}

/** OpenEMR's access and id tokens are JWTs; its refresh tokens are shorter than its codes, which a browser does carry. */
const bearers = [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/u, /def502[0-9a-f]{1780}(?![0-9a-f])/u];

/** The places where a token of OpenEMR's kind stands. */
export function bearersIn(told: readonly Told[]): string[] {
  return told.filter(({ text }) => bearers.some((bearer) => bearer.test(text))).map(({ where }) => where);
}

/** Everything that this page's browser is told from now on, headers and bodies. `all` resolves when every body has been read. */
export function listenTo(page: Page): { all(): Promise<Told[]> } {
  const told: Promise<Told>[] = [];
  page.context().on("response", (answer) => {
    const read = async (): Promise<Told> => {
      const headers = JSON.stringify(await answer.allHeaders());
      const isStream = headers.includes("text/event-stream");
      // A redirect has no body, and a stream has no end; `askEveryRoute` reads the beginning of the stream.
      const body = isStream ? "" : await answer.text().catch(() => "");
      return { where: new URL(answer.url()).pathname, text: `${answer.url()}\n${headers}\n${body}` };
    };
    told.push(read().catch(() => ({ where: answer.url(), text: answer.url() })));
  });
  return { all: () => Promise.all(told) };
}

const routesFolder = join(import.meta.dirname, "..", "src", "bff", "routes");

/** Every route of the clinic server by its source, `GET /api/visits/:visitId`. */
export function routesInSource(): { method: string; path: string }[] {
  const files = readdirSync(routesFolder).filter((name) => /^[a-z-]+\.ts$/u.test(name));
  return files.flatMap((file) => {
    const source = readFileSync(join(routesFolder, file), "utf8");
    return [...source.matchAll(/\bapp\.(get|put|post|delete)\(\s*"(\/[^"*]*)"/gu)].map(
      ([, method = "", path = ""]) => ({
        method: method.toUpperCase(),
        path,
      }),
    );
  });
}

/** What every route answers to this page's user, asked past the app; only the sign-out is left out. `visitId` fills the paths. */
export async function askEveryRoute(page: Page, origin: string, visitId: string): Promise<Told[]> {
  const cookies = await page.context().cookies(origin);
  const headers = {
    cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
    origin,
    "sec-fetch-site": "same-origin",
    "x-bff": "1",
  };
  const told: Told[] = [];
  for (const { method, path } of routesInSource().filter(({ path: one }) => one !== "/auth/logout")) {
    const where = path.replace(":visitId", visitId).replace(":sequence", "0").replace(":id", visitId);
    const json = method === "GET" ? {} : { headers: { ...headers, "content-type": "application/json" }, body: "{}" };
    const answer = await fetch(`${origin}${where}`, { method, headers, ...json });
    const text = `${JSON.stringify([...answer.headers])}\n${await beginningOf(answer)}`;
    told.push({ where: `${method} ${path} (${answer.status})`, text });
  }
  return told;
}

/** The whole body, or of a stream what comes with its first piece. */
async function beginningOf(answer: Response): Promise<string> {
  if (answer.headers.get("content-type")?.includes("text/event-stream") !== true) return answer.text();
  const reader = answer.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(first?.value ?? new Uint8Array());
}

/** The folder of the built app. */
export const builtApp = join(import.meta.dirname, "..", "dist");

/** Every file under the folder: the built app, or all that a browser keeps on its disk. */
export function filesIn(folder: string): Told[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    return { where: path.slice(folder.length), text: readFileSync(path, "latin1") };
  });
}
