/** Runs the work of one name strictly one after another; different names do not wait for each other. */
export type Queues = { run<T>(name: string, work: () => Promise<T>): Promise<T> };

export function createQueues(): Queues {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(name, work) {
      const result = (tails.get(name) ?? Promise.resolve()).then(work);
      const tail = result
        .catch(() => undefined)
        .then(() => {
          if (tails.get(name) === tail) tails.delete(name);
        });
      tails.set(name, tail);
      return result;
    },
  };
}
