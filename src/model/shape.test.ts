import { assert, oneof, property, string, uuid } from "fast-check";
import { expect, test } from "vitest";
import { isReceipt, Receipt } from "./chunk.ts";
import { isVisitId, VisitId } from "./id.ts";
import { isProblem, Problem, problem } from "./problem.ts";
import { hasShape } from "./shape.ts";

test("a field that is missing, null or of another kind is told", () => {
  const shape = { sequence: "number", sha256: "string", list: "object" } as const;
  expect(hasShape({ sequence: 1, sha256: "a", list: [], more: 1 }, shape)).toBe(true);
  for (const wrong of [null, undefined, 3, "x", {}, { sequence: "1", sha256: "a", list: [] }]) {
    expect(hasShape(wrong, shape)).toBe(false);
  }
  expect(hasShape({ sequence: 1, sha256: "a", list: null }, shape)).toBe(false);
});

test("a visit's id is one for both readers, or for none", () => {
  const text = oneof(
    uuid(),
    string(),
    uuid().map((id) => id.replace(/-/u, "")),
  );
  assert(property(text, (id) => isVisitId(id) === VisitId.safeParse(id).success));
});

test("so are a receipt and a problem", () => {
  const receipt = { sequence: 3, sha256: "ab".repeat(32), durationMs: 15_000, receivedAt: "2026-11-21T10:00:00Z" };
  const wrong = [{ sequence: -1 }, { sequence: 0.5 }, { sha256: "ab" }, { durationMs: 0 }, { receivedAt: "soon" }];
  for (const change of [{}, ...wrong]) {
    const told = { ...receipt, ...change };
    expect([change, isReceipt(told)]).toEqual([change, Receipt.safeParse(told).success]);
  }
  const told = problem("offline", { detail: "x" }).problem;
  for (const change of [{}, { code: "new_code" }, { code: 3 }, { retryAfterMs: "soon" }, { detail: 5 }]) {
    expect([change, isProblem({ ...told, ...change })]).toEqual([
      change,
      Problem.safeParse({ ...told, ...change }).success,
    ]);
  }
});
