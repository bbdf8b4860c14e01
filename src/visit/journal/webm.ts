/** Opus in WebM, as Chromium and Firefox record it. */
import { withoutPreSkip } from "./opus.ts";
import type { StreamFormat } from "./packet.ts";
import { createWebmReader } from "./read-webm.ts";
import { writeWebm } from "./write-webm.ts";

export const webm: StreamFormat = {
  leavesAs: "audio/webm;codecs=opus",
  createReader: createWebmReader,
  writeChunk: (head, packets, isFirst) => writeWebm(isFirst ? head : withoutPreSkip(head), packets),
  writeWhole: writeWebm,
};
