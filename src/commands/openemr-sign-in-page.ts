/**
 * Signing in at OpenEMR's own pages in a real browser, as far as the code. With an account the pages are filled in; without
 * one a window opens and a person does it, second factor included. The address that OpenEMR returns to needs no server.
 */
import { chromium } from "playwright";
import type { Browser, Page } from "playwright";
import { chromiumPath } from "./system.ts";

export type SignInPage = {
  authorizeUrl: string;
  redirectUri: string;
  account: { username: string; password: string } | undefined;
};

const pageMs = 30_000;
const personMs = 300_000;
/** OpenEMR's own names of fields and buttons, 7.0.0 to 8.2. */
const username = 'input[name="username"]';
const password = 'input[name="password"]';
const login = 'button[name="user_role"][value="api"]';
const proceed = 'button[name="proceed"]';

/** The query that OpenEMR returned with. Throws with words that say at which page it ended. */
export async function signInAtPages(wanted: SignInPage): Promise<URLSearchParams> {
  const path = chromiumPath();
  const browser = await chromium.launch({
    headless: wanted.account !== undefined,
    args: ["--no-sandbox", "--disable-gpu"],
    ...(path === undefined ? {} : { executablePath: path }),
  });
  try {
    return await throughPages(browser, wanted);
  } finally {
    await browser.close();
  }
}

async function throughPages(browser: Browser, wanted: SignInPage): Promise<URLSearchParams> {
  const page = await browser.newPage({ ignoreHTTPSErrors: false });
  const isReturn = (url: URL): boolean => url.href.startsWith(`${wanted.redirectUri}?`);
  await page.route(isReturn, (route) => route.fulfill({ status: 200, body: "Back. This window closes." }));
  const opened = await page.goto(wanted.authorizeUrl, { timeout: pageMs });
  if (!isReturn(new URL(page.url()))) {
    if (opened !== null && opened.status() >= 400) throw new Error(await refusalOn(page, opened.status()));
    if (wanted.account !== undefined) await fillIn(page, wanted.account);
    await page.waitForURL(isReturn, { timeout: wanted.account === undefined ? personMs : pageMs });
  }
  return new URL(page.url()).searchParams;
}

async function fillIn(page: Page, account: { username: string; password: string }): Promise<void> {
  await page.fill(username, account.username, { timeout: pageMs });
  await page.fill(password, account.password);
  await page.click(login);
  const next = page.locator(`${proceed}, ${login}`).first();
  await next.waitFor({ timeout: pageMs });
  if (await page.locator(login).isVisible()) throw new Error("OpenEMR did not take this name and password");
  await page.click(proceed);
}

/** OpenEMR answers a bad client or redirect address with JSON; only its error word is shown. */
async function refusalOn(page: Page, status: number): Promise<string> {
  const word = /"error":\s*"([a-z_ ]{1,40})"/u.exec(await page.content())?.[1] ?? "no reason that we know";
  return `OpenEMR refused to show its sign-in page (HTTP ${status}): ${word}. Is the client registered with this address?`;
}
