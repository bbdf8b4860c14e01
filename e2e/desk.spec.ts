/**
 * The front desk's day, from the queue to the calendar: booking, moving, cancelling, who waits, who declines, who is not
 * reached, who comes too early, and a patient who is not in the chart. Proved from the chart's own rows.
 */
import type { Page } from "@playwright/test";
import type { AppointmentView } from "#sandbox/openemr/chart-view.ts";
import { chartOf, patientsOf } from "./chart.ts";
import * as clinician from "./clinician.ts";
import { askForFollowUps } from "./desk-rows.ts";
import { expect, quiet, type SitDown, test } from "./fixtures.ts";
import type { World } from "./world.ts";

/** What stands in OpenEMR of what the desk booked for a patient. */
async function booked(
  world: World,
  patient: string,
): Promise<Pick<AppointmentView, "date" | "startTime" | "comment">[]> {
  const { appointments } = await chartOf(world.chartUrl, patient);
  return appointments
    .filter(({ comment, status }) => comment.startsWith("Booked with Chartside") && status !== "x")
    .map(({ date, startTime, comment }) => ({ date, startTime, comment }));
}

function whenOf(row: { date: string; startTime: string } | undefined): string {
  return `${row?.date ?? "no date"} ${row?.startTime ?? ""}`;
}

const times = (page: Page) => page.locator("button[aria-pressed][aria-label*=', ']");

async function open(page: Page, patient: string): Promise<void> {
  await page
    .getByRole("row", { name: new RegExp(patient, "u") })
    .first()
    .click();
  await expect(page.getByRole("region", { name: "Patient", exact: true })).toContainText(patient);
}

async function backToQueue(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Back to the queue" }).click();
  await expect(page.getByRole("heading", { name: "Follow-ups", level: 1 })).toBeVisible();
}

async function isBooked(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "Follow-up booked" })).toBeVisible();
}

/** Shows one list of the queue. */
async function show(page: Page, list: string): Promise<void> {
  await page
    .getByRole("radiogroup", { name: "Show" })
    .getByText(new RegExp(`^${list}`, "u"))
    .click();
}

const inTwoWeeks = [
  { patient: "Ada Quill", clinician: clinician.rivera, sentence: "Follow up in two weeks.", due: "2026-12-22" },
  { patient: "Tobias Fenwick", clinician: clinician.rivera, sentence: "Back in two weeks.", due: "2026-12-22" },
];

/** The front desk signs in at its own workstation. */
async function atTheDesk(world: World, sitDown: SitDown): Promise<Page> {
  const { page } = await sitDown({ profile: "desk", hears: quiet });
  await clinician.signIn(page, world.origin, clinician.desk);
  return page;
}

test("a follow-up is booked, found by its number, moved and cancelled; who waits gets the time", async ({
  world,
  sitDown,
}) => {
  askForFollowUps(world, inTwoWeeks);
  const page = await atTheDesk(world, sitDown);

  await open(page, "Tobias Fenwick");
  await page.getByText(/^On the waitlist/u).click();
  await expect(page.getByText(/Place 1 of those who wait/u)).toBeVisible();
  await backToQueue(page);

  await open(page, "Ada Quill");
  await times(page).first().click();
  await page.getByRole("button", { name: "Book this time" }).click();
  await isBooked(page);
  const [first, ...others] = await booked(world, "Ada Quill");
  expect(others).toEqual([]);
  const number = /Confirmation ([A-Z]{2}\d\d[A-Z]{2})\./u.exec(first?.comment ?? "")?.[1] ?? "none";
  await expect(page.getByRole("region", { name: "Appointment slip" })).toContainText(number);

  await backToQueue(page);
  await isInCalendar(page, first?.date ?? "", "Ada Quill");
  await page.getByRole("tab", { name: "Queue" }).click();
  await page.getByRole("searchbox", { name: "Find a follow-up" }).fill(number.toLowerCase());
  await page.getByRole("button", { name: "Open booking" }).click();
  await page.getByRole("button", { name: "Move to another time" }).click();
  await times(page).last().click();
  await page.getByRole("button", { name: "Move to this time" }).click();
  await isBooked(page);
  const [moved, ...more] = await booked(world, "Ada Quill");
  expect(more).toEqual([]);
  expect(moved).not.toMatchObject({ date: first?.date, startTime: first?.startTime });
  expect(moved?.comment).toContain(number);

  await page.getByRole("button", { name: "Cancel this appointment" }).click();
  await page.getByRole("alertdialog").getByText("The patient cancelled").click();
  await page.getByRole("button", { name: "Cancel appointment" }).click();
  await expect(page.getByRole("heading", { name: "Book the follow-up" })).toBeVisible();
  expect(await booked(world, "Ada Quill")).toEqual([]);
  await expect(page.getByRole("list", { name: "What happened so far" })).toContainText("the patient cancelled");

  await backToQueue(page);
  await open(page, "Tobias Fenwick");
  await page.getByRole("status").filter({ hasText: "A time came free" }).getByRole("button").first().click();
  await page.getByRole("button", { name: "Book this time" }).click();
  await isBooked(page);
  const [got, ...none] = await booked(world, "Tobias Fenwick");
  expect(none).toEqual([]);
  // Both the time that was moved from and the one that was cancelled came free.
  expect([first, moved].map(whenOf)).toContain(whenOf(got));
});

