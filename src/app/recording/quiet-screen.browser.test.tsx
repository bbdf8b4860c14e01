/** A recording changes several times a second for as long as a visit lasts: what is drawn and written with it, and what is not. */
import { Profiler, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { MemoryRouter } from "react-router-dom";
import { afterEach, expect, test, vi } from "vitest";
import { createStore, type StoreApi } from "zustand/vanilla";
import { idleRecording, type RecordingView } from "#model/recording.ts";
import { type App, AppContext } from "#app/app-context.ts";
import { VisitSessionContext } from "#app/use-recording.ts";
import type { VisitSession } from "#app/visit-session.ts";
import { RecordingChip } from "./status-chip-row.tsx";
import { TabTitle } from "./tab-title.tsx";

const now = 1_800_000_000_000;
const app = { clock: { now: () => now } } as App;
let root: Root;

afterEach(() => {
  root.unmount();
  vi.restoreAllMocks();
});

type Drawn = {
  store: StoreApi<RecordingView>;
  count(): number;
  text(): string;
  change(view: Partial<RecordingView>): void;
};

/** Draws this while a visit is recorded. The clock stands still. */
function draw(piece: ReactNode): Drawn {
  const store = createStore<RecordingView>(() => ({ ...idleRecording, phase: "recording" }));
  const place = document.createElement("div");
  const drawn = vi.fn();
  root = createRoot(place);
  const screen = (
    <AppContext value={app}>
      <VisitSessionContext value={{ store } as VisitSession}>
        <MemoryRouter>
          <Profiler id="piece" onRender={drawn}>
            {piece}
          </Profiler>
        </MemoryRouter>
      </VisitSessionContext>
    </AppContext>
  );
  flushSync(() => root.render(screen));
  const change = (view: Partial<RecordingView>): void => flushSync(() => store.setState(view));
  return { store, count: () => drawn.mock.calls.length, text: () => place.textContent, change };
}

test("the status chip is drawn when a word of it changes, and not with every level and fragment", () => {
  const { count, text, change } = draw(<RecordingChip />);
  change({ durableMs: 61_000, durableAt: now, receivedMs: 30_000, receivedAt: now });
  expect(text()).toContain("1:01 on this device");
  const before = count();
  for (let part = 1; part < 10; part += 1) {
    change({ level: { rms: -30 - part, peak: -20 } });
    change({ durableMs: 61_000 + part * 60, durableAt: now - part, chunksCut: part });
  }
  expect(count()).toBe(before);
  change({ durableMs: 62_000 });
  expect(text()).toContain("1:02 on this device");
  change({ phase: "paused" });
  expect(text()).toContain("Paused");
  expect(count()).toBe(before + 2);
});

test("the tab's title counts minutes, and is written when one is full or the recording is paused, not more often", () => {
  const written = vi.spyOn(Document.prototype, "title", "set");
  const { change } = draw(<TabTitle />);
  for (let durableMs = 300; durableMs <= 125_100; durableMs += 300)
    change({ durableMs, level: { rms: -30, peak: -20 } });
  change({ phase: "paused" });
  change({ phase: "recording" });
  expect(written.mock.calls.flat()).toEqual([
    "● 0 min Recording",
    "● 1 min Recording",
    "● 2 min Recording",
    "Ⅱ 2 min Paused",
    "● 2 min Recording",
  ]);
});
