/** Doing something later, as a replaceable object. */
export type Schedule = {
  /** Returns how to call it off. */
  after(ms: number, work: () => void): () => void;
};

/** Timers of the machine; they do not keep the program alive. */
export const systemSchedule: Schedule = {
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
