import { expect, test } from "vitest";
import { pathOf } from "./user-manager.ts";

test("only paths of this app are returned to after sign-in", () => {
  expect(pathOf("/visits/1")).toBe("/visits/1");
  expect(pathOf("//evil.example")).toBe("/");
  expect(pathOf("/\\evil.example")).toBe("/");
  expect(pathOf("https://evil.example")).toBe("/");
  expect(pathOf("/callback?code=1")).toBe("/");
  expect(pathOf(undefined)).toBe("/");
});
