import { Navigate } from "react-router-dom";
import type { Role } from "#model/user.ts";
import { useUser } from "#app/sign-in/use-user.ts";

const homeOf: Record<Role, string> = {
  clinician: "/worklist",
  front_desk: "/desk",
  administrator: "/administration",
};

/** Everyone starts where their work is. */
export function HomePage() {
  return <Navigate to={homeOf[useUser().role]} replace />;
}
