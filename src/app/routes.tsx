import { createBrowserRouter, type RouteObject } from "react-router-dom";
import { HomePage } from "./pages/home.tsx";
import { NotFoundPage } from "./pages/not-found.tsx";
import { VisitDoor } from "./pages/visit-door.tsx";
import { RouteBroken } from "./shell/route-broken.tsx";
import { Shell } from "./shell/shell.tsx";
import { Splash } from "./shell/splash.tsx";

/** Screens are named by what they are for; ids in paths are opaque, and no patient data is in any of them. */
const routes: RouteObject[] = [
  {
    element: <Shell />,
    errorElement: <RouteBroken />,
    hydrateFallbackElement: <Splash />,
    children: [
      { path: "/", element: <HomePage /> },
      { path: "/worklist", lazy: async () => ({ Component: (await import("./pages/worklist.tsx")).WorklistPage }) },
      {
        path: "/start/:appointmentId",
        lazy: async () => ({ Component: (await import("./pages/before-visit.tsx")).BeforeVisitPage }),
      },
      { path: "/visits", lazy: async () => ({ Component: (await import("./pages/visits.tsx")).VisitsPage }) },
      { path: "/visits/:visitId", element: <VisitDoor /> },
      {
        path: "/visits/:visitId/recording",
        lazy: async () => ({ Component: (await import("./pages/recording.tsx")).RecordingPage }),
      },
      {
        path: "/visits/:visitId/processing",
        lazy: async () => ({ Component: (await import("./pages/processing.tsx")).ProcessingPage }),
      },
      {
        path: "/visits/:visitId/review",
        lazy: async () => ({ Component: (await import("./pages/review.tsx")).ReviewPage }),
      },
      {
        path: "/visits/:visitId/sign",
        lazy: async () => ({ Component: (await import("./pages/sign.tsx")).SignPage }),
      },
      { path: "/device", lazy: async () => ({ Component: (await import("./pages/device.tsx")).DevicePage }) },
      { path: "/settings", lazy: async () => ({ Component: (await import("./pages/settings.tsx")).SettingsPage }) },
      { path: "/desk", lazy: async () => ({ Component: (await import("./pages/desk.tsx")).DeskPage }) },
      {
        path: "/desk/:followUpId",
        lazy: async () => ({ Component: (await import("./pages/book-follow-up.tsx")).BookFollowUpPage }),
      },
      {
        path: "/administration",
        lazy: async () => ({ Component: (await import("./pages/administration.tsx")).AdministrationPage }),
      },
      { path: "*", element: <NotFoundPage /> },
    ],
  },
];

export function createAppRouter() {
  return createBrowserRouter(routes);
}
