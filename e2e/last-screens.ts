/** What the screens showed when a test failed, said on the console, because a machine far away keeps no pictures. */
import type { Page } from "@playwright/test";

/** The patients are invented. */
export async function tellScreens(rooms: readonly { page: Page }[], title: string): Promise<void> {
  for (const { page } of rooms) {
    const body = await page
      .locator("body")
      .ariaSnapshot({ timeout: 5000 })
      .catch((cause: unknown) => String(cause));
    process.stdout.write(`${title}, at the end the screen showed:\n${body}\n`);
  }
}
