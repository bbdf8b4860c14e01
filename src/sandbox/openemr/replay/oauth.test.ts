/** The OAuth server against what real servers answered: sign-in, codes, refresh, logout, introspection, registration. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compare, createStage, linesOf, send } from "./replay.ts";
import type { Line, Sent, Stage } from "./replay.ts";
import { secret } from "./recorded-clinic.ts";
import { recordings } from "./recordings.ts";
import type { Recording } from "./recordings.ts";
import { challengeOf, exchange, refresh, signIn, startRequest, tokensFor } from "./visitor.ts";
import type { Tokens, Visit } from "./visitor.ts";

/** What stands between the requests: whose turn it is, and what was given out before. */
type Scene = {
  stage: Stage;
  cookie: string;
  csrf: string;
  /** Token sets by name. */
  tokens: Record<string, Tokens>;
};
/** Sets the scene before a request; may answer headers to send with it. */
type Preparation = (scene: Scene) => Promise<Record<string, string> | void>;

const loose = ["exp", "client_id_issued_at", "client_secret", "registration_access_token"];

function play(
  topic: string,
  preparations: Record<string, Preparation> = {},
  skip: (line: Line) => boolean = () => false,
): void {
  const recorded = recordings.filter((recording) => linesOf(recording, topic).length > 0);
  describe.each(recorded)(`$version: ${topic}`, (recording) => {
    const lines = linesOf(recording, topic);
    const notReplayed = new Set(recording.notReplayed);
    let scene: Scene;
    beforeAll(async () => {
      const stage = await createStage(recording, {
        startsAt: lines[0]!.at,
        nonce: recording.topicsWithNonce.includes(topic) ? "n-0" : undefined,
      });
      scene = { stage, cookie: "", csrf: "", tokens: {} };
    });
    afterAll(() => scene.stage.sandbox.close());

    test.each(lines.filter((line) => !skip(line) && !notReplayed.has(`${line.topic}: ${line.label}`)))(
      "$label",
      async (line) => {
        const { values } = scene.stage;
        values["client_secret"] = secret;
        const headers = (await preparations[line.label]?.(scene)) ?? {};
        const sent = await send(scene.stage, withScene(scene, line), { ...headers, ...cookieOf(scene) });
        await remember(scene, line, sent);
        expect(compare(line, sent, loose)).toEqual([]);
      },
    );
  });
}

function cookieOf({ cookie }: Scene): Record<string, string> {
  return cookie === "" ? {} : { cookie };
}

/** The page's own hidden field and our own challenge in place of the recorded ones; the bearer token of the scene. */
function withScene({ stage, csrf }: Scene, line: Line): Line {
  const { request } = line;
  const path = request.path.replace(
    /code_challenge=[^&]+/u,
    `code_challenge=${challengeOf(stage.values["code_verifier"] ?? "")}`,
  );
  const fields = request.body as Record<string, string> | undefined;
  const body = fields?.["csrf_token_form"] === undefined ? request.body : { ...fields, csrf_token_form: csrf };
  const authorization = request.headers["authorization"]?.replace("<jwt>", stage.values["jwt"] ?? "");
  const headers = { ...request.headers, ...(authorization !== undefined && { authorization }) };
  return { ...line, request: { ...request, path, headers, ...(body !== undefined && { body }) } };
}

/** Cookie, hidden field, code and tokens that the answer brought. */
async function remember(scene: Scene, line: Line, { response, text, body }: Sent): Promise<void> {
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  if (cookie?.startsWith("authserver") === true && line.label === "1 authorize") scene.cookie = cookie;
  scene.csrf = /name="csrf_token_form" value="(\w+)"/u.exec(text)?.[1] ?? scene.csrf;
  const code = new URL(response.headers.get("location") ?? "/", "http://here").searchParams.get("code");
  if (code !== null) scene.stage.values["def502…"] = code;
  if (line.label === "5 consent submit") scene.cookie = "";
  if (typeof body === "object" && body !== null && "access_token" in body) scene.tokens["latest"] = body as Tokens;
}

/** A fresh code, exchanged by the recorded request. */
function freshCode(changes: Partial<Visit> = {}, values: Record<string, string> = {}): Preparation {
  return async ({ stage }) => {
    const { code, verifier } = await signIn(stage.visit(changes));
    Object.assign(stage.values, { "def502…": code, code_verifier: verifier, ...values });
  };
}

