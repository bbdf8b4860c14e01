import { expect, test } from "vitest";
import { problem } from "#model/problem.ts";
import type { Send } from "#openemr/send.ts";
import { createScopes, scopesFor } from "./scopes.ts";

const config = { OPENEMR_URL: "http://emr.example", OPENEMR_SITE: "default", OPENEMR_SCOPE: undefined };

function serverWith(listed: () => string[] | undefined) {
  const asked: string[] = [];
  const send: Send = async ({ url }) => {
    asked.push(url);
    const scopes = listed();
    if (scopes === undefined) throw problem("openemr_down");
    return { status: 200, headers: {}, body: JSON.stringify({ scopes_supported: scopes }) };
  };
  return { send, asked };
}

test("what only some servers have is asked for where it is listed, in one style", () => {
  expect(scopesFor([])).not.toContain("user/Appointment.read");
  expect(scopesFor(["user/Appointment.read", "user/Appointment.cruds"])).toContain("user/Appointment.read");
  const all = scopesFor(["user/Appointment.read", "user/Appointment.write", "user/Slot.read", "user/Schedule.read"]);
  expect(all).toEqual(expect.arrayContaining(["user/Appointment.write", "user/Slot.read"]));
  expect(all.filter((scope) => scope.startsWith("user/")).every((scope) => /\.(?:read|write)$/u.test(scope))).toBe(
    true,
  );
});

test("a server that is away is asked again; what it listed is kept for ten minutes and through an outage", async () => {
  let listed: string[] | undefined;
  let now = 0;
  const server = serverWith(() => listed);
  const scopes = createScopes({ config, send: server.send, clock: { now: () => now } });
  expect(await scopes.wanted()).not.toContain("Appointment.read");
  listed = ["user/Appointment.read"];
  expect(await scopes.wanted()).toContain("user/Appointment.read");
  expect(await scopes.wanted()).toContain("user/Appointment.read");
  expect(server.asked).toEqual(Array(2).fill("http://emr.example/oauth2/default/.well-known/openid-configuration"));
  now = 11 * 60_000;
  listed = undefined;
  expect(await scopes.wanted()).toContain("user/Appointment.read");
});

test("a setting is taken to the letter, and nobody is asked", async () => {
  const server = serverWith(() => []);
  const clock = { now: () => 0 };
  const scopes = createScopes({ config: { ...config, OPENEMR_SCOPE: "openid api:oemr" }, send: server.send, clock });
  expect(await scopes.wanted()).toBe("openid api:oemr");
  expect(server.asked).toEqual([]);
});
