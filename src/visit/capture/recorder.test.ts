import { afterEach, expect, test, vi } from "vitest";
import { recordingFormat, sliceMsFor } from "./recorder.ts";
import { recordingSupport } from "./support.ts";

afterEach(() => vi.unstubAllGlobals());

/** A browser that writes these and is otherwise complete. */
function stubBrowser(formats: readonly string[], lacks: { navigator?: string[]; files?: boolean } = {}): void {
  const whole = { mediaDevices: {}, storage: { getDirectory: () => undefined }, locks: {} };
  const navigator = Object.fromEntries(Object.entries(whole).filter(([name]) => !lacks.navigator?.includes(name)));
  vi.stubGlobal("navigator", navigator);
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("FileSystemFileHandle", lacks.files === true ? undefined : function FileHandle() {});
  vi.stubGlobal("MediaRecorder", { isTypeSupported: (type: string) => formats.includes(type) });
}

test("Opus in WebM where it can be had, then Opus in MP4, then whatever MP4 holds", () => {
  stubBrowser(["audio/mp4", "audio/mp4;codecs=opus", "audio/webm;codecs=opus"]);
  expect(recordingFormat()).toBe("audio/webm;codecs=opus");
  stubBrowser(["audio/mp4", "audio/mp4;codecs=opus"]);
  expect(recordingFormat()).toBe("audio/mp4;codecs=opus");
  stubBrowser(["audio/mp4"]);
  expect(recordingFormat()).toBe("audio/mp4");
});

test("neither, or no recorder at all: refused by name", () => {
  stubBrowser(["audio/ogg"]);
  expect(() => recordingFormat()).toThrow("recorder_unsupported");
  vi.stubGlobal("MediaRecorder", undefined);
  expect(() => recordingFormat()).toThrow("recorder_unsupported");
});

const webKit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";

test.each([
  [
    "Chrome",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    250,
  ],
  ["Firefox", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", 250],
  ["Safari", `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webKit} Version/26.0 Safari/605.1.15`, 1000],
  ["Chrome on iOS", `Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) ${webKit} CriOS/141.0 Safari/604.1`, 1000],
])("slices in %s", (_name, userAgent, sliceMs) => {
  expect(sliceMsFor(userAgent)).toBe(sliceMs);
});

test("a browser that cannot keep the promise is told so in words, one that can is told its format", () => {
  stubBrowser(["audio/webm;codecs=opus"]);
  expect(recordingSupport()).toEqual({ canRecord: true, mimeType: "audio/webm;codecs=opus" });
  const refused = (): string => {
    const support = recordingSupport();
    return support.canRecord ? "no refusal" : `${support.problem.code}: ${support.words}`;
  };
  stubBrowser([]);
  expect(refused()).toContain("recorder_unsupported: This browser cannot record sound");
  stubBrowser(["audio/webm;codecs=opus"], { files: true });
  expect(refused()).toContain("keep a recording safe");
  stubBrowser(["audio/webm;codecs=opus"], { navigator: ["mediaDevices"] });
  expect(refused()).toContain("no microphone");
  stubBrowser(["audio/webm;codecs=opus"], { navigator: ["locks"] });
  expect(refused()).toContain("two tabs");
  vi.stubGlobal("isSecureContext", false);
  expect(refused()).toContain("https");
});
