import { expect, test } from "vitest";
import { readConfig, required } from "./config.ts";

test("without settings it is the local scribe with pocketsphinx and the extractive writer", () => {
  expect(readConfig({})).toMatchObject({
    LOCAL_SCRIBE_HOST: "127.0.0.1",
    LOCAL_SCRIBE_PORT: 8400,
    LOCAL_SCRIBE_API_KEYS: ["sk_test_chartside"],
    LOCAL_SCRIBE_SPEECH: "pocketsphinx",
    LOCAL_SCRIBE_TAKES: 3,
    LOCAL_SCRIBE_VOCABULARY: "clinical",
    LOCAL_SCRIBE_WRITER: "extractive",
  });
});

test("several keys are told apart", () => {
  expect(readConfig({ LOCAL_SCRIBE_API_KEYS: "sk_live_one, sk_live_two" }).LOCAL_SCRIBE_API_KEYS).toEqual([
    "sk_live_one",
    "sk_live_two",
  ]);
});

test("settings at fault are named, their values are not", () => {
  const read = () => readConfig({ LOCAL_SCRIBE_PORT: "port", LOCAL_SCRIBE_API_KEYS: "short,sk_live_two" });
  expect(read).toThrow(/LOCAL_SCRIBE_PORT.*LOCAL_SCRIBE_API_KEYS/u);
  expect(read).not.toThrow(/sk_live_two/u);
});

test("a setting that another one needs is asked for by name", () => {
  const config = readConfig({ LOCAL_SCRIBE_SPEECH: "openai", LOCAL_SCRIBE_SPEECH_URL: "http://127.0.0.1:9000" });
  expect(required(config, "LOCAL_SCRIBE_SPEECH_URL")).toBe("http://127.0.0.1:9000");
  expect(() => required(config, "LOCAL_SCRIBE_WRITER_URL")).toThrow("LOCAL_SCRIBE_WRITER_URL");
});
