/** Addresses of our own scripts, for the places that run one: a worker, the service worker. */

type TrustedTypes = {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
};

/** Where trusted types are enforced (CSP), such an address must come from this one policy. TypeScript's DOM does not know them. */
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy("chartside", { createScriptURL: sameOrigin });

/** The address as the browser will accept it; throws for a script of another origin. */
export function ownScript(url: string): string {
  return policy?.createScriptURL(url) ?? sameOrigin(url);
}

function sameOrigin(url: string): string {
  if (new URL(url, location.href).origin !== location.origin) throw new TypeError("not a script of this origin");
  return url;
}
