/** What the screens can ask of a visit, from microphone check to the last receipt. */
import type { VisitId } from "#model/id.ts";
import type { DeletionReceipt, HeldVisit, JournalHeader, Ledger, RecordingView } from "#model/recording.ts";
import type { VisitCreate, VisitView } from "#protocol/bff.ts";
import type { ClinicTerms, LockedVisit } from "./vault-port.ts";
import type { MicrophoneTest } from "#visit/capture/microphone-test.ts";
import type { Microphone, Preset } from "#visit/capture/microphone.ts";
import type { StoreApi } from "zustand/vanilla";

export type { Microphone, MicrophoneTest };
export type MicrophoneChoice = { deviceId?: string; preset?: Preset };
export type NewVisit = { visitId: VisitId; create: VisitCreate; header: Omit<JournalHeader, "mimeType"> };

/** Failures are `ProblemError`s; those that come by themselves stand in `store.problem`. */
export type VisitSession = {
  /** Everything the recording screen shows. */
  store: StoreApi<RecordingView>;
  /** Who is signed in: call at start and after every sign-in. Only this clinician's audio leaves the device. */
  signedIn(clinicianId: string): void;
  /** Nothing leaves the device until `signedIn`; recording goes on. */
  signedOut(): void;
  /**
   * Asks for the microphone and shows its level; what is not chosen here is as this workstation remembers it. One that is absent
   * is replaced by the default, and `warning` says so. `microphone_denied`, `microphone_missing`.
   */
  openMicrophone(choice?: MicrophoneChoice): Promise<void>;
  /** Another microphone, also while recording and without a gap. When it rejects, the one in use stays. */
  switchMicrophone(deviceId: string): Promise<void>;
  /** Does nothing while it records. */
  closeMicrophone(): void;
  devices(): Promise<Microphone[]>;
  testMicrophone(durationMs: number): Promise<MicrophoneTest>;
  /**
   * Takes disk space for the next visit, on a fuller disk what there is. `storage_full` (not even a few minutes fit),
   * `storage_unavailable` (a private window): no visit can begin here.
   */
  reserve(): Promise<{ reservedBytes: number }>;
  /** Starts recording; resolves when the journal is open. `storage_unavailable`, `conflict` (another tab records). */
  start(visit: NewVisit): Promise<void>;
  /** What is said from here to `resume` is stored nowhere. */
  pause(): void;
  /** As `pause`, and the gap is labelled. */
  offRecord(): void;
  /** Also after the microphone was lost: opens it again. When it rejects, it goes on trying by itself. */
  resume(): Promise<void>;
  /** Remembers this moment of the visit being recorded. */
  mark(): Promise<void>;
  /** At most 500 letters. */
  quickNote(text: string): Promise<void>;
  /** Ends the recording and closes its journal; what is left is only sending. */
  stop(): Promise<void>;
  /** The visits whose audio this device holds, oldest first. */
  held(): Promise<HeldVisit[]>;
  /** Visits that can be read only after the clinic server has unwrapped their key. */
  locked(): Promise<LockedVisit[]>;
  /** Where every second of a held visit is. `not_found`. */
  ledger(visitId: VisitId): Promise<Ledger>;
  /** What is left of everything erased on this device in the last 90 days, newest first. */
  receipts(): Promise<DeletionReceipt[]>;
  /** Called after anything about the held visits changed; returns the way to stop listening. */
  onHeldChange(listener: () => void): () => void;
  /** Records on, into a visit that was cut off. */
  resumeHeld(visitId: VisitId): Promise<void>;
  /** Closes a visit that was cut off and sends what it has. */
  finishHeld(visitId: VisitId): Promise<void>;
  /**
   * An audio file as a visit of its own, which is finished when this resolves. `file_unreadable`, `file_without_audio` and
   * `file_too_short` name the field "file"; after those, and after `discard` (`cancelled`), nothing of it is left. `onProgress`
   * gets 0..1.
   */
  importFile(visit: NewVisit, file: File, onProgress: (share: number) => void): Promise<void>;
  /** Erases the audio now and tells the clinic server, also when it is the visit being recorded or imported. */
  discard(visitId: VisitId, reason: "discarded" | "withdrawn"): Promise<void>;
  /** Follow the clinic server's word about a visit: signed audio is erased, audio it lost is sent again. */
  visitChanged(visit: VisitView): Promise<void>;
  /** The clinic server says what the keys of new visits are wrapped with; null: this device keeps them. */
  wrapWith(journalKey: ClinicTerms["journalKey"]): void;
  /** Try now, also what was refused. */
  sendNow(): void;
  storage(): Promise<{ usableBytes: number; persisted: boolean }>;
  /**
   * The visit as files that play: one, or, where its recordings are in different formats, several in order. `not_found` when this
   * device does not hold it.
   */
  exportAudio(visitId: VisitId): Promise<AudioFile[]>;
};

export type AudioFile = { content: Blob; durationMs: number };
