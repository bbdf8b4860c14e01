/** The search for secrets is searched: it finds what it has to find. */
import { expect, test } from "vitest";
import { bearersIn, createSecrets, leaksIn, routesInSource } from "./secrets.ts";

const secrets = { ...createSecrets(), codify: "k/1+secret of codes" };
const at = (text: string) => [{ where: "/api/services", text }];

test.each([
  ["as it is", secrets.codify],
  ["in a query", encodeURIComponent(secrets.codify)],
  ["as base64", Buffer.from(secrets.codify).toString("base64")],
])("a secret is found %s, with its name and place", (_face, text) => {
  expect(leaksIn(at(`{"key":"${text}"}`), secrets)).toContain("codify in /api/services");
  expect(leaksIn(at(`{"key":"${text.slice(1)}"}`), secrets)).toEqual([]);
});

test("tokens of OpenEMR's kind are found, its codes are not", () => {
  const part = Buffer.from(JSON.stringify({ typ: "JWT", alg: "RS256" })).toString("base64url");
  expect(bearersIn(at(`"access_token":"${part}.${part}.signature"`))).toEqual(["/api/services"]);
  expect(bearersIn(at(`def502${"0a".repeat(890)}`))).toEqual(["/api/services"]);
  expect(bearersIn(at(`?code=def502${"0a".repeat(930)}`))).toEqual([]);
});

test("the routes asked are those of the source", () => {
  const routes = routesInSource();
  expect(routes.length).toBeGreaterThan(40);
  expect(routes).toContainEqual({ method: "GET", path: "/api/services" });
  expect(routes).toContainEqual({ method: "PUT", path: "/api/visits/:visitId/audio" });
});
