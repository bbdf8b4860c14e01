/** Can this browser keep the promise that nothing is lost? Asked before a visit, so that it is said before the visit. */
import { toProblem, problem, type Problem } from "#model/problem.ts";
import { recordingFormat } from "./recorder.ts";

export type RecordingSupport =
  | { canRecord: true; mimeType: string }
  /** `words` say what is missing, in a sentence for the clinician. */
  | { canRecord: false; problem: Problem; words: string };

/** Whether the disk can be written at once is known only to the worker that does: `reserve` asks it before Start. */
export function recordingSupport(): RecordingSupport {
  if (!globalThis.isSecureContext) return refusal("Recording works only over a secure connection (https).");
  if (!("mediaDevices" in navigator)) return refusal("This browser gives websites no microphone.");
  if (!hasPrivateFiles()) return refusal("This browser cannot keep a recording safe on this device while it runs.");
  if (!("locks" in navigator)) return refusal("This browser cannot keep two tabs from recording at once.");
  try {
    return { canRecord: true, mimeType: recordingFormat() };
  } catch (thrown) {
    const words = "This browser cannot record sound. Use a current Chrome, Edge or Firefox.";
    return { canRecord: false, problem: toProblem(thrown), words };
  }
}

/** The origin's private file system; its synchronous half exists in workers alone. */
function hasPrivateFiles(): boolean {
  return "storage" in navigator && "getDirectory" in navigator.storage && typeof FileSystemFileHandle !== "undefined";
}

function refusal(words: string): RecordingSupport {
  return { canRecord: false, problem: problem("recorder_unsupported").problem, words };
}
