/** The little of a disk that the journal needs. In the browser it is OPFS (opfs-disk.ts). */

/** A file held open by this worker alone. Every call is synchronous; failures are `storage_full` or `storage_unavailable`. */
export type DiskFile = {
  size(): number;
  /** Fewer bytes than asked for only at the end of the file. */
  read(at: number, length: number): Uint8Array<ArrayBuffer>;
  /** All of the bytes or a problem. */
  write(at: number, bytes: Uint8Array<ArrayBuffer>): void;
  /** When it returns, what was written survives a power cut. */
  flush(): void;
  truncate(size: number): void;
  close(): void;
};

export type Disk = {
  names(): Promise<string[]>;
  /** Makes the file when it is missing. */
  open(name: string): Promise<DiskFile>;
  remove(name: string): Promise<void>;
  /** Renames a file that nobody holds open. False when this disk cannot; then nothing has changed. */
  move(from: string, to: string): Promise<boolean>;
};
