/**
 * Firefox, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/) over its own port: nothing stands between, and
 * Playwright's own BiDi asks for more than an ESR knows.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRemote, type Driver, type Remote } from "./remote.ts";

/** The microphone is given without asking; nothing is fetched from the network. */
const preferences = {
  "media.navigator.permission.disabled": true,
  "media.autoplay.default": 0,
  "services.settings.server": "data:,",
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "toolkit.telemetry.enabled": false,
  "app.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "browser.sessionstore.resume_from_crash": false,
  // Drawn by the processor here; the microphone needs it more.
  "layout.frame_rate": 10,
};

export type FirefoxOptions = {
  path: string;
  /** The same folder again is the same workstation. */
  profile: string;
  /** More preferences. */
  preferences?: Record<string, boolean | number | string>;
  env: Record<string, string>;
};

export async function openFirefox(options: FirefoxOptions): Promise<Remote> {
  const lines = Object.entries({ ...preferences, ...options.preferences });
  const text = lines.map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  writeFileSync(join(options.profile, "user.js"), text.join("\n"));
  const args = ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile", options.profile];
  const env = { ...process.env, HOME: options.profile, ...options.env };
  const child = spawn(options.path, args, { stdio: ["ignore", "ignore", "pipe"], env });
  const session = await connect(await listeningAt(child));
  const { capabilities } = await session.send("session.new", { capabilities: {} });
  const { contexts } = await session.send("browsingContext.getTree", {});
  const context: unknown = contexts[0].context;
  await session.send("browsingContext.setViewport", { context, viewport: { width: 1440, height: 900 } });
  return createRemote(driverOf(session, context, child), `Firefox ${capabilities.browserVersion}`);
}

function driverOf(session: Session, context: unknown, child: ChildProcess): Driver {
  const act = (source: object): Promise<Answer> =>
    session.send("input.performActions", { context, actions: [{ id: "person", ...source }] });
  return {
    navigate: async (url) => void (await session.send("browsingContext.navigate", { context, url, wait: "complete" })),
    run: async (source, args) => {
      const call = `async (args) => JSON.stringify((await (${source})(...JSON.parse(args))) ?? null)`;
      const { result, exceptionDetails } = await session.send("script.callFunction", {
        functionDeclaration: call,
        arguments: [{ type: "string", value: JSON.stringify(args) }],
        awaitPromise: true,
        target: { context },
        userActivation: true,
      });
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return JSON.parse(result.value);
    },
    press: async ({ x, y }) => {
      const move = { type: "pointerMove", x, y };
      const button = { button: 0 };
      await act({
        type: "pointer",
        actions: [move, { type: "pointerDown", ...button }, { type: "pointerUp", ...button }],
      });
    },
    type: async (text) => {
      const actions = Array.from(text).flatMap((value) => ["keyDown", "keyUp"].map((type) => ({ type, value })));
      await act({ type: "key", id: "keys", actions });
    },
    screenshot: async () =>
      Buffer.from((await session.send("browsingContext.captureScreenshot", { context })).data, "base64"),
    kill: async () => {
      child.kill("SIGKILL");
      await ended(child);
    },
    close: async () => {
      const over = ended(child);
      await session.send("browser.close", {}).catch(() => child.kill("SIGKILL"));
      await over;
    },
  };
}

/** What the specification says of each command's result; nothing here needs it in types. */
// eslint-disable-next-line typescript/no-explicit-any
type Answer = any;
type Session = { send(method: string, params: object): Promise<Answer> };

async function connect(endpoint: string): Promise<Session> {
  const socket = new WebSocket(`${endpoint}/session`);
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  let last = 0;
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  socket.addEventListener("message", ({ data }) => {
    const { id, result, error, message } = JSON.parse(String(data));
    if (error === undefined) waiting.get(id)?.resolve(result);
    else waiting.get(id)?.reject(new Error(`${error}: ${message}`));
    waiting.delete(id);
  });
  socket.addEventListener("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("Firefox has ended"));
  });
  return {
    send: (method, params) => {
      const answer = Promise.withResolvers<Answer>();
      waiting.set((last += 1), answer);
      socket.send(JSON.stringify({ id: last, method, params }));
      return answer.promise;
    },
  };
}

/** It says so on its error output. */
function listeningAt(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (data: Buffer) => {
      said += data.toString();
      const endpoint = /WebDriver BiDi listening on (ws:\S+)/u.exec(said)?.[1];
      if (endpoint !== undefined) resolve(endpoint);
    });
    child.once("exit", (code) => reject(new Error(`Firefox ended with code ${code ?? "none"} before it was ready`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
  });
}