function basicOf({ clientId }: Recording) {
  return { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}` };
}
const verifier = "a-verifier-of-the-replay-that-is-long-enough-for-rfc-7636";

const startOver: Preparation = async ({ stage }) => {
  stage.values["code_verifier"] = verifier;
};

const withLatestToken: Preparation = async ({ stage, tokens }) => {
  stage.values["jwt"] = tokens["latest"]?.access_token ?? "";
};

play("registration", {}, ({ label }) => label.startsWith("token before") || label.startsWith("authorize before"));
play("login-wrong-password", {
  "1 authorize": startOver,
  "3 login submit": async ({ stage }) => {
    stage.values["password"] = "not the password";
  },
});
play("consent-unticked", {
  "1 authorize": startOver,
  "patient with token lacking api:oemr": withLatestToken,
});
play("code-expiry", {
  "code exchanged after 64 s": async (scene) => {
    await freshCode()(scene);
    scene.stage.setTime(Date.parse(linesOf(scene.stage.recording, "code-expiry")[0]!.at) + 64_000);
  },
});
play("authorize-pkce-token", {
  "1 authorize": startOver,
  "access token still valid after code reuse?": withLatestToken,
  "wrong verifier": freshCode({}, { code_verifier: `${verifier}-other` }),
  "missing verifier": freshCode(),
  "short verifier": freshCode({}, { code_verifier: "short" }),
  "no client_secret (confidential client)": freshCode(),
  "wrong client_secret": freshCode({}, { client_secret: "wrong" }),
  "wrong redirect_uri": freshCode(),
  client_secret_basic: async (scene) => {
    await freshCode()(scene);
    return basicOf(scene.stage.recording);
  },
  "token JSON body": freshCode(),
  "no PKCE at all (confidential)": freshCode({ challenge: false }),
  "overlap: exchange first code after second login": async (scene) => {
    const first = await signIn(scene.stage.visit());
    await freshCode()(scene);
    const second = { ...scene.stage.values };
    Object.assign(scene.stage.values, {
      second: second["def502…"],
      "def502…": first.code,
      code_verifier: first.verifier,
    });
    scene.tokens["second"] = {
      access_token: "",
      scope: "",
      expires_in: 0,
      refresh_token: second["code_verifier"] ?? "",
    };
  },
  "overlap: exchange second code": async ({ stage, tokens }) => {
    Object.assign(stage.values, {
      "def502…": stage.values["second"],
      code_verifier: tokens["second"]?.refresh_token ?? "",
    });
  },
});

/** Signed in anew; the recorded request refreshes. */
function freshSession(changes: Partial<Visit> = {}, values: Record<string, string> = {}): Preparation {
  return async (scene) => {
    const tokens = await tokensFor(scene.stage.visit(changes));
    scene.tokens["before"] = tokens;
    Object.assign(scene.stage.values, { refresh_token: tokens.refresh_token, jwt: tokens.access_token, ...values });
  };
}

const withNewToken: Preparation = async ({ stage, tokens }) => {
  stage.values["jwt"] = tokens["latest"]?.access_token ?? "";
};

play("refresh", {
  "refresh ok": freshSession(),
  "new access token after refresh": withNewToken,
  "old refresh token reuse": async ({ stage, tokens }) => {
    stage.values["refresh_token"] = tokens["before"]?.refresh_token ?? "";
  },
  "second refresh with the rotated one": async ({ stage, tokens }) => {
    stage.values["refresh_token"] = tokens["latest"]?.refresh_token ?? "";
  },
  "garbage refresh": async ({ stage }) => {
    stage.values["refresh_token"] = "garbage";
  },
  "refresh without secret": freshSession(),
  "refresh with wrong secret": freshSession({}, { client_secret: "wrong" }),
  "refresh narrower scope": freshSession(),
  "refresh with other client": freshSession(),
  "refresh with basic only": async (scene) => {
    await freshSession()(scene);
    return basicOf(scene.stage.recording);
  },
  "two refreshes at once #2": async (scene) => {
    await freshSession()(scene);
    await refresh(scene.stage.visit(), scene.stage.values["refresh_token"] ?? "");
  },
  "two refreshes at once #1": freshSession(),
  "nonce session: api call": freshSession({ nonce: "n-1" }),
  "refresh of a session started WITH nonce": freshSession({ nonce: "n-2" }),
  "refresh of a session started WITH nonce, explicit scope without nonce": freshSession({ nonce: "n-3" }),
  "refresh with explicit same scope": freshSession(),
});

/** The recorded `jwt` of introspection is in its body. */
play("introspect", {
  "access token": freshSession(),
  "refresh token": async ({ stage, tokens }) => {
    stage.values["def502…"] = tokens["before"]?.refresh_token ?? "";
  },
  "wrong secret": async ({ stage }) => {
    stage.values["client_secret"] = "wrong";
  },
  "id token": async ({ stage, tokens }) => {
    stage.values["jwt"] = tokens["before"]?.id_token ?? "";
  },
  "access token after logout": async (scene) => {
    await freshSession()(scene);
    scene.stage.sandbox.controls.revokeLogin("drlee");
  },
});

/** In logout requests `<jwt>` is the id_token in the path and the access token in the header. */
const hintOf =
  (name: string): Preparation =>
  async ({ stage, tokens }) => {
    stage.values["jwt"] = tokens[name]?.id_token ?? "";
  };
const callOf =
  (name: string): Preparation =>
  async ({ stage, tokens }) => {
    stage.values["jwt"] = tokens[name]?.access_token ?? "";
  };
const signedInAs =
  (name: string, then: Preparation): Preparation =>
  async (scene) => {
    scene.tokens[name] = await tokensFor(scene.stage.visit());
    await then(scene);
  };
const refreshOf =
  (name: string): Preparation =>
  async ({ stage, tokens }) => {
    stage.values["refresh_token"] = tokens[name]?.refresh_token ?? "";
  };

play("logout", {
  "session 1 call after second login": async (scene) => {
    await signedInAs("one", callOf("one"))(scene);
    await signedInAs("two", callOf("one"))(scene);
  },
  "session 2 call": callOf("two"),
  "unregistered redirect": hintOf("two"),
  "api after bad-redirect logout": callOf("two"),
  "registered redirect": signedInAs("three", hintOf("three")),
  "access token after logout": callOf("three"),
  "other session (k1) after logout": callOf("one"),
  "refresh after logout": refreshOf("three"),
  "fhir after logout": callOf("three"),
  "same hint twice": hintOf("three"),
  "POST logout form": signedInAs("four", hintOf("four")),
  "api after POST logout": callOf("four"),
  "hint only": hintOf("four"),
});
play("logout-then-refresh", {
  logout: signedInAs("a", hintOf("a")),
  "refresh after logout": refreshOf("a"),
  "api with the token refreshed after logout": async (scene) => {
    scene.tokens["refreshed"] = scene.tokens["latest"]!;
    await callOf("refreshed")(scene);
  },
  "new login, then the token refreshed after the old logout": async (scene) => {
    await addPatients(scene);
    await signedInAs("b", callOf("refreshed"))(scene);
  },
  "old access token (pre-logout) after a new login": callOf("a"),
  "logout of session b": hintOf("b"),
  "session a call": callOf("refreshed"),
  "session a refresh": refreshOf("refreshed"),
  "session a call with refreshed token": callOf("latest"),
});
play("logout-then-login-again", {
  logout: signedInAs("old", hintOf("old")),
  "old access token after logout + new login (never called in between)": async (scene) => {
    await addPatients(scene);
    await signedInAs("new", callOf("old"))(scene);
  },
  "logout of the new session": hintOf("new"),
  "new access token after its logout": callOf("new"),
  "introspect it": callOf("new"),
  "second call": callOf("new"),
  "after yet another login": signedInAs("newest", callOf("new")),
});

/** Of these only the answers to what no grant type accepts; the password grant itself is not in the sandbox. */
play("password-grant", {}, ({ label }) => !["unknown grant", "no grant", "GET token"].includes(label));

async function addPatients({ stage }: Scene): Promise<void> {
  const headers = {
    authorization: `Bearer ${await stage.accessToken("admin", ["openid", "api:oemr", "user/patient.write"])}`,
    "content-type": "application/json",
  };
  const body = JSON.stringify({ fname: "Ana", lname: "Diaz", DOB: "1980-02-03", sex: "Female" });
  await fetch(`${stage.sandbox.url}/apis/default/api/patient`, { method: "POST", headers, body });
}

test.each(recordings)(
  "$version: a disabled client: the pages are shown, the code is worth nothing from 8.0 on, enabling it helps",
  async (recording) => {
    const stage = await createStage(recording, { startsAt: "2026-11-21T07:09:10Z" });
    const registered = await fetch(`${stage.sandbox.url}/oauth2/default/registration`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        application_type: "private",
        client_name: "Late",
        redirect_uris: ["http://localhost:5173/callback"],
        scope: recording.scopes.join(" "),
      }),
    });
    const { client_id: clientId, client_secret: clientSecret } = (await registered.json()) as Record<string, string>;
    const visit = stage.visit({ clientId: clientId!, clientSecret: clientSecret! });
    expect(await startRequest(visit, verifier)).toMatch(/^authserverOpenEMR=/u);
    expect((await exchange(visit, await signIn(visit))).status).toBe(recording.version === "7.0" ? 200 : 401);
    stage.sandbox.controls.enableClient(clientId!);
    expect((await exchange(visit, await signIn(visit))).status).toBe(200);
    await stage.sandbox.close();
  },
);
