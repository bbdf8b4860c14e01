/** Pages that record now, known by the Web Lock that each of them holds: the browser lets it go with the page. */
import { recordingLock } from "#app/recording-lock.ts";
import type { RecordingPages } from "#visit/journal/journal.ts";

/** `onLeft`: a page has gone away in the middle of its visit. */
export function recordingPages(locks: LockManager, onLeft: () => void): RecordingPages {
  return {
    isOpen: async (visitId) => {
      const { held = [] } = await locks.query();
      return held.some(({ name }) => name === recordingLock(visitId));
    },
    watch: (visitId, isOver) => {
      const look = (): void => {
        if (!isOver()) onLeft();
      };
      locks.request(recordingLock(visitId), look).catch(() => undefined);
    },
  };
}