/** The day of everybody and the week of the clinician both show it. */
async function isInCalendar(page: Page, date: string, patient: string): Promise<void> {
  await page.getByRole("tab", { name: "Calendar" }).click();
  await page.getByLabel("Date", { exact: true }).fill(date);
  const entry = page.getByRole("button", { name: new RegExp(`${patient}.*booked here`, "u") });
  await expect(entry).toBeVisible();
  await page.getByRole("radiogroup", { name: "View" }).getByText("Week").click();
  await expect(page.getByRole("region", { name: /^Week of/u })).toBeVisible();
  await entry.click();
  await expect(page.getByRole("dialog")).toContainText(patient);
  await expect(page.getByRole("dialog").getByRole("link", { name: "Open the follow-up" })).toBeVisible();
  await page.keyboard.press("Escape");
}

test("who declines, who is not reached and who comes too early each stand on their list; nothing is booked", async ({
  world,
  sitDown,
}) => {
  askForFollowUps(world, [
    ...inTwoWeeks,
    { patient: "Linh Tran", clinician: clinician.rivera, sentence: "See me in four months.", due: "2027-04-08" },
  ]);
  const page = await atTheDesk(world, sitDown);

  await open(page, "Ada Quill");
  const story = page.getByRole("list", { name: "What happened so far" });
  for (const count of [1, 2]) {
    await page.getByRole("button", { name: "Could not reach" }).click();
    await expect(story.getByRole("listitem")).toHaveCount(count);
  }
  await backToQueue(page);
  await expect(page.getByRole("row", { name: /Ada Quill/u })).toContainText("2 calls unanswered");

  await open(page, "Tobias Fenwick");
  await page.getByRole("button", { name: "Patient declined" }).click();
  await page.getByLabel("What the patient said").fill("Feels well again.");
  await page.getByRole("button", { name: "Mark as declined" }).click();
  await expect(page.getByRole("heading", { name: "Follow-up declined" })).toBeVisible();
  await expect(story).toContainText("“Feels well again.”");
  await backToQueue(page);
  await expect(page.getByRole("row", { name: /Tobias Fenwick/u })).toHaveCount(0);
  await show(page, "Declined");
  await open(page, "Tobias Fenwick");
  await page.getByRole("button", { name: "Open again" }).click();
  await expect(page.getByRole("heading", { name: "Book the follow-up" })).toBeVisible();
  await backToQueue(page);

  await show(page, "Recall list");
  await open(page, "Linh Tran");
  await expect(page.getByText(/From Thursday, 4 February 2027 on/u)).toBeVisible();
  await expect(times(page)).toHaveCount(0);
  for (const patient of ["Ada Quill", "Tobias Fenwick", "Linh Tran"]) expect(await booked(world, patient)).toEqual([]);
});

test("a patient who is not in the chart is registered once; who is alike is shown first", async ({
  world,
  sitDown,
}) => {
  const page = await atTheDesk(world, sitDown);
  const register = async (lastName: string, birthDate: string): Promise<void> => {
    await page.getByRole("button", { name: "Find or register a patient" }).click();
    await page.getByRole("button", { name: "New patient" }).click();
    await page.getByLabel("First name").fill("Adah");
    await page.getByLabel("Last name").fill(lastName);
    await page.getByLabel("Birth date").fill(birthDate);
    await page.getByRole("button", { name: /^Sex|Sex$/u }).click();
    await page.getByRole("option", { name: "Female" }).click();
    await page.getByRole("button", { name: "Register", exact: true }).click();
  };
  const before = await patientsOf(world.chartUrl);

  await register("Quill", "1961-05-14");
  await page.getByRole("row", { name: /Ada Quill/u }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await patientsOf(world.chartUrl)).toEqual(before);

  await register("Quill", "1961-05-14");
  await page.getByRole("button", { name: "None of them: register" }).click();
  await expect(page.getByText(/Adah Quill is in the chart, record \d+/u).first()).toBeVisible();
  const made = (await patientsOf(world.chartUrl)).filter(({ pid }) => !before.some((known) => known.pid === pid));
  expect(made).toMatchObject([{ name: "Adah Quill", birthDate: "1961-05-14" }]);
});
