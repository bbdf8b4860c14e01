import { expect, test } from "vitest";
import { createToken } from "./credentials.ts";
import { createFakeWaiting, createFakeWire } from "./fake-wire.ts";

const client = { tokenUrl: "https://id.example.org/token", clientId: "chartside", clientSecret: "s3cret" };
const secret = "client_id=chartside&client_secret=s3cret";

function setUp() {
  const wire = createFakeWire();
  const waiting = createFakeWaiting();
  const credentials = createToken(wire.send, waiting, client);
  /** Answers the next request to the provider; resolves with what it was. */
  const answer = async (status: number, body: object): Promise<unknown> => {
    const { request, respondWith } = await wire.nextRequest();
    respondWith({ status, body });
    return request.body;
  };
  const shown = async (asked: Promise<Record<string, string>>) => (await asked)["authorization"];
  return { wire, waiting, credentials, answer, shown };
}

test("a refresh token is shown for the next token, each once; refused, the secret is shown again", async () => {
  const { waiting, credentials, answer, shown } = setUp();
  const first = credentials.headers();
  const one = { access_token: "one", expires_in: 100, refresh_token: "r1" };
  expect(await answer(200, one)).toBe(`grant_type=client_credentials&${secret}`);
  expect(await shown(first)).toBe("Bearer one");
  waiting.advance(80_000);
  const second = credentials.headers();
  const two = { access_token: "two", expires_in: 100, refresh_token: "r2" };
  expect(await answer(200, two)).toBe(`grant_type=refresh_token&refresh_token=r1&${secret}`);
  expect(await shown(second)).toBe("Bearer two");
  waiting.advance(80_000);
  const third = credentials.headers();
  expect(await answer(400, { error: "invalid_grant" })).toBe(`grant_type=refresh_token&refresh_token=r2&${secret}`);
  expect(await answer(200, { access_token: "three" })).toBe(`grant_type=client_credentials&${secret}`);
  expect(await shown(third)).toBe("Bearer three");
  credentials.renew();
  const fourth = credentials.headers();
  expect(await answer(200, { access_token: "four" })).toBe(`grant_type=client_credentials&${secret}`);
  expect(await shown(fourth)).toBe("Bearer four");
});

test("a provider that is down is not a refusal: the refresh token is shown again the next time", async () => {
  const { waiting, credentials, answer, shown } = setUp();
  const first = credentials.headers();
  await answer(200, { access_token: "one", expires_in: 100, refresh_token: "r1" });
  await first;
  waiting.advance(80_000);
  const second = credentials.headers().catch((thrown: unknown) => thrown);
  await answer(503, {});
  expect(await second).toMatchObject({ problem: { code: "scribe_down" } });
  const third = credentials.headers();
  expect(await answer(200, { access_token: "two" })).toContain("refresh_token=r1");
  expect(await shown(third)).toBe("Bearer two");
});

test("however many wait, the provider is asked once", async () => {
  const { wire, credentials, answer } = setUp();
  const asked = [credentials.headers(), credentials.headers(), credentials.headers()];
  await answer(200, { access_token: "one" });
  await Promise.all(asked);
  expect(wire.pending()).toBe(0);
});
