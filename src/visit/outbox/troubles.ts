/** What went wrong lately with each visit, and when it may be tried again. Kept in memory: a restart tries everything. */
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import type { Problem } from "#model/problem.ts";
import { isWorthWaiting, needsComparing, retryDelayMs, waitingFor, type Waiting } from "./retry-plan.ts";

export type Trouble = {
  failures: number;
  notBefore: number;
  waiting: Waiting;
  /** Refused: only a person can have it tried again. */
  isStuck: boolean;
  /** Something the screen should say. */
  shown: Problem | null;
};

const none: Trouble = { failures: 0, notBefore: 0, waiting: null, isStuck: false, shown: null };

export type Troubles = {
  of(visitId: VisitId): Trouble;
  failed(visitId: VisitId, told: Problem): Trouble;
  over(visitId: VisitId): void;
  /** Lets these be tried at once. */
  forgive(which: (trouble: Trouble) => boolean): void;
  /** Are this visit's receipts in doubt? */
  isDoubted(visitId: VisitId): boolean;
  doubt(visitId: VisitId, isDoubted: boolean): void;
  /** Does this visit's service take the recording in one piece? Learned from its answers, again after a restart. */
  wantsWhole(visitId: VisitId): boolean;
};

export function createTroubles(clock: Clock, random: () => number): Troubles {
  const troubles = new Map<VisitId, Trouble>();
  const doubted = new Set<VisitId>();
  const wanting = new Set<VisitId>();
  const of = (visitId: VisitId): Trouble => troubles.get(visitId) ?? none;
  return {
    of,
    failed(visitId, told) {
      if (told.code === "whole_file_wanted") {
        wanting.add(visitId);
        troubles.delete(visitId);
        return none;
      }
      if (needsComparing(told)) wanting.delete(visitId);
      const failures = of(visitId).failures + 1;
      const isStuck = !isWorthWaiting(told);
      const trouble: Trouble = {
        failures,
        notBefore: clock.now() + retryDelayMs(told, failures, random),
        waiting: isStuck ? null : waitingFor(told),
        isStuck,
        shown: isStuck || told.category === "device" ? told : null,
      };
      troubles.set(visitId, trouble);
      if (needsComparing(told)) doubted.add(visitId);
      return trouble;
    },
    over: (visitId) => void troubles.delete(visitId),
    forgive(which) {
      for (const [visitId, trouble] of troubles) {
        if (which(trouble)) troubles.set(visitId, { ...trouble, notBefore: 0, isStuck: false });
      }
    },
    wantsWhole: (visitId) => wanting.has(visitId),
    isDoubted: (visitId) => doubted.has(visitId),
    doubt: (visitId, isDoubted) => void (isDoubted ? doubted.add(visitId) : doubted.delete(visitId)),
  };
}
