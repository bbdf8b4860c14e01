/**
 * `npm run openemr:check -- URL [PATIENT-UUID]`: uses a live OpenEMR as the clinic server would and prints, scope by scope and
 * call by call, what works, what is refused and why. The client comes from OPENEMR_CLIENT_ID and OPENEMR_CLIENT_SECRET or from
 * what `openemr:register` kept; the account from OPENEMR_USER and OPENEMR_PASSWORD, else a window opens to sign in by hand. It
 * writes only to the patient that is named, who should be an invented one. Ends with 1 when Chartside could not work so.
 */
import { readConfig } from "#bff/config.ts";
import { createOpenEmrSend } from "#bff/upstream/openemr-send.ts";
import { systemClock } from "#model/clock.ts";
import { clientFileOf, clientKeysOf, readClient } from "./openemr-client.ts";
import { signInAtPages } from "./openemr-sign-in-page.ts";
import { tryOpenEmr } from "./openemr-trial.ts";
import type { Verdict } from "./openemr-trial-terms.ts";

const usage =
  "usage: npm run openemr:check -- URL [PATIENT-UUID]\n" +
  "       OPENEMR_CLIENT_ID, OPENEMR_CLIENT_SECRET: absent, those that openemr:register kept for this URL\n" +
  "       OPENEMR_USER, OPENEMR_PASSWORD: absent, a window opens to sign in by hand\n" +
  "       CHARTSIDE_ORIGIN: the address that the client was registered with";

export async function main([address = "", patientToWrite]: string[]): Promise<number> {
  if (!URL.canParse(address)) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const url = address.replace(/\/+$/u, "");
  const kept = readClient(clientFileOf(url), url);
  const client = kept && { OPENEMR_CLIENT_ID: kept.clientId, OPENEMR_CLIENT_SECRET: kept.clientSecret };
  const config = readConfig({ ...client, ...process.env, OPENEMR_URL: url });
  const { OPENEMR_USER: username, OPENEMR_PASSWORD: password } = process.env;
  const account = username === undefined || password === undefined ? undefined : { username, password };
  const wire = createOpenEmrSend(config);
  try {
    const isGood = await tryOpenEmr(
      {
        config,
        send: wire.interactive,
        clock: systemClock,
        keys: await clientKeysOf(config),
        signIn: (page) => signInAtPages({ ...page, account }),
        ...(patientToWrite === undefined ? {} : { patientToWrite }),
      },
      print,
    );
    const end = isGood ? "Chartside can work with this server." : "Chartside cannot work so: see the rows marked NO.";
    process.stdout.write(`\n${end}\n`);
    return isGood ? 0 : 1;
  } finally {
    await wire.close();
  }
}

const marks: Record<Verdict, string> = { yes: "yes    ", no: "NO     ", refused: "refused", absent: "   -   " };

function print(question: string, verdict: Verdict, told = ""): void {
  process.stdout.write(`${marks[verdict]}  ${question.padEnd(44)} ${told}`.trimEnd().concat("\n"));
}
