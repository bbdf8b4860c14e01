/** Who may ask, in which version, with which audio: §3, §5 and §7.2. */
import type { Asked, Told } from "#sandbox/scribe-request.ts";
import type { Site } from "./site.ts";
import { audioFormats, fault } from "./site.ts";

export function refusedVersion({ headers }: Asked): Told | undefined {
  const asked = headers["msa-version"];
  if (asked === undefined || asked === "0.1") return undefined;
  return fault(400, "unsupported_version", { requested_version: asked, supported_versions: ["0.1"] });
}

/** The `X-API-Key` header and nothing else. */
export function refusedKey({ key }: Site, { headers }: Asked): Told | undefined {
  const given = headers["x-api-key"];
  if (given === undefined) return fault(401, "authentication_failed");
  return given === key ? undefined : fault(401, "invalid_api_key");
}

/** Compared by type and parameters, spaces aside. */
export function isDeclared(type: string): boolean {
  const plain = type.toLowerCase().replace(/\s/gu, "");
  return audioFormats.includes(plain);
}
