/** The pages a user sees: sign-in and consent, in OpenEMR's manner, with its field names; they work without scripts. */
import { escape, layout } from "#sandbox/openemr/layout.ts";

type LoginView = {
  /** Which OpenEMR this one behaves like. */
  title: string;
  csrf: string;
  accounts: readonly { username: string; password: string; name: string }[];
  username?: string;
  problem?: string;
};

export function loginPage({ title, csrf, accounts, username = "", problem }: LoginView): string {
  const alert = problem === undefined ? "" : `<p class="problem" role="alert">${escape(problem)}</p>`;
  return layout(
    "OpenEMR Authorization",
    `<p class="which">It behaves like <strong>${escape(title)}</strong>.</p>
    <h2>Sign In</h2>${alert}
    <form method="post" action="/oauth2/default/login">
      <input type="hidden" name="csrf_token_form" value="${escape(csrf)}">
      <input type="hidden" name="email" value="">
      <label for="username">Username</label>
      <input id="username" name="username" value="${escape(username)}" autocomplete="username" autocapitalize="none" required autofocus>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required>
      <button type="submit" name="user_role" value="api">OpenEMR Login</button>
    </form>
    ${accountTable(accounts)}`,
  );
}

function accountTable(accounts: LoginView["accounts"]): string {
  if (accounts.length === 0) return "";
  const row = ({ name, username, password }: LoginView["accounts"][number]): string =>
    `<tr><td>${escape(name)}</td><td><code>${escape(username)}</code></td><td><code>${escape(password)}</code></td></tr>`;
  return `<table><caption>Demo accounts</caption>
    <thead><tr><th scope="col">Who</th><th scope="col">Username</th><th scope="col">Password</th></tr></thead>
    <tbody>${accounts.map(row).join("")}</tbody></table>`;
}

type ConsentView = {
  csrf: string;
  clientName: string;
  username: string;
  offered: { plain: string[]; resources: string[] };
};

export function consentPage({ csrf, clientName, username, offered }: ConsentView): string {
  const scopes = [...offered.plain, ...offered.resources];
  return layout(
    "Authorizing for Application",
    `<h2>Authorize</h2>
    <p><strong>${escape(clientName)}</strong> asks for access on behalf of <strong>${escape(username)}</strong>.
      Take away what it should not have.</p>
    <form method="post" action="/oauth2/default/device/code">
      <input type="hidden" name="csrf_token_form" value="${escape(csrf)}">
      <fieldset><legend>Permissions</legend>${scopes.map(field).join("")}</fieldset>
      <p class="buttons">
        <button type="submit" name="proceed" value="1">Authorize</button>
        <button type="submit" name="deny" value="1" class="quiet">Deny</button>
      </p>
    </form>`,
  );
}

/** `openid` cannot be taken away. */
function field(scope: string): string {
  const text = escape(scope);
  if (scope === "openid") return `<input type="hidden" name="scope[openid]" value="openid">`;
  return `<label class="scope"><input type="checkbox" name="scope[${text}]" value="${text}" checked> <code>${text}</code></label>`;
}

export function startAgainPage(): string {
  return layout(
    "OpenEMR Authorization",
    "<h2>Please start again</h2><p>This sign-in is over. Go back to the application and sign in from there.</p>",
  );
}
