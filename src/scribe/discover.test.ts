/** Which adapter speaks to a service: seen by what answers, over real HTTP. */
import { expect, onTestFinished, test } from "vitest";
import { sendByFetch } from "#commands/send-by-fetch.ts";
import { createSandboxMsa, sandboxClient } from "#sandbox/msa/sandbox.ts";
import { createSandboxOmsif } from "#sandbox/omsif/sandbox.ts";
import type { ScribeOptions } from "./discover.ts";
import { createScribe } from "./discover.ts";
import { createFakeWaiting, createFakeWire } from "./fake-wire.ts";

function scribeAt(url: string, more: Partial<ScribeOptions> = {}) {
  const waiting = createFakeWaiting();
  return createScribe({ url, protocol: "auto", apiKey: "sk_test_sandbox", send: sendByFetch, waiting, ...more });
}

const closing = <T extends { close(): Promise<void> }>(sandbox: T): T => {
  onTestFinished(() => sandbox.close());
  return sandbox;
};

test.each(["A", "B", "C"] as const)("MedScribeAlliance, form %s", async (form) => {
  const { url, tokenUrl } = closing(await createSandboxMsa({ form, post: async () => {} }));
  const scribe = form === "C" ? scribeAt(`${url}/voice/v1`, { oidc: { tokenUrl, ...sandboxClient } }) : scribeAt(url);
  expect(await scribe.abilities()).toMatchObject({ service: expect.stringContaining(`form ${form}`) });
  expect(await scribe.read(await scribe.open("visit.1"))).toMatchObject({ state: "receiving" });
});

test.each([1, 2] as const)("OMSIF, revision %i", async (revision) => {
  const { url } = closing(await createSandboxOmsif({ revision, post: async () => {} }));
  const scribe = scribeAt(url);
  expect(await scribe.abilities()).toMatchObject({ protocol: `OMSIF 1.0 rev ${revision}` });
  expect(await scribe.open("visit.1")).toMatchObject({ form: "numbered" });
});

test("a service that is down is asked again, and nothing is decided meanwhile", async () => {
  const sandbox = closing(await createSandboxMsa({ form: "B", post: async () => {} }));
  const scribe = scribeAt(sandbox.url);
  sandbox.controls.goDown();
  await expect(scribe.abilities()).rejects.toMatchObject({ problem: { code: "scribe_down" } });
  sandbox.controls.comeUp();
  expect(await scribe.abilities()).toMatchObject({ protocol: "MedScribeAlliance 0.1" });
});

test("an address where neither protocol lives is refused, and the words say so", async () => {
  const wire = createFakeWire();
  const scribe = scribeAt("https://x.example", { send: wire.send });
  const asked = scribe.abilities();
  for (const path of ["/.well-known/medscribealliance", "/capabilities", "/initialize"]) {
    const request = await wire.nextRequest();
    expect(request.request.url).toBe(`https://x.example${path}`);
    request.respondWith({ status: 404, body: "<html>" });
  }
  await expect(asked).rejects.toMatchObject({
    problem: { code: "scribe_refused", detail: "speaks no protocol that we know" },
  });
});

test("a named protocol and form go before looking", async () => {
  const wire = createFakeWire();
  const waiting = createFakeWaiting();
  const omsif = createScribe({
    url: "https://x.example/o",
    protocol: "omsif",
    form: "rev2",
    apiKey: "k",
    send: wire.send,
    waiting,
  });
  void omsif.abilities().catch(() => undefined);
  expect((await wire.nextRequest()).request.url).toBe("https://x.example/o/initialize");
  const msa = createScribe({
    url: "https://x.example",
    protocol: "medscribealliance",
    form: "A",
    apiKey: "k",
    send: wire.send,
    waiting,
  });
  void msa.open("visit.1").catch(() => undefined);
  const body = {
    protocol: "medscribealliance",
    protocol_version: "0.1",
    capabilities: { audio_formats: ["audio/wav"], max_chunk_duration_seconds: 20 },
  };
  (await wire.nextRequest()).respondWith({ status: 200, body });
  expect((await wire.nextRequest()).json()).toMatchObject({ language_hint: "en", include_transcript: true });
});
