/**
 * Sign-in with OpenEMR: authorization code + PKCE by oidc-client-ts, the code exchanged at our own server, which holds the
 * tokens. The page never sees one: the answer says "held". What survives a reload: the PKCE verifier, in sessionStorage.
 */
import { problem } from "#model/problem.ts";
import type { Bootstrap } from "#protocol/bff.ts";
import type { LaunchAsked } from "#protocol/bff-launch.ts";
import { ErrorResponse, InMemoryWebStorage, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { Bff } from "#app/bff.ts";

/** All metadata is given: the library would fetch OpenEMR's discovery otherwise, which the CSP refuses. */
export function createUserManager({ oidc }: Bootstrap): UserManager {
  return new UserManager({
    authority: oidc.authority,
    metadata: {
      issuer: oidc.authority,
      authorization_endpoint: oidc.authorizationEndpoint,
      token_endpoint: `${location.origin}/auth/token`,
    },
    client_id: oidc.clientId,
    response_type: "code",
    redirect_uri: `${location.origin}/callback`,
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    fetchRequestCredentials: "same-origin",
    extraHeaders: { "x-bff": "1" },
    loadUserInfo: false,
    automaticSilentRenew: false,
    monitorSession: false,
  });
}

/** Leaves for OpenEMR's login; comes back at /callback. `returnTo` is a path of ours. */
export async function signInByRedirect(bootstrap: Bootstrap, bff: Bff, returnTo: string): Promise<void> {
  const { nonce, scope } = await bff.beginSignIn();
  await createUserManager(bootstrap).signinRedirect({ nonce, scope, state: returnTo });
}

/** The same, opened from OpenEMR's page of a patient: comes back before that patient's visit. Failures: `launch_refused`, `launch_used`. */
export async function signInForPatient(bootstrap: Bootstrap, bff: Bff, asked: LaunchAsked): Promise<void> {
  const { nonce, scope, aud = "" } = await bff.beginSignIn(asked);
  const extraQueryParams = { launch: asked.launch, aud };
  await createUserManager(bootstrap).signinRedirect({ nonce, scope, state: launchedPath, extraQueryParams });
}

/** Where the patient whose page opened us is shown before the visit. */
export const launchedPath = "/start/launched";

/**
 * Signs in again in a second window while this one goes on. OpenEMR's page cuts the tie between the windows (COOP), so the
 * window looks closed at once: only `signal` ends the waiting. Failures: `sign_in_failed`.
 */
export async function signInByPopup(bootstrap: Bootstrap, bff: Bff, signal: AbortSignal): Promise<void> {
  const manager = createUserManager(bootstrap);
  const { nonce, scope } = await bff.beginSignIn();
  try {
    await manager.signinPopup({ nonce, scope, popupAbortOnClose: false, popupSignal: signal });
  } catch (thrown) {
    throw problem("sign_in_failed", { detail: signal.aborted ? "cancelled" : "popup" }, thrown);
  }
}

export type CallbackResult =
  | { kind: "signed_in"; returnTo: string }
  /** This is the second window: its opener goes on. */
  | { kind: "handed_over" }
  | { kind: "not_allowed" }
  | { kind: "failed" };

/** Finishes what /callback was opened for. */
export async function finishSignIn(bootstrap: Bootstrap, url: string): Promise<CallbackResult> {
  const manager = createUserManager(bootstrap);
  try {
    if (!(await beganHere(manager, url))) {
      await manager.signinPopupCallback(url);
      return { kind: isRefused(url) ? "not_allowed" : "handed_over" };
    }
    const user = await manager.signinRedirectCallback(url);
    return { kind: "signed_in", returnTo: pathOf(user.state) };
  } catch (thrown) {
    const isRefusal = thrown instanceof ErrorResponse && thrown.error === "access_denied";
    return { kind: isRefusal ? "not_allowed" : "failed" };
  }
}

function isRefused(url: string): boolean {
  return new URL(url).searchParams.get("error") === "access_denied";
}

/** The verifier of a popup sign-in lies in the opener's sessionStorage, that of a redirect in ours. */
async function beganHere(manager: UserManager, url: string): Promise<boolean> {
  const state = new URL(url).searchParams.get("state");
  if (state === null) return true;
  const stored: unknown = await manager.settings.stateStore.get(state);
  return stored !== null && stored !== undefined;
}

/** Only a path of this app; anything else is the start page. */
export function pathOf(state: unknown): string {
  return typeof state === "string" && /^\/(?![/\\])/u.test(state) && !state.startsWith("/callback") ? state : "/";
}
