export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs async work one after the other, in the order of the calls; one that fails does not stop the next. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
