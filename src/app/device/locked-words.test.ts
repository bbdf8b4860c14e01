import { expect, test } from "vitest";
import { VisitId } from "#model/id.ts";
import { lockedWords } from "./locked-words.ts";

const locked = (clinicianId: string, isRefused = false) => {
  return { visitId: VisitId.parse(crypto.randomUUID()), bytesOnDevice: 50_000_000, clinicianId, isRefused };
};

test("one's own wait for the network and say that nothing is lost; others' wait for their clinician; a refusal says whom to tell", () => {
  const all = [locked("dr-x"), locked("dr-x"), locked("dr-y"), locked("dr-x", true)];
  const words = lockedWords(all, "dr-x");
  expect(words.map(({ kind, title }) => [kind, title])).toEqual([
    ["mine", "2 recordings are locked: waiting for the network"],
    ["refused", "1 recording is locked: the clinic server cannot open it"],
    ["foreign", "1 recording is locked: of another clinician"],
  ]);
  expect(words[0]?.text).toContain("Nothing of it is lost");
  expect(words[1]?.text).toContain("administrator");
  expect(words[2]?.text).toContain("signs in on this device");
});

test("nothing locked, nothing said", () => {
  expect(lockedWords([], "dr-x")).toEqual([]);
  expect(lockedWords([locked("dr-y", true)], "dr-x").map(({ kind }) => kind)).toEqual(["foreign"]);
});
