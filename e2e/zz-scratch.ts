import { createWorld } from "./world.ts";
import { openWorkstation } from "./browser.ts";
import { mkdtempSync } from "node:fs";
const world = await createWorld({ clockOffsetMs: 0 });
const shot = (n: string) => page.screenshot({ path: `/tmp/shots/out/real-${n}.png` });
const ws = await openWorkstation({
  profile: mkdtempSync("/tmp/shots/prof-"),
  microphone: "/work/main/e2e/audio/chest-pain.wav",
});
const page = ws.page;
page.setDefaultTimeout(15000);
let step = "";
try {
  step = "sign-in";
  await page.goto(world.origin + "/");
  await page.getByRole("button", { name: "Sign in with OpenEMR" }).waitFor();
  await shot("01-signin");
  await page.getByRole("button", { name: "Sign in with OpenEMR" }).click();
  await page.waitForURL(/127\.0\.0\.1/);
  await page.waitForTimeout(500);
  await shot("02-openemr");
  console.log(await page.locator("body").innerText());
  await page.locator("input[name=username], input[type=text]").first().fill("dr.rivera");
  await page.locator("input[type=password]").fill("demo-rivera");
  await page.getByRole("button").first().click();
  await page.waitForTimeout(1000);
  await shot("03-after");
  console.log(page.url(), (await page.locator("body").innerText()).slice(0, 600));
  const allow = page.getByRole("button", { name: /authorize|allow/i });
  if (await allow.count()) await allow.first().click();
  step = "worklist";
  await page.waitForURL(/worklist/);
  await page.waitForTimeout(1500);
  await shot("04-worklist");
  console.log((await page.locator("main").innerText()).slice(0, 800));
  step = "before";
  await page
    .getByRole("link", { name: /Start visit/ })
    .first()
    .click();
  await page.getByRole("heading", { name: "Before the visit" }).waitFor();
  await page.waitForTimeout(1500);
  await shot("05-before");
  await page.getByRole("radiogroup", { name: "Recording consent" }).getByText("Yes", { exact: true }).click();
  const on = page.getByRole("button", { name: /Turn on/ });
  if (await on.count()) await on.click();
  await page.waitForTimeout(800);
  await shot("06-before-yes");
  step = "recording";
  await page.getByRole("button", { name: "Start recording" }).click();
  await page.waitForURL(/recording/);
  for (let i = 0; i < 8; i++) {
    await page.waitForTimeout(2500);
    console.log(
      i,
      Date.now() % 1000000,
      await page.locator("[role=timer]").innerText(),
      await page.evaluate(() => performance.now() | 0),
    );
  }
  await shot("07-recording");
  console.log(await page.locator("main").innerText(), await page.title());
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.waitForTimeout(1000 * Number(process.env["REC"] ?? 1));
  step = "stop";
  await page.getByRole("button", { name: "Stop" }).click();
  await page.waitForURL(/processing/);
  await page.waitForTimeout(1200);
  await shot("09-processing");
  console.log(await page.locator("main").innerText());
  step = "ready";
  await page.getByRole("link", { name: "Review draft" }).waitFor({ timeout: 60000 });
  await shot("10-ready");
  await page.getByRole("link", { name: "Review draft" }).click();
  await page.waitForTimeout(2000);
  await shot("11-review");
  console.log(await page.locator("main").innerText());
  await page.goto(world.origin + "/worklist");
  await page.waitForTimeout(1500);
  await shot("12-worklist");
} catch (e) {
  console.log("FAILED AT", step, String(e).slice(0, 600));
  await shot("fail");
  console.log(page.url(), (await page.locator("body").innerText()).slice(0, 1500));
}
console.log("COMPLAINTS", ws.complaints);
await ws.close();
await world.stop();
process.exit(0);
