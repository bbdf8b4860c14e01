/** One page's stream of server-sent events on an open response. */
import type { ServerResponse } from "node:http";
import type { Audience } from "./event-log.ts";

export type Frame = { seq?: number; name: string; data: object };

export type Listener = {
  sessionHash: string;
  audiences: readonly Audience[];
  isLive(): Promise<boolean>;
  /** Keeps the frame back until `release`. */
  send(frame: Frame): void;
  /** Sends these first, then what was kept back and is newer than `seq`; from now on frames go out at once. */
  release(missed: readonly Frame[], seq: number): void;
  comment(): void;
  onClose(listener: () => void): void;
  close(): void;
};

/** A page that does not read is cut when this much waits for it; it reconnects and gets what it missed. */
const mostWaitingBytes = 256 * 1024;

export type StreamOptions = Pick<Listener, "sessionHash" | "audiences" | "isLive">;

export function createEventStream(response: ServerResponse, options: StreamOptions): Listener {
  let kept: Frame[] | undefined = [];
  const write = (text: string): void => {
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    if (response.writableLength > mostWaitingBytes) response.destroy();
  };
  return {
    ...options,
    send: (frame) => {
      if (kept === undefined) write(textOf(frame));
      else kept.push(frame);
    },
    release: (missed, seq) => {
      const newer = (kept ?? []).filter((frame) => frame.seq === undefined || frame.seq > seq);
      kept = undefined;
      // An id without data is remembered by the page and makes no event.
      write(`retry: 2000\nid: ${seq}\n\n`);
      for (const frame of [...missed, ...newer]) write(textOf(frame));
    },
    comment: () => write(":\n\n"),
    onClose: (listener) => void response.once("close", listener),
    close: () => void response.end(),
  };
}

function textOf({ seq, name, data }: Frame): string {
  const id = seq === undefined ? "" : `id: ${seq}\n`;
  return `${id}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
