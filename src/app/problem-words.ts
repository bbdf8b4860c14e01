/** What a person reads for each problem: what happened, what it means for them, and one thing to do. */
import type { ProblemCode } from "#model/problem.ts";

/** What the button of a problem does; the screen that shows it wires it, or leaves it out. */
export type ProblemAction = "retry" | "sign_in" | "leave" | "microphone" | "storage" | "none";

export type ProblemWords = { title: string; sentence: string; action: { kind: ProblemAction; label: string } };

type Action = ProblemWords["action"];

const none: Action = { kind: "none", label: "" };
const retry: Action = { kind: "retry", label: "Try again" };
const sendAgain: Action = { kind: "retry", label: "Send again" };
const otherTimes: Action = { kind: "retry", label: "Show free times" };
const signIn: Action = { kind: "sign_in", label: "Sign in again" };
const leave: Action = { kind: "leave", label: "Back to the worklist" };
const microphone: Action = { kind: "microphone", label: "Check the microphone" };
const storage: Action = { kind: "storage", label: "Show what is stored here" };

const words = (title: string, sentence: string, action: Action): ProblemWords => ({ title, sentence, action });

const signInWords = {
  signed_out: words(
    "You are signed out",
    "Your sign-in has ended. What was recorded on this device is safe and waits here.",
    signIn,
  ),
  sign_in_failed: words("Signing in did not work", "OpenEMR did not confirm the sign-in. Nothing was lost.", retry),
  launch_refused: words(
    "This does not come from your clinic's OpenEMR",
    "Chartside opens patients only from the OpenEMR it belongs to. Nobody was signed in and nothing was sent.",
    leave,
  ),
  launch_used: words(
    "This link was used before",
    "A patient's page opens Chartside once each time. Reload the patient's page in OpenEMR and press the button again.",
    leave,
  ),
  forbidden: words("Your role does not allow this", "Ask your administrator if you should be able to do this.", leave),
  not_owner: words(
    "This visit belongs to another clinician",
    "Only the clinician who recorded a visit can open its note.",
    leave,
  ),
};

const requestWords = {
  invalid_request: words("That could not be accepted", "Something in the entry is not as it should be.", none),
  not_found: words("Not found", "It may have been removed, or it was never here.", leave),
  conflict: words("Someone changed this meanwhile", "Load the newest version, then make your change again.", retry),
  too_large: words("That is too large", "The clinic server takes smaller pieces only.", none),
  rate_limited: words("Too many requests just now", "The service asks for a short wait. Nothing was lost.", retry),
  cancelled: words("Cancelled", "Nothing of it was kept.", none),
};

const fileWords = {
  file_unreadable: words(
    "This file cannot be read",
    "It is damaged, or of a kind that this browser cannot play. Try WAV, MP3 or M4A.",
    none,
  ),
  file_without_audio: words("There is no sound in this file", "Choose an audio file of the visit.", none),
  file_too_short: words("This recording is shorter than a second", "Choose an audio file of the whole visit.", none),
};

const chartWords = {
  openemr_down: words("OpenEMR is not answering", "You can still record. Notes are filed when OpenEMR is back.", retry),
  openemr_refused: words("OpenEMR refused this", "It gave no reason that we know. Your administrator can look.", retry),
  openemr_scope_missing: words(
    "OpenEMR does not allow the app to do this",
    "A permission (scope) of the app is missing. Your administrator can grant it.",
    none,
  ),
  openemr_role_missing: words(
    "Your OpenEMR account may not do this",
    "Your OpenEMR role lacks the right. Your administrator can grant it.",
    none,
  ),
  openemr_answer_unreadable: words(
    "OpenEMR gave an answer we cannot read",
    "Nothing was changed by us. Try again; if it stays, tell your administrator.",
    retry,
  ),
  note_mismatch: words(
    "The chart does not show what was signed",
    "The note was written but reads back differently. Look at it in OpenEMR before trying again.",
    retry,
  ),
  section_too_long: words(
    "A section is too long for OpenEMR",
    "OpenEMR keeps about 65,000 characters per section. Shorten it, then sign.",
    none,
  ),
  time_taken: words("That time was just taken", "Choose another one.", otherTimes),
  possible_duplicate: words("This patient may be in the chart already", "Look at those who are alike.", none),
  outside_rules: words("The clinic's booking rules do not allow that time", "Choose another one.", none),
};

