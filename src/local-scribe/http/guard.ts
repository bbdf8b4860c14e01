import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { msaVersion } from "#protocol/medscribealliance.ts";
import { Refusal } from "#local-scribe/refusal.ts";

/** Lets a request in when it brings one of the keys (§5) and asks for a version that is spoken here (§3). */
export function guard(apiKeys: string[]): (request: FastifyRequest) => Promise<void> {
  const digests = apiKeys.map(digest);
  return async (request) => {
    const key = keyOf(request);
    if (key === undefined) throw new Refusal("authentication_failed", "An API key is needed in X-API-Key");
    const offered = digest(key);
    if (!digests.some((known) => timingSafeEqual(known, offered))) {
      throw new Refusal("invalid_api_key", "The API key is not known");
    }
    refuseOtherVersions(request.headers["msa-version"]);
  };
}

/** §5 names the header; examples elsewhere in the specification use `Authorization: Bearer` and `Authorization: X-API-Key`. */
function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers["x-api-key"];
  if (typeof key === "string" && key !== "") return key;
  return /^(?:Bearer|X-API-Key):? +(\S+)$/iu.exec(request.headers.authorization ?? "")?.[1];
}

function refuseOtherVersions(asked: string | string[] | undefined): void {
  if (asked === undefined || asked === msaVersion) return;
  throw new Refusal("unsupported_version", "This version is not spoken here", {
    requested_version: String(asked).slice(0, 20),
    supported_versions: [msaVersion],
  });
}

function digest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
