import "#ui/tokens.css";
import "#ui/base.css";
import { createRoot } from "react-dom/client";
import { createBffClient } from "./bff-client.ts";
import { createBff } from "./bff.ts";
import { watchThisApp } from "./offline/app-version.ts";
import { Root } from "./root.tsx";
import { createSessionStore, expireSession } from "./sign-in/session-store.ts";

const session = createSessionStore();
const bff = createBff(createBffClient(() => expireSession(session)));

const place = document.querySelector("#root");
if (place === null) throw new Error("index.html has no #root");
createRoot(place).render(<Root bff={bff} session={session} version={watchThisApp()} />);
