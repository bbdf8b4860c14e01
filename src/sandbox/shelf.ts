/** What a sandbox scribe has on its disk: one file, written before every answer, so that nothing it acknowledged goes with its process. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { deserialize, serialize } from "node:v8";

export type Shelf<State> = {
  /** What the process before this one left; undefined at the first start. */
  left: State | undefined;
  keep(state: State): void;
};

/** Without a file nothing survives a stop. The file is replaced as a whole: there is no half of one. */
export function openShelf<State>(file: string | undefined): Shelf<State> {
  if (file === undefined) return { left: undefined, keep: () => undefined };
  mkdirSync(dirname(file), { recursive: true });
  return {
    left: existsSync(file) ? (deserialize(readFileSync(file)) as State) : undefined,
    keep: (state) => {
      writeFileSync(`${file}.new`, serialize(state));
      renameSync(`${file}.new`, file);
    },
  };
}
