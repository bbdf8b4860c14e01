/** What every reader of a recorder's stream gives, whatever the container. */

export type Packet = {
  bytes: Uint8Array;
  /** Length at 48 kHz. */
  samples: number;
  /** The byte in the recording's stream where the packet's element begins, and the byte after it: its place among the others. */
  at: number;
  end: number;
  /** Where a new reader has to start so as to find this packet: `at`, or the start of what describes it. */
  readFrom: number;
  /** When it begins, by the recorder's own clock; null when the reader began in the middle and has not seen a time yet. */
  timeMs: number | null;
};

/** Takes the stream in pieces of any size. */
export type StreamReader = {
  /** The packets completed by these bytes. A damaged place is skipped up to where reading can begin again. */
  push(bytes: Uint8Array): Packet[];
  /** Bytes are missing here: go on at `from`, where reading can begin again. */
  jump(from: number): void;
  /** What a decoder needs before the first packet (for Opus: OpusHead); undefined until it has been seen. */
  head(): Uint8Array | undefined;
};

/** How one kind of stream is read, and written again as files that play alone. */
export type StreamFormat = {
  /** What its files are. Recordings that leave as the same are joined into one, if their heads allow it. */
  leavesAs: "audio/webm;codecs=opus" | "audio/mp4" | "audio/wav";
  /** `startAt` is where in the stream the first bytes stand: 0, or some packet's `readFrom`. */
  createReader(startAt: number): StreamReader;
  /** A chunk. `isFirst`: it begins its recording. The same packets and head always give the same bytes. */
  writeChunk(head: Uint8Array, packets: readonly Packet[], isFirst: boolean): Uint8Array<ArrayBuffer>;
  /** One file out of packets of one or several recordings of this kind. */
  writeWhole(head: Uint8Array, packets: readonly Packet[]): Uint8Array<ArrayBuffer>;
};
