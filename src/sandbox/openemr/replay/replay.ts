/**
 * Recorded requests, sent to a sandbox again. In: a line of `traffic/*.jsonl`. Out: how the sandbox's answer differs. Ids that
 * the sandbox gives out take the place of the recorded ones in later requests.
 */
import { existsSync, readFileSync } from "node:fs";
import { differences } from "./compare.ts";
import { password, recordedRedirectUri, replayWorld, secret, users } from "./recorded-clinic.ts";
import type { Recording } from "./recordings.ts";
import { createSandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import type { SandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import { tokensFor } from "./visitor.ts";
import type { Tokens, Visit } from "./visitor.ts";
import type { World } from "#sandbox/openemr/world.ts";

export type Line = {
  topic: string;
  label: string;
  at: string;
  request: { method: string; path: string; headers: Record<string, string>; body?: unknown };
  response: { status: number; type: string | null; location?: string; allowOrigin?: string; body: unknown };
  /** Of FHIR Appointment searches: the starts that were found. */
  starts?: string[];
};

export type Stage = {
  recording: Recording;
  sandbox: SandboxOpenEmr;
  /** Tells the sandbox what time it is. */
  setTime(instantMs: number): void;
  visit(changes?: Partial<Visit>): Visit;
  /** A token of this user with these scopes, made once. */
  accessToken(username: string, scopes?: readonly string[]): Promise<string>;
  forgetTokens(): void;
  /** Recorded ids and those of the sandbox. */
  ids: Map<string, string>;
  /** Takes the place of `<name>` in recorded bodies and paths. */
  values: Record<string, string>;
};

/** None when that server was not asked about the topic. */
export function linesOf({ version }: Recording, topic: string): Line[] {
  const file = new URL(`../traffic/${version}/${topic}.jsonl`, import.meta.url);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

type Setting = {
  startsAt: string;
  /** Sent with every sign-in. */
  nonce?: string | undefined;
  /** The recorded clinic without patients when absent. */ world?: World;
};

export async function createStage(recording: Recording, setting: Setting): Promise<Stage> {
  let nowMs = Date.parse(setting.startsAt);
  const { profile, clientId, scopes: recordedScopes, physician } = recording;
  const { world = replayWorld(recording) } = setting;
  const sandbox = await createSandboxOpenEmr({ profile, world, clock: { now: () => nowMs } });
  const tokens = new Map<string, Tokens>();
  const visit = (changes: Partial<Visit> = {}): Visit => ({
    url: sandbox.url,
    username: "drlee",
    password,
    clientId,
    clientSecret: secret,
    redirectUri: recordedRedirectUri,
    scopes: recordedScopes,
    ...(setting.nonce !== undefined && { nonce: setting.nonce }),
    ...changes,
  });
  return {
    recording,
    sandbox,
    visit,
    setTime: (instantMs) => {
      nowMs = instantMs;
    },
    accessToken: async (username, scopes = recordedScopes) => {
      const key = `${username} ${scopes.join(" ")}`;
      const made = tokens.get(key) ?? (await tokensFor(visit({ username, scopes })));
      tokens.set(key, made);
      return made.access_token;
    },
    forgetTokens: () => tokens.clear(),
    ids: new Map([[physician, users.find(({ username }) => username === "drlee")?.uuid ?? ""]]),
    values: { client_secret: secret, password },
  };
}

export type Sent = { response: Response; text: string; body: unknown };

/** Sends the request with the stage's ids and values in it. */
export async function send(stage: Stage, line: Line, headers: Record<string, string> = {}): Promise<Sent> {
  const { request } = line;
  const body = request.body === "<multipart>" ? multipart(line) : bodyOf(stage, request);
  const response = await fetch(stage.sandbox.url + filled(stage, translated(stage, request.path)), {
    method: request.method,
    headers: { ...request.headers, ...headers },
    redirect: "manual",
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return { response, text, body: parsed(text) };
}

function bodyOf(stage: Stage, { method, headers, body }: Line["request"]): string | URLSearchParams | undefined {
  if (body === undefined || method === "GET") return undefined;
  if (typeof body === "string") return body;
  const text = filled(stage, JSON.stringify(unpacked(body)));
  if (headers["content-type"]?.includes("json") === true) return text;
  return new URLSearchParams(JSON.parse(text) as Record<string, string>);
}

/** Parts were not recorded; the label tells which field had the wrong name. */
function multipart({ label }: Line): FormData {
  const form = new FormData();
  form.set(
    label === "field name file" ? "file" : "document",
    new File(["A note."], "note.txt", { type: "text/plain" }),
  );
  return form;
}

/** Long runs of one letter are kept as `{"$repeat": [letter, times]}`. */
function unpacked(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if ("$repeat" in value) {
    const [letter, times] = value.$repeat as [string, number];
    return letter.repeat(times);
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unpacked(part)]));
}

function filled(stage: Stage, text: string): string {
  return text.replaceAll(/<([\w…]+)>/gu, (whole, name: string) => stage.values[name] ?? whole);
}

function translated({ ids }: Stage, path: string): string {
  const uuids = path.replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gu, (uuid) => ids.get(uuid) ?? uuid);
  return uuids.replaceAll(
    /\/(encounter|document|vital)\/(\d+)/gu,
    (_whole, kind: string, number: string) => `/${kind}/${ids.get(`${kind} ${number}`) ?? number}`,
  );
}

/** Differences of status, media type, redirect, CORS header and body. */
export function compare(line: Line, sent: Sent, loose: readonly string[] = []): string[] {
  const { response, text, body } = sent;
  const { status, type, location, allowOrigin, body: recorded } = line.response;
  const header = (name: string): string | null => response.headers.get(name);
  const pairs: [what: string, recorded: unknown, here: unknown][] = [
    ["status", status, response.status],
    ["type", mediaType(type), mediaType(header("content-type"))],
    ["location", location && addressOf(location), location && addressOf(header("location") ?? "")],
    ["access-control-allow-origin", allowOrigin, allowOrigin && header("access-control-allow-origin")],
    ["page", isPage(recorded), text.startsWith("<!doctype html>")],
  ];
  const unequal = pairs.filter(([, one, other]) => one !== other);
  const found = unequal.map(([what, one, other]) => `${what}: ${String(one)} recorded, ${String(other)} here`);
  if (isPage(recorded) || isDatabaseError(recorded, text)) return found;
  const place = { path: "body", loose: new Set(loose), inList: false };
  return [...found, ...differences(parsedBody(recorded), body, place)];
}

/** `code` and `state` differ each time; the rest of an address must be the same. */
function addressOf(location: string): string {
  const url = new URL(location, "http://here");
  const query = [...url.searchParams].map(([name, value]) => (name === "code" ? name : `${name}=${value}`));
  const host = url.port === "5173" ? url.origin : "";
  return `${host}${url.pathname}?${query.filter((part) => !part.startsWith("state=")).join("&")}`;
}

function isPage(body: unknown): boolean {
  return typeof body === "string" && body.startsWith("[html page");
}

/** The database's complaint with a stack: that there is one is enough. */
function isDatabaseError(recorded: unknown, text: string): boolean {
  const start = "<h2><font color='red'>Query Error</font></h2>";
  return typeof recorded === "string" && recorded.startsWith(start) && text.startsWith(start);
}

/** Introspection answers JSON as text/html, so the recording may hold text. */
function parsedBody(body: unknown): unknown {
  return typeof body === "string" ? parsed(body) : body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function mediaType(type: string | null): string {
  return type?.split(";")[0]?.toLowerCase() ?? "";
}

/** Remembers which id of the sandbox stands for a recorded one. */
export function learnIds(stage: Stage, recorded: unknown, got: unknown): void {
  if (typeof recorded === "string" && typeof got === "string") {
    if (/^[\da-f]{8}-/u.test(recorded) && recorded !== got) stage.ids.set(recorded, got);
    return;
  }
  if (Array.isArray(recorded) && Array.isArray(got)) return learnDocument(stage, recorded[0], got[0]);
  if (!isRecord(recorded) || !isRecord(got)) return;
  learnNumbers(stage, recorded, got);
  for (const key of Object.keys(recorded)) learnIds(stage, recorded[key], got[key]);
}

type Fields = Record<string, unknown>;

function learnNumbers({ ids }: Stage, { encounter, vid }: Fields, got: Fields): void {
  if (typeof vid === "number") ids.set(`vital ${vid}`, String(got["vid"]));
  if (typeof encounter === "number") ids.set(`encounter ${encounter}`, String(got["encounter"]));
}

function learnDocument({ ids }: Stage, recorded: unknown, got: unknown): void {
  if (!isRecord(recorded) || !isRecord(got) || !("docdate" in recorded)) return;
  ids.set(`document ${String(recorded["id"])}`, String(got["id"]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
