/**
 * A file with sound in it: in, wav, mp3, m4a, ogg, webm or flac, as far as this browser decodes it; out, one stream of WebM with
 * Opus, in pieces, as a recorder would give it. Opus is copied as it is; everything else becomes mono at 32 kbit/s. The file is read
 * as it is needed, so hours of it take no memory. Loaded only when somebody imports: it brings a whole library along.
 */
import {
  ALL_FORMATS,
  AppendOnlyStreamTarget,
  BlobSource,
  Conversion,
  type ConversionAudioOptions,
  type InputAudioTrack,
  Input,
  Output,
  WebMOutputFormat,
} from "mediabunny";
import { problem, ProblemError } from "#model/problem.ts";

export type Reading = {
  /** The next piece is read when this resolves; when it rejects, so does the reading. */
  onPiece(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** 0..1 of the file's length. */
  onProgress(share: number): void;
  signal: AbortSignal;
};

/** Clinical audio shorter than this is a mistake. */
const shortestMs = 1000;
/** About ten seconds of sound. */
const pieceBytes = 40_000;

/**
 * Looks at the file and gives the way to read it. `file_unreadable`, `file_without_audio` and `file_too_short` name the field
 * "file".
 */
export async function openAudio(file: Blob): Promise<(reading: Reading) => Promise<void>> {
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  await check(input).catch((thrown: unknown) => {
    input.dispose();
    throw asProblem(thrown);
  });
  return async (reading) => {
    try {
      await convert(input, reading);
    } catch (thrown) {
      throw reading.signal.aborted ? problem("cancelled") : asProblem(thrown);
    } finally {
      input.dispose();
    }
  };
}

async function check(input: Input): Promise<void> {
  if (!(await input.canRead())) throw unreadable("container");
  const track = await input.getPrimaryAudioTrack();
  if (track === null) throw problem("file_without_audio", { field: "file" });
  if (!(await track.canDecode())) throw unreadable(track.codec ?? "codec");
  if ((await track.computeDuration()) * 1000 < shortestMs) throw problem("file_too_short", { field: "file" });
}

async function convert(input: Input, { onPiece, onProgress, signal }: Reading): Promise<void> {
  const pieces = gather(onPiece);
  const output = new Output({
    format: new WebMOutputFormat({ appendOnly: true }),
    target: new AppendOnlyStreamTarget(new WritableStream({ write: (bytes) => pieces.add(bytes) })),
  });
  const conversion = await Conversion.init({
    input,
    output,
    tracks: "primary",
    video: { discard: true },
    audio: howToWrite,
    tags: {},
    showWarnings: false,
  });
  if (!conversion.isValid) throw unreadable(conversion.discardedTracks[0]?.reason ?? "no track");
  conversion.onProgress = onProgress;
  const cancel = (): void => void conversion.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  await conversion.execute().finally(() => signal.removeEventListener("abort", cancel));
  await pieces.finish();
}

/** Opus of one or two channels goes over as it is. */
function howToWrite(track: InputAudioTrack): ConversionAudioOptions {
  if (track.codec === "opus" && track.numberOfChannels <= 2) return { codec: "opus" };
  return { codec: "opus", numberOfChannels: 1, sampleRate: 48_000, bitrate: 32_000 };
}

/** Small writes become pieces that are worth a record on the disk. */
function gather(onPiece: Reading["onPiece"]): { add(bytes: Uint8Array): Promise<void>; finish(): Promise<void> } {
  let piece = new Uint8Array(pieceBytes * 2);
  let filled = 0;
  const hand = async (): Promise<void> => {
    const whole = piece.slice(0, filled);
    filled = 0;
    if (whole.length > 0) await onPiece(whole);
  };
  return {
    add: async (bytes) => {
      if (filled + bytes.length > piece.length) {
        const grown = new Uint8Array((filled + bytes.length) * 2);
        grown.set(piece.subarray(0, filled));
        piece = grown;
      }
      piece.set(bytes, filled);
      filled += bytes.length;
      if (filled >= pieceBytes) await hand();
    },
    finish: hand,
  };
}

function unreadable(detail: string): ProblemError {
  return problem("file_unreadable", { field: "file", detail });
}

/** What a decoder stumbles over is the file's fault; what the journal says is its own. */
function asProblem(thrown: unknown): ProblemError {
  return thrown instanceof ProblemError ? thrown : problem("file_unreadable", { field: "file" }, thrown);
}
