/** Opus or AAC in fragmented MP4, as Safari and Chromium record it. Opus leaves in WebM, so that one kind of chunk is enough for it. */
import { isOpusHead } from "./opus.ts";
import type { StreamFormat } from "./packet.ts";
import { createMp4Reader } from "./read-mp4.ts";
import { webm } from "./webm.ts";
import { writeMp4 } from "./write-mp4.ts";

function mp4Of(leavesAs: StreamFormat["leavesAs"]): StreamFormat {
  return {
    leavesAs,
    createReader: createMp4Reader,
    writeChunk: (head, packets, isFirst) =>
      isOpusHead(head) ? webm.writeChunk(head, packets, isFirst) : writeMp4(head, packets),
    writeWhole: (head, packets) => (isOpusHead(head) ? webm.writeWhole(head, packets) : writeMp4(head, packets)),
  };
}

export const mp4Opus = mp4Of("audio/webm;codecs=opus");
export const mp4Aac = mp4Of("audio/mp4");
