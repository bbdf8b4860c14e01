/** A scribe whose every call is heard of: that it was answered, or how it failed. */
import type { Scribe } from "#scribe/scribe.ts";
import type { ScribeDoing as Doing } from "#protocol/bff-services.ts";

export type { Doing };

export type Watching = { answered(): void; failed(doing: Doing, thrown: unknown): void };

/** A call that the service does not have is not there here either, or says so when it is called. */
export function watchedScribe(scribe: Scribe, { answered, failed }: Watching): Scribe {
  const watched = async <T>(doing: Doing, work: Promise<T>): Promise<T> => {
    try {
      const told = await work;
      answered();
      return told;
    } catch (thrown) {
      failed(doing, thrown);
      throw thrown;
    }
  };
  const { sendWhole, askForRest, cancel, notifyAt } = scribe;
  return {
    // What was kept from before says nothing about the service now.
    abilities: (asked) =>
      asked?.fresh === true ? watched("discover", scribe.abilities(asked)) : scribe.abilities(asked),
    open: (reference) => watched("open", scribe.open(reference)),
    send: (job, chunk) => watched("send", scribe.send(job, chunk)),
    finish: (job, count) => watched("finish", scribe.finish(job, count)),
    read: (job) => watched("read", scribe.read(job)),
    ...(sendWhole && { sendWhole: (job, file) => watched("send", sendWhole(job, file)) }),
    ...(askForRest && { askForRest: (job) => watched("read", askForRest(job)) }),
    ...(cancel && { cancel: (job) => watched("cancel", cancel(job)) }),
    ...(notifyAt && { notifyAt: (target) => watched("register", notifyAt(target)) }),
  };
}
