/** PKCE of a real exchange, on the versions that take `plain` and those that do not (traffic: authorize-pkce-token). */
import { onTestFinished, expect, test } from "vitest";
import { accounts, clientId, clientSecret } from "#sandbox/seed.ts";
import type { ProfileName } from "#sandbox/openemr/profiles/profile.ts";
import { challengeOf, exchange, signIn } from "#sandbox/openemr/replay/visitor.ts";
import type { Visit } from "#sandbox/openemr/replay/visitor.ts";
import { createSandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";

async function visitOf(profile: ProfileName, challengeMethod: "S256" | "plain"): Promise<Visit> {
  const sandbox = await createSandboxOpenEmr({ profile });
  onTestFinished(() => sandbox.close());
  const { username, password } = accounts[0];
  const client = { clientId, clientSecret, redirectUri: "http://localhost:3000/callback" };
  return { url: sandbox.url, username, password, ...client, scopes: ["openid", "api:oemr"], challengeMethod };
}

test("7.0.0 takes a plain challenge, and then the verifier itself: its hash is none", async () => {
  const visit = await visitOf("openemr-7.0.0", "plain");
  const signedIn = await signIn(visit);
  expect((await exchange(visit, { ...signedIn, verifier: challengeOf(signedIn.verifier) })).status).toBe(400);
  expect((await exchange(visit, signedIn)).status).toBe(200);
  const other = await signIn(visit);
  expect((await exchange(visit, { ...other, verifier: "v".repeat(43) })).status).toBe(400);
});

test("8.2 takes no plain challenge, and of S256 only the verifier", async () => {
  const plain = await visitOf("openemr-8.2", "plain");
  await expect(signIn(plain)).rejects.toThrow("login answered 400");
  const visit = await visitOf("openemr-8.2", "S256");
  const signedIn = await signIn(visit);
  expect((await exchange(visit, { ...signedIn, verifier: challengeOf(signedIn.verifier) })).status).toBe(400);
  expect((await exchange(visit, signedIn)).status).toBe(200);
});
