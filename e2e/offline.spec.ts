/** No network, no clinic server: the app opens, records, and sends later; what is kept for that is readable to nobody else. */
import { readFile } from "node:fs/promises";
import { expect, quiet, test } from "./fixtures.ts";

test("the app's own files are kept, and nothing the clinic server says is", async ({ world, sitDown }) => {
  const { page } = await sitDown({ profile: "room-1", hears: quiet });
  await page.goto(world.origin);
  const kept = await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const paths: string[] = [];
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
    }
    return paths;
  });
  expect(kept).toContain("/");
  expect(kept.filter((path) => path.startsWith("/assets/")).length).toBeGreaterThan(20);
  expect(kept.filter((path) => /^\/(?:api|auth)/u.test(path))).toEqual([]);
  // Every file named by a built script is there: the app is whole without a network.
  const html = await readFile("dist/index.html", "utf8");
  for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/gu)) expect(kept).toContain(path);
});
