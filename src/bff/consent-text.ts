/** What the patient is asked. A change of wording is a new version: a visit keeps the version that its patient answered to. */
import type { Bootstrap } from "#protocol/bff.ts";

export const consentText: Bootstrap["consent"] = {
  textVersion: "2026-11-21",
  text: [
    "We would like to record the sound of this visit.",
    "The recording is turned into text and then into a draft of the visit note. Your clinician reads, corrects and signs the note before it goes into your record.",
    "The recording itself is not part of your record. On this device it is erased once the note is signed.",
    "You may say no, or ask to stop at any time. Your care stays the same.",
  ].join("\n\n"),
  script:
    "I would like to record our visit so that I can look at you instead of typing. A program drafts the note and I check every word of it. You can say no, and you can ask me to stop at any time. Is that all right with you, and with everybody in the room?",
};
