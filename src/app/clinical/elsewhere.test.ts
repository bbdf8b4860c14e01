import { expect, test } from "vitest";
import { problem } from "#model/problem.ts";
import type { ServiceView } from "#protocol/bff-services.ts";
import { isInTrouble, noteOf, othersOf } from "./elsewhere.ts";

const service = (id: string, state: "up" | "down" = "up"): ServiceView => ({
  id,
  name: id,
  url: "https://scribe.example",
  state,
  breaker: "closed",
  protocol: "OMSIF 1.0 rev 2",
  wants: "chunks",
  model: null,
  maxChunkSeconds: 20,
  maxSessionSeconds: null,
  audioFormats: [],
  templates: [],
  webhooks: null,
  speechEngine: null,
  noteWriter: null,
});

test("the other services, those that answer first; before there is a session the first one counts as current", () => {
  const services = [service("a"), service("b", "down"), service("c")];
  expect(othersOf(services, "a").map(({ id }) => id)).toEqual(["c", "b"]);
  expect(othersOf(services, "c").map(({ id }) => id)).toEqual(["a", "b"]);
  expect(othersOf(services, null).map(({ id }) => id)).toEqual(["c", "b"]);
  expect(othersOf([service("a")], "a")).toEqual([]);
});

test("what a service is, in words", () => {
  expect(noteOf(service("a"))).toBe("OMSIF 1.0 rev 2");
  expect(noteOf(service("a", "down"))).toBe("OMSIF 1.0 rev 2, not answering now");
  expect(noteOf({ ...service("a"), wants: "whole_file" })).toBe("OMSIF 1.0 rev 2, takes the recording at the end");
});

test.each([
  [{ state: "failed" }, true],
  [{ state: "partly_ready" }, true],
  [{ state: "processing", problem: problem("scribe_down").problem }, true],
  [{ state: "processing" }, false],
  [{ state: "processing", problem: problem("scribe_session_expired").problem }, false],
  [{ state: "draft_ready" }, false],
  [{ state: "failed", signedAt: "2026-11-20T15:00:00Z" }, false],
] as const)("%j in trouble: %s", (visit, expected) => {
  expect(isInTrouble({ problem: null, signedAt: null, ...visit })).toBe(expected);
});
