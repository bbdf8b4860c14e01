/** Where and how a new session wants its audio (§7.3), read from the shape of what creating it gave. */
import { problem } from "#model/problem.ts";
import type { MsaSessionCreated } from "#protocol/medscribealliance.ts";
import { MsaStorageForm } from "#protocol/medscribealliance.ts";
import type { ScribeJob } from "#scribe/scribe.ts";
import type { Dialect } from "./dialect.ts";

type Place = Pick<ScribeJob, "uploadUrl" | "form" | "fields">;

/** Throws `scribe_refused` for an address that is not HTTP, or that would send audio in the clear. */
export function placeOf(session: MsaSessionCreated, dialect: Dialect, baseUrl: string): Place {
  const given = session.upload_url;
  const place = typeof given === "object" ? storageOf(given) : addressOf(given, { session, dialect, baseUrl });
  const url = URL.canParse(place.uploadUrl) ? new URL(place.uploadUrl) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol)) {
    throw problem("scribe_refused", { detail: "upload_url is not an HTTP address" });
  }
  if (baseUrl.startsWith("https:") && url.protocol !== "https:") {
    throw problem("scribe_refused", { detail: "upload_url is not https" });
  }
  return place;
}

/** C: a POST policy of an object store. */
function storageOf(given: unknown): Place {
  const parsed = MsaStorageForm.safeParse(given);
  if (!parsed.success) throw problem("scribe_answer_unreadable", { detail: "upload_url" });
  const { url, fields } = parsed.data.uploadData;
  return { uploadUrl: url, form: "fields", fields };
}

type Address = { session: MsaSessionCreated; dialect: Dialect; baseUrl: string };

function addressOf(given: string | undefined, { session, dialect, baseUrl }: Address): Place {
  const isAbsolute = given !== undefined && /^[a-z]+:\/\//iu.test(given);
  const relative = given ?? `/sessions/${encodeURIComponent(session.session_id)}/audio`;
  const uploadUrl = isAbsolute ? given : resolved(relative, baseUrl);
  if (dialect === "A") return { uploadUrl, form: "numbered" };
  if (isPresigned(uploadUrl)) return { uploadUrl, form: "put" };
  return { uploadUrl, form: dialect === "C" ? "path" : "named" };
}

/** A relative upload address is meant below `base_url`, unless it repeats the base's path. */
function resolved(given: string, baseUrl: string): string {
  const basePath = new URL(baseUrl).pathname;
  if (basePath !== "/" && given.startsWith(`${basePath}/`)) return new URL(given, baseUrl).href;
  return `${baseUrl}/${given.replace(/^\/+/u, "")}`;
}

/** S3, Google and Azure each sign in the query. */
const signatures = ["x-amz-signature", "x-goog-signature", "signature", "sig"];

function isPresigned(url: string): boolean {
  if (!URL.canParse(url)) return false;
  return [...new URL(url).searchParams.keys()].some((name) => signatures.includes(name.toLowerCase()));
}
