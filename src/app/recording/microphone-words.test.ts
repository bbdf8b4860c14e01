import { expect, test } from "vitest";
import { microphoneLabel, rememberedWords } from "./microphone-words.ts";

const jabra = { deviceId: "j", label: "Jabra Speak 510" };
const built = { deviceId: "b", label: "Built-in Audio" };

test("a microphone is called by its own name, not by its role", () => {
  expect(microphoneLabel({ deviceId: "default", label: "Default - Jabra Speak 510" })).toBe(
    "Jabra Speak 510 (system default)",
  );
  expect(microphoneLabel(jabra)).toBe("Jabra Speak 510");
  expect(microphoneLabel({ deviceId: "x", label: "" })).toBe("Microphone");
});

test("the usual microphone is greeted, another one in its place is said loudly", () => {
  expect(rememberedWords(null, built)).toBeUndefined();
  expect(rememberedWords(jabra, jabra)).toEqual({ tone: "good", words: "Remembered from this workstation" });
  expect(rememberedWords(jabra, { ...jabra, deviceId: "after an update" })?.tone).toBe("good");
  expect(rememberedWords(jabra, built)).toEqual({
    tone: "warn",
    words: "Your usual microphone (Jabra Speak 510) is not connected; using Built-in Audio",
  });
});
