import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { type App, AppContext } from "#app/app-context.ts";
import type { Gap } from "#model/recording.ts";
import { FoldedTimeline, Timeline } from "./timeline.tsx";

const start = Date.parse("2026-11-21T14:00:00Z");
const gaps = (count: number): Gap[] =>
  Array.from({ length: count }, (_, minute) => {
    const startedAt = start + minute * 60_000;
    return { reason: "suspended" as const, atMs: minute * 60_000, startedAt, lengthMs: 80 };
  });

function linesOf(timeline: ReactNode): string[] {
  const app = { bootstrap: { clinic: { timeZone: "UTC" } } } as App;
  const html = renderToStaticMarkup(<AppContext value={app}>{timeline}</AppContext>);
  return html.split("<li").slice(1);
}

test("two hours of dropouts: the page holds the newest lines and offers the rest", () => {
  const timeline = <Timeline gaps={gaps(120)} moments={[]} />;
  const lines = linesOf(timeline);
  expect(lines).toHaveLength(12);
  expect(lines[0]).toContain("15:59:00");
  expect(lines.at(-1)).toContain("15:48:00");
  expect(lines.at(-1)).toContain("Show all 120");
});

test("a few are all there, and nothing is offered", () => {
  const lines = linesOf(<Timeline gaps={gaps(12)} moments={[]} />);
  expect(lines).toHaveLength(12);
  expect(lines.at(-1)).not.toContain("Show all");
});

test("beside the note, folded, all of them are there", () => {
  expect(linesOf(<FoldedTimeline gaps={gaps(120)} moments={[]} />)).toHaveLength(120);
});
