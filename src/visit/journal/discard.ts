/** A visit that is not wanted: its audio goes now, and who and why stay until the clinic server knows. A script of its own. */
import { figuresOf } from "./figures.ts";
import type { Book } from "./visit-journal.ts";
import { createVisitState } from "./visit-state.ts";

export async function discard(book: Book, reason: "discarded" | "withdrawn"): Promise<void> {
  const { header, headerOffset } = book.state;
  const was = book.state.erased?.was ?? (await figuresOf(book.state));
  book.unsaved = [];
  await book.box.remove();
  await book.log.keepThrough(headerOffset);
  book.state = createVisitState(header, headerOffset);
  await book.put({ type: "mark", mark: { mark: "discarded", at: book.clock.now(), reason, was } });
}
