/** The pages in a real browser: a `Secure` cookie over plain http on a loopback address, 307 after the password, both buttons. */
import { createServer } from "node:http";
import type { Server } from "node:http";
import { chromium } from "playwright";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientId } from "#sandbox/seed.ts";
import { challengeOf } from "./replay/visitor.ts";
import { createSandboxOpenEmr } from "./sandbox.ts";
import type { SandboxOpenEmr } from "./sandbox.ts";

let app: Server;
let appOrigin: string;
let sandbox: SandboxOpenEmr;
let browser: Browser;

beforeAll(async () => {
  app = createServer((_request, response) => response.end("the app"));
  await new Promise<void>((listening) => {
    app.listen(0, "127.0.0.1", listening);
  });
  const address = app.address();
  appOrigin = `http://localhost:${typeof address === "object" && address ? address.port : 0}`;
  sandbox = await createSandboxOpenEmr({ appOrigin });
  const executablePath = process.env["CHARTSIDE_CHROMIUM"] ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}, 30_000);

afterAll(async () => {
  await browser.close();
  await sandbox.close();
  app.close();
});

async function openSignIn(): Promise<Page> {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: `${appOrigin}/callback`,
    scope: "openid offline_access api:oemr user/patient.read",
    state: "s-1",
    code_challenge: challengeOf("some-verifier-that-is-long-enough-to-be-taken-as-one"),
    code_challenge_method: "S256",
  });
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${sandbox.url}/oauth2/default/authorize?${query.toString()}`);
  return page;
}

async function enter(page: Page, password: string): Promise<void> {
  await page.getByLabel("Username").fill("dr.rivera");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "OpenEMR Login" }).click();
}

test(
  "a wrong password may be tried again; Authorize leads back to the app with a code",
  { timeout: 30_000 },
  async () => {
    const page = await openSignIn();
    expect(await page.getByText("every patient in it is invented").isVisible()).toBe(true);
    await enter(page, "wrong");
    expect(await page.getByRole("alert").textContent()).toContain("Sign In Failed");
    await enter(page, "demo-rivera");
    await page.getByRole("button", { name: "Authorize" }).click();
    const callback = new URL(page.url());
    expect(callback.origin).toBe(appOrigin);
    expect(callback.searchParams.get("state")).toBe("s-1");
    expect(callback.searchParams.get("code")).toMatch(/^def502/u);
  },
);

test("Deny leads back with access_denied and the state", { timeout: 30_000 }, async () => {
  const page = await openSignIn();
  await enter(page, "demo-rivera");
  await page.getByRole("button", { name: "Deny" }).click();
  const callback = new URL(page.url());
  expect(callback.searchParams.get("error")).toBe("access_denied");
  expect(callback.searchParams.get("state")).toBe("s-1");
});
