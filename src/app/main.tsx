import { isKeptHere, keptBox } from "./first.ts";
import "#ui/tokens.css";
import "#ui/base.css";
import { createRoot } from "react-dom/client";
import { createBffClient } from "./bff-client.ts";
import { createBff } from "./bff.ts";
import { watchThisApp } from "./offline/app-version.ts";
import { createKept } from "./offline/kept.ts";
import { reach } from "./offline/reach.ts";
import { loadStart, type Start } from "./offline/load-start.ts";
import { loadSignedIn, Root } from "./root.tsx";
import { createSessionStore, expireSession } from "./sign-in/session-store.ts";

// Where the app was opened before, what comes after the sign-in is read while it is asked who is here.
const reading = isKeptHere ? loadSignedIn().catch(() => undefined) : undefined;

const session = createSessionStore();
const client = createBffClient(
  () => expireSession(session),
  (isReached) => reach.setState({ server: isReached ? "answers" : "away" }),
);
const bff = createBff(client);
const kept = createKept(keptBox);
const open = (askedAt = performance.now()): Promise<Start> => loadStart({ bff, session, kept, askedAt, wait: waitFor });
const opening = Promise.all([open(0), reading]).then(([start]) => start);

const place = document.querySelector("#root");
if (place === null) throw new Error("index.html has no #root");
createRoot(place).render(<Root {...{ bff, session, kept, opening, open }} version={watchThisApp()} />);

function waitFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
