/** What every OAuth route gets: the site, the request, and the browser's sign-in in progress. */
import type { Incoming } from "#sandbox/openemr/incoming.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { systemUser } from "#sandbox/openemr/rows.ts";
import type { ClientRow, LaunchContext, UserRow } from "#sandbox/openemr/rows.ts";

/** A sign-in in progress in one browser, kept by its cookie. Not kept over a restart: the user starts the sign-in again. */
export type Browsing = {
  csrf: string;
  request?: {
    clientId: string;
    redirectUri: string;
    scopes: string[];
    state: string | undefined;
    codeChallenge: string | null;
    isPlainChallenge: boolean;
    nonce: string | null;
    launched?: LaunchContext;
  };
  userUuid?: string;
};

export type OAuthRequest = Incoming & { site: Site; browsing: Browsing };

export function issuer(site: Site): string {
  return `${site.origin}/oauth2/default`;
}

export function findClient(site: Site, clientId: string | undefined): ClientRow | undefined {
  return site.chart.clients.find((client) => client.clientId === clientId);
}

/** Whom a client without a user is taken for. */
const nobody: UserRow = {
  id: 0,
  uuid: systemUser,
  username: systemUser,
  password: "",
  role: "administrator",
  fname: null,
  lname: "System",
  npi: null,
  email: null,
  active: false,
};

export function findUser(site: Site, uuid: string | undefined): UserRow | undefined {
  if (uuid === systemUser) return nobody;
  return site.chart.users.find((user) => user.uuid === uuid);
}

/** Clinicians are practitioners, everybody else is a person: OpenEMR looks whether there is an NPI. */
export function fhirUser(site: Site, uuid: string): string {
  const npi = findUser(site, uuid)?.npi ?? "";
  return `${site.origin}/apis/default/fhir/${npi === "" ? "Person" : "Practitioner"}/${uuid}`;
}
