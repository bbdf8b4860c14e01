/** The first drawing after sign-in, where a visit was cut off: its offer before the screen behind it. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot, type Root } from "react-dom/client";
import { createMemoryRouter, RouterProvider } from "react-router-dom";
import { afterEach, expect, test, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import { VisitId } from "#model/id.ts";
import { type HeldVisit, idleRecording, type RecordingView } from "#model/recording.ts";
import { type App, AppContext } from "#app/app-context.ts";
import { keys } from "#app/queries.ts";
import { VisitSessionContext } from "#app/use-recording.ts";
import type { VisitSession } from "#app/visit-session.ts";
import { Shell } from "./shell.tsx";

/** As in a page that the service worker gave. */
vi.mock("#app/first.ts", () => ({ isKeptHere: true }));

let root: Root;

afterEach(() => root.unmount());

const cut: HeldVisit = {
  visitId: VisitId.parse("0b6f5b1e-52f4-4f0e-9d0a-0f6f0e6a1c11"),
  patientName: "Ada Quill",
  patientBirthDate: null,
  recordNumber: "1047",
  clinicianId: "dr-x",
  startedAt: 1000,
  lastSavedAt: 61_000,
  durableMs: 60_000,
  receivedMs: 0,
  chunksCut: 0,
  chunksReceived: 0,
  finished: false,
  gaps: [],
  moments: [],
  bytesOnDevice: 1000,
  signedAt: null,
  imported: false,
  recoveredMs: 0,
};

const app = {
  bootstrap: { clinic: { name: "Clinic", timeZone: "UTC" }, demo: null },
  clock: { now: () => 61_000 },
  session: createStore(() => ({ status: "in", user: { id: "dr-x", name: "Dr X", role: "clinician" } })),
  version: { store: createStore(() => ({ isNewerReady: false })) },
} as unknown as App;

test("what is held is known: the offer is in the page before the clinician's screen is drawn for the first time", async () => {
  const order: string[] = [];
  const isOffered = () => document.querySelector("[role=dialog]")?.textContent.includes("A recording was cut off");
  function Behind() {
    if (order.length === 0) order.push(isOffered() === true ? "the offer, then the screen" : "the screen first");
    return <p>The screen behind</p>;
  }
  const queryClient = new QueryClient();
  queryClient.setQueryData(keys.held, [cut]);
  const store = createStore<RecordingView>(() => idleRecording);
  const session = { store, held: async () => [cut] } as unknown as VisitSession;
  const router = createMemoryRouter([{ element: <Shell />, children: [{ path: "/", element: <Behind /> }] }]);
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  root.render(
    <AppContext value={app}>
      <QueryClientProvider client={queryClient}>
        <VisitSessionContext value={session}>
          <RouterProvider router={router} />
        </VisitSessionContext>
      </QueryClientProvider>
    </AppContext>,
  );
  await vi.waitFor(() => expect(order).toHaveLength(1), { timeout: 30_000 });
  expect(order).toEqual(["the offer, then the screen"]);
});
