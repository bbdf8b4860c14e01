import { ChevronDown, LogOut, Moon, SlidersHorizontal, Sun, SunMoon, UserRound } from "lucide-react";
import { useState } from "react";
import { Link, useNavigate } from "react-router-dom";
import type { Role } from "#model/user.ts";
import { useApp } from "#app/app-context.ts";
import { useUser } from "#app/sign-in/use-user.ts";
import { useSignOut } from "#app/sign-in/use-sign-out.tsx";
import { Button } from "#ui/button.tsx";
import { Menu, type MenuChoice } from "#ui/menu.tsx";
import { ConnectionChip } from "./connection-chip.tsx";
import { Navigation } from "./navigation.tsx";
import styles from "./top-bar.module.css";
import { Wordmark } from "./wordmark.tsx";

export function TopBar() {
  const { bootstrap } = useApp();
  return (
    <header className={styles["bar"]}>
      <Link to="/" className={styles["home"]} aria-label="Chartside, start page">
        <Wordmark />
      </Link>
      <Navigation place="top" />
      <div className={styles["side"]}>
        <ConnectionChip />
        <span className={styles["clinic"]}>{bootstrap.clinic.name}</span>
        <UserMenu />
      </div>
    </header>
  );
}

const roleWords: Record<Role, string> = {
  clinician: "Clinician",
  front_desk: "Front desk",
  administrator: "Administrator",
};

function UserMenu() {
  const user = useUser();
  const signOut = useSignOut();
  const appearance = useAppearance();
  const navigate = useNavigate();
  const settings: MenuChoice = {
    id: "settings",
    label: "Settings",
    icon: <SlidersHorizontal />,
    onAction: () => void navigate("/settings"),
  };
  const leave: MenuChoice = {
    id: "sign-out",
    label: "Sign out",
    icon: <LogOut />,
    onAction: signOut.ask,
    ...(signOut.obstacle === undefined ? {} : { note: signOut.obstacle, isDisabled: true }),
  };
  return (
    <>
      <Menu label="Account" choices={[settings, ...appearance, leave]}>
        <Button kind="quiet" icon={<UserRound />}>
          <span className={styles["user"]}>
            {user.name}
            <span className={styles["role"]}>{roleWords[user.role]}</span>
          </span>
          <ChevronDown className={styles["chevron"]} aria-hidden="true" />
        </Button>
      </Menu>
      {signOut.dialog}
    </>
  );
}

const looks = [
  { id: "system", label: "Appearance: as the system", icon: <SunMoon /> },
  { id: "light", label: "Appearance: light", icon: <Sun /> },
  { id: "dark", label: "Appearance: dark", icon: <Moon /> },
] as const;

/** The other two appearances; the choice lasts as long as the tab. */
function useAppearance(): MenuChoice[] {
  const [chosen, setChosen] = useState("system");
  const choose = (id: string) => {
    setChosen(id);
    document.documentElement.setAttribute("data-theme", id);
  };
  return looks.filter(({ id }) => id !== chosen).map((look) => ({ ...look, onAction: () => choose(look.id) }));
}
