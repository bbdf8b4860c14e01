/** Pictures of a screen in its three looks, for people to look at; axe looks at each, too. */
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { complaintsOf } from "./accessible.ts";

const folder = join(import.meta.dirname, "screens");
const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

/** What axe found on any of them. */
export const complaints: string[] = [];

type Picture = {
  name: string;
  /** What the picture is about, where that is not at the top of the screen. */
  about?: (page: Page) => Promise<void>;
};

/** The page is left as it was. */
export async function picture(page: Page, taken: string | Picture): Promise<void> {
  const { name, about = toTop } = typeof taken === "string" ? { name: taken } : taken;
  for (const [look, viewport, colorScheme] of [
    ["desktop-light", desktop, "light"],
    ["desktop-dark", desktop, "dark"],
    ["phone-light", phone, "light"],
  ] as const) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await about(page);
    await page.screenshot({ path: join(folder, `${name}-${look}.png`), animations: "disabled" });
    complaints.push(...(await complaintsOf(page, `${name}, ${look}`)));
  }
  await page.setViewportSize(desktop);
  await page.emulateMedia({ colorScheme: "light" });
}

async function toTop(page: Page): Promise<void> {
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
}
