/**
 * The vault worker: where journal and outbox meet, away from the page, so that a busy or hung page cannot hold up the disk. In:
 * the page's calls (vault-port.ts). Out: answers and news. It keeps nothing that the journal does not.
 */
import { systemClock } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";
import type { Disk } from "#visit/journal/disk.ts";
import type { KeyStore } from "#visit/journal/keys.ts";
import { openOpfsDisk } from "#visit/journal/opfs-disk.ts";
import { sendOverFetch } from "#visit/outbox/send.ts";
import type { VaultMessage, VaultRequest } from "./vault-port.ts";
import { once } from "./worker/once.ts";
import { createOwnership, type Word } from "./worker/ownership.ts";
import { openVault } from "./worker/vault.ts";
import { waitFor } from "./worker/wait.ts";

const name = "chartside-vault";
const channel = new BroadcastChannel(name);

// The page that waits for this lock hears at once when this worker has died. It gave the worker its name.
void navigator.locks.request(globalThis.name, () => new Promise(() => undefined));

const post = (message: VaultMessage): void => {
  // An exported recording is large: it changes hands instead of being copied.
  const value: unknown = message.kind === "reply" ? message.value : undefined;
  const transfer = Array.isArray(value)
    ? value.flatMap(({ bytes }) => (bytes instanceof ArrayBuffer ? [bytes] : []))
    : [];
  globalThis.postMessage(message, { transfer });
};

const placesOnce = once(async (): Promise<{ disk: Disk; keys: KeyStore }> => {
  const keys = import("#visit/journal/keys.ts").then(({ openKeys }) => openKeys("chartside-keys"));
  const [disk, opened] = await Promise.all([openOpfsDisk("journal"), keys]);
  return { disk, keys: opened };
});

const ownership = createOwnership({
  tab: crypto.randomUUID(),
  lockName: name,
  locks: navigator.locks,
  channel: {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has no target
    say: (word) => channel.postMessage(word),
    onWord: (listener) => channel.addEventListener("message", ({ data }: MessageEvent<Word>) => listener(data)),
  },
  glimpse: async () => {
    // Not needed to record; loaded beside the opening of the disk, because a person waits for the offer.
    const [places, { glimpseHeld }] = await Promise.all([placesOnce(), import("#visit/journal/glimpse.ts")]);
    return glimpseHeld(places);
  },
  open: async (post) =>
    openVault({
      ...(await placesOnce()),
      wire: sendOverFetch,
      pages: async () => {
        const { recordingPages } = await import("./worker/recording-pages.ts");
        return recordingPages(navigator.locks, () => ownership.openAnew());
      },
      clock: systemClock,
      wait: waitFor,
      post,
    }),
  post,
});

globalThis.addEventListener("message", ({ data: request }: MessageEvent<VaultRequest>) => {
  ownership.answer(request).then(
    (value) => post({ kind: "reply", id: request.id, value }),
    (thrown: unknown) => post({ kind: "refusal", id: request.id, problem: toProblem(thrown) }),
  );
});
globalThis.addEventListener("online", () => ownership.networkIsBack());
// The first call finds the disk open; what stands in the way is told to it.
placesOnce().catch(() => undefined);
