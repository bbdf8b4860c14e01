/**
 * The whole visit through each form of the two protocols: spoken into a real browser, the service's own note from those words, one
 * suggested code accepted, signed, read back in the chart. The services are the strict sandboxes, to which the local scribe
 * lends its ears. No secret may reach the browser: not in an answer, on its disk, in the console or in the built app.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Page } from "@playwright/test";
import { chartOf } from "./chart.ts";
import * as clinician from "./clinician.ts";
import { expect, test, type Sitting } from "./fixtures.ts";
import {
  askEveryRoute,
  bearersIn,
  builtApp,
  defaultSecrets,
  filesIn,
  leaksIn,
  listenTo,
  type Told,
} from "./secrets.ts";
import { type ServiceForm, takenAt, tokensFrom } from "./services.ts";
import { chestPain, missingFrom } from "./visits.ts";
import type { World } from "./world.ts";

type Form = { name: string; service: ServiceForm; takes: "pieces" | "one file"; isTold: boolean };

/** `isTold`: the service says by a signed webhook that it has ended; form C has none and is polled. */
const forms: Form[] = [
  { name: "MedScribeAlliance form A", service: "msa-a", takes: "pieces", isTold: true },
  { name: "MedScribeAlliance form B", service: "msa-b", takes: "pieces", isTold: true },
  { name: "MedScribeAlliance form C", service: "msa-c", takes: "pieces", isTold: false },
  { name: "OMSIF rev 1, async", service: "omsif-1", takes: "one file", isTold: true },
  { name: "OMSIF rev 2, chunked", service: "omsif-2", takes: "pieces", isTold: true },
];

const { patient } = chestPain;
const hears = { sound: { visit: chestPain.name }, leadInSeconds: 8 };

for (const form of forms) {
  test.describe(form.name, () => {
    test.use({ service: form.service, hasCodes: true });
    test("a spoken visit becomes a signed note with an accepted code; no secret reaches the browser", async ({
      world,
      sitDown,
    }) => {
      const room = await sitDown({ profile: "room-1", hears });
      const heard = listenTo(room.page);
      await speakAndDraft(world, room);
      await isReadFrom(world, room.page, form);
      await refusesCodesForTooMuch(room.page);
      await acceptsOneCode(room.page);
      await isFiledAndVerified(world, room.page);
      const told = [
        ...(await askEveryRoute(room.page, world.origin, clinician.visitIdOn(room.page))),
        ...(await heard.all()),
      ];
      const tokens = await tokensFrom(world.serviceUrl, form.service);
      await room.close();
      holdsNoSecret(world, told, { tokens, complaints: room.complaints });
    });
  });
}

async function speakAndDraft(world: World, { page, microphoneSeconds }: Sitting): Promise<void> {
  await clinician.signIn(page, world.origin, chestPain.clinician);
  await clinician.prepareVisit(page, patient);
  await clinician.startRecording(page);
  await clinician.recordedFor(page, Math.ceil(microphoneSeconds));
  await clinician.stopRecording(page);
  await clinician.openDraft(page);
}

/** The draft says what was spoken, and the service holds each piece once. */
async function isReadFrom(world: World, page: Page, { service, takes, isTold }: Form): Promise<void> {
  expect(missingFrom(await clinician.readNote(page), chestPain)).toEqual([]);
  await expect(page.getByText("Sandbox scribe").first()).toBeVisible();
  const [taken, ...others] = await takenAt(world.serviceUrl, service);
  expect(others).toEqual([]);
  expect(taken?.files).toBeGreaterThanOrEqual(takes === "pieces" ? 4 : 1);
  expect(taken?.files).toBeLessThanOrEqual(takes === "pieces" ? 12 : 1);
  expect(taken?.stores).toBe(taken?.files);
  expect(announcementsIn(world) > 0).toBe(isTold);
}

/** A note of more than 50 KB is not sent: it is said in words, and shortened again it is coded. */
async function refusesCodesForTooMuch(page: Page): Promise<void> {
  const more = "The patient was told so once more. ".repeat(1500);
  await clinician.rewrite(page, "Plan", (text) => `${text}\n${more}`);
  await page.getByRole("button", { name: "Suggest codes" }).click();
  await expect(page.getByText("The note is too long for the code service")).toBeVisible();
  await expect(page.getByText(/It reads 50 KB of text.*Shorten the note, or sign it without codes/u)).toBeVisible();
  await clinician.rewrite(page, "Plan", (text) => text.replace(`\n${more.trimEnd()}`, "").replace(more, ""));
}

/** Nothing is in the Assessment by itself: of two suggestions only the accepted one is. */
async function acceptsOneCode(page: Page): Promise<void> {
  const assessment = page.getByRole("region", { name: "Assessment", exact: true });
  await page
    .getByRole("button", { name: /Suggest codes|Try again/u })
    .first()
    .click();
  const accept = page.getByRole("button", { name: "Accept I10" });
  await expect(accept).toBeVisible();
  await expect(page.getByRole("button", { name: "Accept R07.9" })).toBeVisible();
  await expect(assessment).not.toContainText("I10");
  await accept.click();
  await expect(page.getByRole("button", { name: "Undo I10" })).toBeVisible();
  await expect(assessment).toContainText("I10");
}

/** One SOAP note under one encounter, with the accepted code and no other. */
async function isFiledAndVerified(world: World, page: Page): Promise<void> {
  const before = await chartOf(world.chartUrl, patient);
  await clinician.signAndFile(page);
  const { soapNotes, encounters } = await chartOf(world.chartUrl, patient);
  expect(soapNotes).toHaveLength(before.soapNotes.length + 1);
  expect(encounters).toHaveLength(before.encounters.length + 1);
  const note = soapNotes.at(-1);
  expect(note?.plan).toMatch(/aspirin.*81 mg/iu);
  expect(note?.plan).not.toContain("once more");
  expect(note?.assessment).toContain("ICD-10 I10: Essential (primary) hypertension");
  expect(note?.assessment).not.toContain("R07.9");
}

type Search = { tokens: Record<string, string>; complaints: readonly string[] };

/** The search finds what is there, and of the secrets nothing is. */
function holdsNoSecret(world: World, told: readonly Told[], { tokens, complaints }: Search): void {
  const kept = filesIn(join(world.folder, "profiles", "room-1"));
  expect(told.length).toBeGreaterThan(40);
  expect(leaksIn(told, { patient })).not.toEqual([]);
  expect(leaksIn(kept, { origin: new URL(world.origin).host })).not.toEqual([]);
  const seen = [...told, ...kept, ...filesIn(builtApp), { where: "console", text: complaints.join("\n") }];
  expect(leaksIn(seen, { ...world.secrets, ...defaultSecrets, ...tokens })).toEqual([]);
  expect(bearersIn(seen)).toEqual([]);
}

/** Genuine announcements that the clinic server took in. */
function announcementsIn(world: World): number {
  const database = new DatabaseSync(join(world.folder, "bff", "chartside.sqlite"), { readOnly: true });
  try {
    return Number(database.prepare("SELECT COUNT(*) AS n FROM webhook_inbox").get()?.["n"]);
  } finally {
    database.close();
  }
}
