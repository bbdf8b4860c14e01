/** The scribe of the settings, reached over the server's own connections. */
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "#bff/config.ts";
import { systemClock } from "#model/clock.ts";
import { createSandboxMsa, sandboxClient } from "#sandbox/msa/sandbox.ts";
import { createSandboxOmsif } from "#sandbox/omsif/sandbox.ts";
import { createUpstreams } from "./upstreams.ts";

function upstreamsWith(settings: Record<string, string>) {
  const upstreams = createUpstreams(readConfig({ OPENEMR_URL: "http://127.0.0.1:9", ...settings }), systemClock);
  onTestFinished(() => upstreams.close());
  return upstreams;
}

test("the first service of the list is used, with its token, and is up", async () => {
  const sandbox = await createSandboxMsa({ form: "C", post: async () => {} });
  onTestFinished(() => sandbox.close());
  const first = {
    name: "First",
    url: `${sandbox.url}/voice/v1`,
    oidc: { tokenUrl: sandbox.tokenUrl, ...sandboxClient },
  };
  const second = { name: "Second", url: "http://127.0.0.1:9", key: "sk" };
  const { scribes, health } = upstreamsWith({ SCRIBE_SERVICES: JSON.stringify([first, second]) });
  expect(scribes.choose()).toBe("First");
  expect(await scribes.of("First").open("visit.1")).toMatchObject({ form: "path" });
  expect(await health()).toEqual({ openemr: "down", scribe: "up" });
});

test("SCRIBE_URL may be an OMSIF service; one that is away is down", async () => {
  const sandbox = await createSandboxOmsif({ revision: 2, post: async () => {} });
  onTestFinished(() => sandbox.close());
  const settings = { SCRIBE_URL: sandbox.url, SCRIBE_API_KEY: "sk_test_sandbox" };
  const { scribes, health } = upstreamsWith(settings);
  expect(await scribes.of(scribes.choose()).abilities()).toMatchObject({ protocol: "OMSIF 1.0 rev 2" });
  expect(await health()).toMatchObject({ scribe: "up" });
  sandbox.controls.goDown();
  expect(await upstreamsWith(settings).health()).toMatchObject({ scribe: "down" });
});
