/** What the browser's own recorders gave to the app, kept beside it: the far end must hold exactly these packets. */
import { openChunk } from "./far-end.ts";
import type { Remote } from "./remote.ts";

declare global {
  var chartsideProofRecorders: Blob[][] | undefined;
}

/** From now on, until the page goes. */
export function keepRecorders(browser: Remote): Promise<void> {
  return browser.run(() => {
    const recorders: Blob[][] = (globalThis.chartsideProofRecorders = []);
    globalThis.MediaRecorder = class extends MediaRecorder {
      constructor(...given: ConstructorParameters<typeof MediaRecorder>) {
        super(...given);
        const slices: Blob[] = [];
        recorders.push(slices);
        this.addEventListener("dataavailable", ({ data }) => slices.push(data));
      }
    };
  });
}

/** Each recorder's whole stream up to now. */
export async function readRecorders(browser: Remote): Promise<Uint8Array[]> {
  const texts = await browser.run(() => {
    const read = async (slices: Blob[]): Promise<string> => {
      const url = Promise.withResolvers<string>();
      const reader = new FileReader();
      reader.addEventListener("load", () => url.resolve(reader.result as string));
      reader.readAsDataURL(new Blob(slices, { type: "application/octet-stream" }));
      return (await url.promise).replace(/^.*,/u, "");
    };
    return Promise.all((globalThis.chartsideProofRecorders ?? []).filter((slices) => slices.length > 0).map(read));
  });
  return texts.map((text) => new Uint8Array(Buffer.from(text, "base64")));
}

export async function packetsIn(files: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const packets: Uint8Array[] = [];
  for (const file of files) packets.push(...(await openChunk(file)).packets);
  return packets;
}

/** Packets that were given and are not held at their place, and that are held and were not given there. */
export type Difference = { lost: number; extra: number };

/** By the longest row of packets that both have in the same order. */
export function comparePackets(given: readonly Uint8Array[], held: readonly Uint8Array[]): Difference {
  const heldKeys = held.map(keyOf);
  let longest = new Uint32Array(held.length + 1);
  for (const key of given.map(keyOf)) {
    const next = new Uint32Array(held.length + 1);
    for (const [index, heldKey] of heldKeys.entries()) {
      const without = Math.max(longest[index + 1] ?? 0, next[index] ?? 0);
      next[index + 1] = key === heldKey ? (longest[index] ?? 0) + 1 : without;
    }
    longest = next;
  }
  const same = longest.at(-1) ?? 0;
  return { lost: given.length - same, extra: held.length - same };
}

function keyOf(packet: Uint8Array): string {
  return Buffer.from(packet).toString("base64");
}
