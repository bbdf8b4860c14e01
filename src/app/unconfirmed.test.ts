import { expect, test, vi } from "vitest";
import { VisitId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import { Unconfirmed, type Said } from "./unconfirmed.ts";
import type { VaultArgument, VaultCall } from "./vault-port.ts";

const visitId = VisitId.parse("3f0c6a52-9a1b-4c0e-8a53-1f4a3f6f2f10");
const mimeType = "audio/webm;codecs=opus";
const full = problem("storage_full");

function begin() {
  const unconfirmed = new Unconfirmed();
  const say = <C extends VaultCall>(call: C, argument: VaultArgument<C>): Said => {
    const said = { call, argument, resolve: vi.fn(), reject: vi.fn(), isSettled: false } as unknown as Said;
    unconfirmed.add(said);
    return said;
  };
  const give = (sizeBytes: number): Said =>
    say("append", { visitId, recording: 0, bytes: new ArrayBuffer(sizeBytes), capturedAt: 0, levels: [] });
  unconfirmed.answered(say("record", { visitId, mimeType }), { recording: 0 });
  return { unconfirmed, say, give };
}

const placesOf = (unconfirmed: Unconfirmed) =>
  unconfirmed.all().map((said) => (said.call === "append" ? said.argument.from : said.call));

test("a fragment stays, with its place in the stream, until it is durable; a full disk's refusal is told, and is no end", () => {
  const { unconfirmed, give } = begin();
  const [first, second, third] = [give(100), give(50), give(70)];
  expect(placesOf(unconfirmed)).toEqual([0, 100, 150]);
  unconfirmed.refused(first, full);
  expect(first.reject).toHaveBeenCalledWith(full);
  unconfirmed.refused(second, full);
  expect([placesOf(unconfirmed), unconfirmed.waitsForDisk()]).toEqual([[0, 100, 150], true]);
  unconfirmed.answered(third, { packets: 3 });
  expect([placesOf(unconfirmed), unconfirmed.waitsForDisk()]).toEqual([[], false]);
  expect(first.resolve).not.toHaveBeenCalled();
});

test("refused fragments fill no more memory than is allowed: the oldest go", () => {
  const { unconfirmed, give } = begin();
  for (let count = 0; count < 5; count += 1) unconfirmed.refused(give(20_000_000), full);
  expect(placesOf(unconfirmed)).toEqual([40_000_000, 60_000_000, 80_000_000]);
});

test("a recording runs until its end was heard, and a visit is this page's until it is closed", () => {
  const { unconfirmed, say, give } = begin();
  unconfirmed.refused(give(100), full);
  expect(unconfirmed.running()).toEqual(new Map([[visitId, [0]]]));
  const end = say("endRecording", { visitId, recording: 0 });
  expect(unconfirmed.running().size).toBe(1);
  unconfirmed.answered(end, undefined);
  expect([unconfirmed.running().size, unconfirmed.all(), unconfirmed.isRecorded(visitId)]).toEqual([0, [], true]);
  unconfirmed.answered(say("close", { visitId }), undefined);
  expect(unconfirmed.isRecorded(visitId)).toBe(false);
});
