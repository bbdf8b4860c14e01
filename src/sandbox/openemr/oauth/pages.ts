/** The pages a user sees: sign-in and consent, in OpenEMR's manner, with its field names; they work without scripts. */
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

function layout(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${style}</style></head>
<body><main><h1>OpenEMR</h1>
<p class="sandbox">This is a sandbox. It behaves like OpenEMR, and every patient in it is invented.</p>
${content}</main></body></html>`;
}

const style = `
:root { color-scheme: light dark; --line: #c3ccd5; --accent: #0b5f94; --quiet: #54616e; --card: #fff; --page: #e9eef3; --text: #18222c; }
@media (prefers-color-scheme: dark) { :root { --line: #44505c; --accent: #69b8e8; --quiet: #a9b6c2; --card: #1c242c; --page: #12181e; --text: #e8edf2; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 4vh 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 27rem; margin: 0 auto; padding: 1.75rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
h1 { margin: 0; color: var(--accent); font-size: 1.6rem; } h2 { margin: 1.25rem 0 .5rem; font-size: 1.2rem; }
.sandbox { margin: .5rem 0 0; padding: .5rem .75rem; border-left: .25rem solid #c77700; background: color-mix(in srgb, #c77700 12%, transparent); }
.which { margin: .5rem 0 0; color: var(--quiet); font-size: .9rem; }
.problem { padding: .5rem .75rem; border-left: .25rem solid #c0262d; background: color-mix(in srgb, #c0262d 12%, transparent); }
label { display: block; margin-top: .75rem; font-weight: 600; }
input:not([type=checkbox]) { width: 100%; padding: .55rem .65rem; font: inherit; border: 1px solid var(--line); border-radius: .35rem; }
button { margin-top: 1.1rem; padding: .6rem 1.1rem; font: inherit; font-weight: 600; color: var(--card); background: var(--accent); border: 1px solid var(--accent); border-radius: .35rem; cursor: pointer; }
button.quiet { color: var(--accent); background: transparent; } .buttons { display: flex; gap: .75rem; margin: 0; }
fieldset { max-height: 16rem; overflow: auto; padding: .25rem .75rem .5rem; border: 1px solid var(--line); border-radius: .35rem; }
.scope { margin-top: .3rem; font-weight: 400; }
table { width: 100%; margin-top: 1.5rem; border-collapse: collapse; font-size: .9rem; } caption { padding: .25rem 0; text-align: left; color: var(--quiet); }
th, td { padding: .25rem .25rem; border-top: 1px solid var(--line); text-align: left; }`;

function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replaceAll(/[&<>"']/gu, (character) => entities[character] ?? character);
}