const scribeWords = {
  scribe_down: words(
    "The scribe service is not answering",
    "The recording is safe. It is sent by itself as soon as the service is back.",
    retry,
  ),
  scribe_refused: words(
    "The scribe service refused the recording",
    "The audio is still on this device. Try again, or tell your administrator.",
    retry,
  ),
  scribe_not_configured: words(
    "This scribe service is no longer used here",
    "The recording is kept on its device. Send it to another service.",
    none,
  ),
  scribe_session_expired: words(
    "The scribe service closed its session",
    "A new one is opened and the audio is sent again. Nothing was lost.",
    sendAgain,
  ),
  scribe_answer_unreadable: words(
    "The scribe service gave an answer we cannot read",
    "The audio is still on this device.",
    retry,
  ),
  chunk_conflict: words(
    "The scribe holds different audio under the same number",
    "Sending has stopped so that nothing is mixed up. The audio is still on this device.",
    none,
  ),
  chunks_missing: words(
    "The scribe does not hold all of the recording yet",
    "The missing pieces are sent again from this device.",
    sendAgain,
  ),
  whole_file_wanted: words(
    "The service takes the recording in one piece",
    "It is sent by itself as soon as the recording has ended.",
    none,
  ),
  formats_differ: words(
    "This recording does not fit into one file",
    "Its parts are in different formats, the service takes one file, and this browser cannot join them. Nothing is lost: send it to another service, or save the audio files.",
    storage,
  ),
  audio_too_short: words(
    "There was not enough speech to write a note",
    "No note was made up. Record again, or write the note in OpenEMR.",
    leave,
  ),
  audio_quality_poor: words(
    "The speech could not be understood",
    "No note was made up. The microphone may have been too far away or covered.",
    leave,
  ),
  language_unsupported: words(
    "The scribe does not know this language",
    "Write the note in OpenEMR, or ask your administrator for another service.",
    leave,
  ),
  processing_failed: words(
    "The scribe could not write the note",
    "The recording is safe. Trying again sends nothing twice.",
    retry,
  ),
};

const codingWords = {
  coding_down: words(
    "The code service is not answering",
    "It was asked several times. The note is not touched by this: sign it without codes, or try again.",
    retry,
  ),
  coding_timed_out: words(
    "The code service took longer than ten minutes",
    "Its answer was not waited for any longer. The note is not touched by this.",
    retry,
  ),
  coding_refused: words(
    "The code service refused the note",
    "Usually the clinic’s access to it is not set up rightly. Your administrator can look.",
    retry,
  ),
  coding_answer_unreadable: words(
    "The code service gave an answer we cannot read",
    "No code was taken from it. The note is not touched by this.",
    retry,
  ),
  coding_note_too_large: words(
    "The note is too long for the code service",
    "It reads 50 KB of text, about 50,000 letters. Shorten the note, or sign it without codes.",
    none,
  ),
};

const deviceWords = {
  microphone_denied: words(
    "The browser does not allow the microphone",
    "Click the icon beside the address, allow the microphone, then try again. No reload is needed.",
    retry,
  ),
  microphone_missing: words("No microphone found", "Connect one and try again.", retry),
  microphone_lost: words(
    "The microphone is gone",
    "Everything up to now is saved. Connect it again or choose another one.",
    microphone,
  ),
  storage_full: words(
    "This device has no room left",
    "Everything up to now is saved. Send or discard older recordings to make room.",
    storage,
  ),
  storage_unavailable: words(
    "This browser will not store the recording",
    "A private window often refuses. Open the app in a normal window.",
    retry,
  ),
  recorder_restarting: words("Saving starts again", "Go on talking: what is said is kept and saved in a moment.", none),
  recorder_unsupported: words(
    "This browser cannot record",
    "Use a current Chrome, Edge or Firefox. Safari is not tested.",
    none,
  ),
};

const ownWords = {
  offline: words(
    "No connection to the clinic server",
    "Recording works without it. What is on this device is sent when the connection is back.",
    retry,
  ),
  timed_out: words("That took too long", "The clinic server did not answer in time.", retry),
  internal_error: words("Something went wrong on our side", "Nothing was lost. Try again.", retry),
};

/** Total by type: a new code does not compile until it has words. */
const wordsOf: Record<ProblemCode, ProblemWords> = {
  ...signInWords,
  ...requestWords,
  ...fileWords,
  ...chartWords,
  ...scribeWords,
  ...codingWords,
  ...deviceWords,
  ...ownWords,
};

/** Title, sentence and action for a problem code. */
export function problemWords(code: ProblemCode): ProblemWords {
  return wordsOf[code];
}
