import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Kept, KeptAnswer } from "./kept.ts";
import { keepAnswers, seedAnswers } from "./keep-answers.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const listOf = (date: string) => ({ date, fetchedAt: "2026-11-21T10:00:00.000Z", stale: false, rows: [] });

test("today's lists are kept when they change, another day's and other answers are not", async () => {
  const queryClient = new QueryClient();
  const written: (readonly KeptAnswer[])[] = [];
  const kept = { keepAnswers: async (_: string, answers: readonly KeptAnswer[]) => void written.push(answers) };
  const stop = keepAnswers({ queryClient, kept: kept as unknown as Kept, userId: "hale", today: () => "2026-11-21" });
  queryClient.setQueryData(["worklist", "2026-11-21", "mine"], listOf("2026-11-21"), { updatedAt: 7 });
  queryClient.setQueryData(["worklist", "2026-11-22", "mine"], listOf("2026-11-22"));
  queryClient.setQueryData(["visits"], { visits: [] }, { updatedAt: 8 });
  queryClient.setQueryData(["note", "1"], { text: "not this" });
  await vi.advanceTimersByTimeAsync(300);
  expect(written).toEqual([
    [
      { key: ["worklist", "2026-11-21", "mine"], value: listOf("2026-11-21"), at: 7 },
      { key: ["visits"], value: { visits: [] }, at: 8 },
    ],
  ]);
  stop();
  queryClient.setQueryData(["visits"], { visits: [] });
  await vi.advanceTimersByTimeAsync(300);
  expect(written).toHaveLength(1);
});

test("kept lists are shown with the time they were true, and one of another shape is left out", () => {
  const queryClient = new QueryClient();
  seedAnswers(queryClient, [
    { key: ["worklist", "2026-11-21", "all"], value: listOf("2026-11-21"), at: 7 },
    { key: ["visits"], value: { visits: "many" }, at: 8 },
    { key: ["note", "1"], value: {}, at: 9 },
  ]);
  expect(queryClient.getQueryData(["worklist", "2026-11-21", "all"])).toEqual(listOf("2026-11-21"));
  expect(queryClient.getQueryState(["worklist", "2026-11-21", "all"])?.dataUpdatedAt).toBe(7);
  expect(queryClient.getQueryState(["worklist", "2026-11-21", "all"])?.isInvalidated).toBe(true);
  expect(queryClient.getQueryData(["visits"])).toBeUndefined();
  expect(queryClient.getQueryData(["note", "1"])).toBeUndefined();
});
