/** The two discovery documents and the key, with what they claim wrongly (plain PKCE, userinfo, nested scopes). */
import { json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { issuer } from "./oauth-request.ts";
import { supportedScopes } from "./scopes.ts";

const responseTypes = [
  "code",
  "token",
  "id_token",
  "code token",
  "code id_token",
  "token id_token",
  "code token id_token",
];

export function openidConfiguration(site: Site): Answer {
  const base = issuer(site);
  return json(200, {
    issuer: base,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    jwks_uri: `${base}/jwk`,
    userinfo_endpoint: `${base}/userinfo`,
    registration_endpoint: `${base}/registration`,
    end_session_endpoint: `${base}/logout`,
    introspection_endpoint: `${base}/introspect`,
    scopes_supported: [...supportedScopes, ...site.profile.fhir.scopes].filter(site.profile.oauth.isKnownScope),
    response_types_supported: responseTypes,
    code_challenge_methods_supported: ["S256", "plain"],
    grant_types_supported: ["authorization_code", "password", "refresh_token"],
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["public"],
    claims_supported: (
      "profile email email_verified phone phone_verified family_name given_name fhirUser locale api:oemr api:fhir " +
      "api:port aud iat iss exp sub"
    ).split(" "),
    require_request_uri_registration: ["false"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_post"],
    token_endpoint_auth_signing_alg_values_supported: ["RS256", "RS384"],
    claims_locales_supported: ["en-US"],
    ui_locales_supported: ["en-US"],
  });
}

export function smartConfiguration(site: Site): Answer {
  const base = issuer(site);
  const document = {
    issuer: `${site.origin}/apis/default/fhir`,
    jwks_uri: `${base}/jwk`,
    authorization_endpoint: `${base}/authorize`,
    grant_types_supported: ["client_credentials", "authorization_code"],
    token_endpoint: `${base}/token`,
    capabilities: (
      "launch-ehr launch-standalone client-confidential-symmetric client-confidential-asymmetric client-public " +
      "context-banner context-ehr-patient context-style context-standalone-patient sso-openid-connect permission-user " +
      "permission-patient permission-offline permission-v1 permission-v2 authorize-post context-ehr-encounter"
    ).split(" "),
    code_challenge_methods_supported: ["S256"],
    scopes_supported: [[...supportedScopes, ...site.profile.fhir.scopes]],
    introspection_endpoint: `${base}/introspect`,
    token_endpoint_auth_methods_supported: ["client_secret_basic", "private_key_jwt"],
    response_types_supported: responseTypes,
  };
  return json(200, site.profile.oauth.smart(document, base));
}

/** One key, without `kid` and `alg`. */
export function jwk(site: Site): Answer {
  return json(200, { keys: [site.key.jwk] });
}
