/**
 * A browser that Playwright does not drive, used as a person would: things are found by role and name, clicked with a pointer and
 * typed with keys. In: the few orders that every WebDriver protocol has (bidi.ts, webdriver.ts). Every wait is for a condition.
 */

/** `source`: an expression for a function; its arguments and its answer are JSON. Rejects with what it threw. */
export type Driver = {
  navigate(url: string): Promise<void>;
  run(source: string, args: unknown[]): Promise<unknown>;
  /** Presses the main button at this place of the viewport. */
  press(at: { x: number; y: number }): Promise<void>;
  type(text: string): Promise<void>;
  /** PNG. */
  screenshot(): Promise<Buffer>;
  /** SIGKILL. */
  kill(): Promise<void>;
  close(): Promise<void>;
};

/** `name`: the whole of the accessible name, or a part of it where it is a RegExp. */
export type Thing = { role: string; name?: string | RegExp };

export type Remote = {
  /** "Firefox 153.8.0". */
  version: string;
  open(url: string): Promise<void>;
  run<T>(action: (...args: never[]) => T | Promise<T>, ...args: unknown[]): Promise<T>;
  click(thing: Thing): Promise<void>;
  typeInto(thing: Thing, text: string): Promise<void>;
  isThere(thing: Thing): Promise<boolean>;
  /** Waits for it and reads it; empty for a thing without words. */
  read(thing: Thing): Promise<string>;
  until(what: string, isSo: () => Promise<boolean>, ms?: number): Promise<void>;
  screenshot(): Promise<Buffer>;
  kill(): Promise<void>;
  close(): Promise<void>;
};

const patienceMs = 60_000;
const askAgainMs = 200;

type Found = { x: number; y: number; text: string; isUsable: boolean };

export function createRemote(driver: Driver, version: string): Remote {
  const find = async ({ role, name = /^/u }: Thing): Promise<Found | null> => {
    const wanted = name instanceof RegExp ? { part: name.source, flags: name.flags } : { whole: name };
    // While one page gives way to the next there is nothing to run in.
    const found = driver.run(findInPage.toString(), [role, wanted]).catch(() => null);
    return (await found) as Found | null;
  };
  const until: Remote["until"] = async (what, isSo, ms = patienceMs) => {
    for (const before = Date.now() + ms; ; await pass(askAgainMs)) {
      if (await isSo()) return;
      if (Date.now() > before) throw new Error(`waited ${ms / 1000} s in vain: ${what}`);
    }
  };
  const usable = async (thing: Thing): Promise<Found> => {
    let found: Found | null = null;
    await until(
      `${thing.role} ${String(thing.name ?? "")}`,
      async () => (found = await find(thing))?.isUsable === true,
    );
    return found ?? { x: 0, y: 0, text: "", isUsable: false };
  };
  return {
    version,
    open: (url) => driver.navigate(url),
    run: async <T>(action: (...args: never[]) => T | Promise<T>, ...args: unknown[]) =>
      (await driver.run(action.toString(), args)) as T,
    click: async (thing) => driver.press(await usable(thing)),
    typeInto: async (thing, text) => {
      await driver.press(await usable(thing));
      await driver.type(text);
    },
    isThere: async (thing) => (await find(thing)) !== null,
    read: async (thing) => {
      let found: Found | null = null;
      await until(`${thing.role} ${String(thing.name ?? "")}`, async () => (found = await find(thing)) !== null);
      return (found as Found | null)?.text ?? "";
    },
    until,
    screenshot: () => driver.screenshot(),
    kill: () => driver.kill(),
    close: () => driver.close(),
  };
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Runs in the page. The roles and names that the proof's few things have, not the whole of the ARIA specification. */
function findInPage(role: string, wanted: { whole?: string; part?: string; flags?: string }): Found | null {
  const implied: Record<string, string> = {
    button: "button,input[type=submit]",
    link: "a[href]",
    textbox: "input:not([type]),input[type=text],input[type=password]",
    heading: "h1,h2",
    radio: "label:has(input[type=radio])",
  };
  const words = (text: string | null | undefined): string => (text ?? "").replaceAll(/\s+/gu, " ").trim();
  const nameOf = (element: Element): string => {
    const by = element.getAttribute("aria-labelledby")?.split(" ") ?? [];
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
    const value = element instanceof HTMLInputElement && element.type === "submit" ? element.value : "";
    const labelled = by.map((id) => document.querySelector(`#${CSS.escape(id)}`)?.textContent).join(" ");
    const label = words(element.getAttribute("aria-label")) || words(labelled);
    return label || words(labels[0]?.textContent) || words(value) || words(element.textContent);
  };
  const isWanted = (name: string): boolean =>
    wanted.whole === undefined ? new RegExp(wanted.part ?? "", wanted.flags).test(name) : name === wanted.whole;
  const isHidden = (element: Element): boolean =>
    element.closest("[aria-hidden=true],[hidden],[inert]") !== null || element.getClientRects().length === 0;
  const all = [...document.querySelectorAll(`[role=${role}]${implied[role] ? `,${implied[role]}` : ""}`)];
  const element = all.find((candidate) => !isHidden(candidate) && isWanted(nameOf(candidate)));
  if (!element) return null;
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const box = element.getBoundingClientRect();
  const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
  const top = document.elementFromPoint(x, y);
  const isOnTop = top !== null && (element.contains(top) || top.contains(element));
  const isOff = element.matches(":disabled,[aria-disabled=true],[data-disabled]");
  return { x, y, text: words(element.textContent), isUsable: isOnTop && !isOff };
}
