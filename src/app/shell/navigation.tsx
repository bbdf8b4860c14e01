import { CalendarDays, CalendarPlus, FileClock, HardDrive, Settings2 } from "lucide-react";
import type { ReactNode } from "react";
import { NavLink } from "react-router-dom";
import type { Role } from "#model/user.ts";
import { useUser } from "#app/sign-in/use-user.ts";
import styles from "./navigation.module.css";

type Place = { to: string; label: string; icon: ReactNode };

const worklist: Place = { to: "/worklist", label: "Worklist", icon: <CalendarDays /> };
const visits: Place = { to: "/visits", label: "Visits", icon: <FileClock /> };
const device: Place = { to: "/device", label: "This device", icon: <HardDrive /> };
const desk: Place = { to: "/desk", label: "Follow-ups", icon: <CalendarPlus /> };
const administration: Place = { to: "/administration", label: "Administration", icon: <Settings2 /> };

const placesOf: Record<Role, readonly Place[]> = {
  clinician: [worklist, visits, device],
  front_desk: [desk],
  administrator: [administration, desk, worklist],
};

/** Where this role may go: beside the wordmark on a wide screen, under the thumb on a phone. */
export function Navigation({ place }: { place: "top" | "bottom" }) {
  const places = placesOf[useUser().role];
  return (
    <nav className={place === "top" ? styles["top"] : styles["bottom"]} aria-label="Main">
      {places.map(({ to, label, icon }) => (
        <NavLink key={to} to={to} end className={styles["link"] ?? ""}>
          <span className={styles["icon"]} aria-hidden="true">
            {icon}
          </span>
          {label}
        </NavLink>
      ))}
    </nav>
  );
}
