/**
 * The three forms of version 0.1, which the version cannot tell apart: A (January 2026; index header, full data), B (file
 * names, results with a status), C (storage providers, path uploads, list templates).
 */
import type { MsaDiscovery } from "#protocol/medscribealliance-service.ts";
import type { MsaSessionCreated } from "#protocol/medscribealliance.ts";

export type Dialect = "A" | "B" | "C";

/** C alone names its storage; whether A or B is seen when a session is created. */
export function dialectOf(document: MsaDiscovery): Dialect | undefined {
  const { storage_provider: one, storage_providers: several } = document.capabilities;
  return one !== undefined || several !== undefined ? "C" : undefined;
}

/** Only B and C give an absolute upload address, or give `additional_data` back. */
export function looksLikeA(session: MsaSessionCreated): boolean {
  const { upload_url: url } = session;
  const isRelative = url === undefined || (typeof url === "string" && !/^[a-z]+:\/\//iu.test(url));
  return isRelative && session["additional_data"] === undefined;
}
