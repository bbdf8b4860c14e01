/**
 * `npm run openemr:register -- URL`: registers Chartside at an OpenEMR and says what is left for its administrator. The
 * address that browsers use comes from CHARTSIDE_ORIGIN, the site from OPENEMR_SITE. The secret goes into a file, not on screen.
 */
import { readConfig } from "#bff/config.ts";
import { createOpenEmrSend } from "#bff/upstream/openemr-send.ts";
import { clientFileOf, clientKeysOf, keepClient, registerClient } from "./openemr-client.ts";

const usage =
  "usage: npm run openemr:register -- URL\n" +
  "       CHARTSIDE_ORIGIN=https://chartside.example.org is the address that browsers use; OPENEMR_SITE if it is not default.\n" +
  "       OPENEMR_CLIENT_ASSERTION=on also registers the key by which background work gets tokens of its own.";

export async function main([address = ""]: string[]): Promise<number> {
  if (!URL.canParse(address)) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const url = address.replace(/\/+$/u, "");
  const config = readConfig({ ...process.env, OPENEMR_URL: url });
  const wire = createOpenEmrSend(config);
  try {
    const origin = config.CHARTSIDE_ORIGIN;
    const client = await registerClient(wire.interactive, { config, keys: await clientKeysOf(config) });
    const file = clientFileOf(url);
    keepClient(file, { url, ...client, assertion: config.OPENEMR_CLIENT_ASSERTION === "on" });
    process.stdout.write(words({ ...client, url, file, origin }));
    return 0;
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : "Registration failed"}\n`);
    return 1;
  } finally {
    await wire.close();
  }
}

type Done = { clientId: string; scopes: string[]; url: string; file: string; origin: string };

function words({ clientId, scopes, url, file, origin }: Done): string {
  return `
Registered at ${url} for ${origin}

  Client id      ${clientId}
  Client secret  in ${file} (readable by you alone; OpenEMR does not show it again)
  Scopes         ${scopes.join("\n                 ")}

What an administrator of OpenEMR must do now:
  1. Administration > System > API Clients: open "Chartside" (${clientId.slice(0, 12)}...) and press "Enable Client".
     Until then sign-in ends with "invalid client".
  2. Administration > Config > Connectors: "Site Address" is ${url}; "Enable OpenEMR Standard REST API" and
     "Enable OpenEMR Standard FHIR REST API" are on.
  3. Everybody who signs in belongs to a group (Administration > Users) and has a role that may use the calendar;
     clinicians also one that may write encounters and notes.
  4. A patient's page now shows a button "Chartside" (it leads to ${origin}/launch): it opens that patient's visit.

Then try it:   npm run openemr:check -- ${url}
And start:     node --env-file=${file} src/commands/run.js start

`;
}
