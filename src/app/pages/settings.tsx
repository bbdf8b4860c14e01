/**
 * What this workstation remembers: its name, its microphone, the shortcuts, the size of the text. In and out: the workstation's
 * own row in this browser; a change holds at once and for everybody who works here.
 */
import { HardDrive, Keyboard, Mic, MonitorSmartphone, Type } from "lucide-react";
import { type FormEvent, useState } from "react";
import { toProblem } from "#model/problem.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { PresetChoice } from "#app/recording/preset-choice.tsx";
import { UsualMicrophone } from "#app/settings/usual-microphone.tsx";
import { ShortcutList } from "#app/settings/shortcut-list.tsx";
import { usePageTitle } from "#app/shell/use-page-title.ts";
import { useRemember, useWorkstation } from "#app/use-workstation.ts";
import { type TextSize, textSizes, type Workstation } from "#app/workstation.ts";
import { Button, LinkButton } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { Switch } from "#ui/checkbox.tsx";
import { Skeleton } from "#ui/empty-state.tsx";
import { PageHeader } from "#ui/page-header.tsx";
import { RadioCards } from "#ui/radio-cards.tsx";
import { TextField } from "#ui/text-field.tsx";
import { useAnnounce } from "#ui/toast.tsx";
import styles from "./settings.module.css";

type Change = { workstation: Workstation; remember: (change: Partial<Workstation>) => void };

export function SettingsPage() {
  usePageTitle("Settings");
  const workstation = useWorkstation();
  const announce = useAnnounce();
  const { mutate, error } = useRemember();
  const remember = (change: Partial<Workstation>) => mutate(change, { onSuccess: () => announce("Saved") });
  return (
    <>
      <PageHeader title="Settings">
        <p>They belong to this workstation, whoever is signed in, and hold at once.</p>
      </PageHeader>
      {error !== null && <ProblemBanner problem={toProblem(error)} />}
      {workstation === undefined ? (
        <Skeleton lines={8} label="Loading the settings" />
      ) : (
        <div className={styles["columns"]}>
          <div className={styles["column"]}>
            <Name workstation={workstation} remember={remember} />
            <Microphones workstation={workstation} remember={remember} />
            <TextSizes workstation={workstation} remember={remember} />
          </div>
          <div className={styles["column"]}>
            <Shortcuts workstation={workstation} remember={remember} />
            <Storage />
          </div>
        </div>
      )}
    </>
  );
}

function Name({ workstation, remember }: Change) {
  const [name, setName] = useState(workstation.name);
  const save = (event: FormEvent) => {
    event.preventDefault();
    remember({ name });
  };
  return (
    <Card title="This workstation" icon={<MonitorSmartphone />}>
      <form className={styles["name"]} onSubmit={save}>
        <TextField
          label="Name"
          hint="Other devices say where a recording is by this name, for example “Room 3 PC”."
          value={name}
          onChange={setName}
          maxLength={60}
          autoComplete="off"
        />
        <Button type="submit" isDisabled={name.trim() === workstation.name}>
          Save the name
        </Button>
      </form>
    </Card>
  );
}

function Microphones({ workstation, remember }: Change) {
  return (
    <Card title="Microphone" icon={<Mic />}>
      <UsualMicrophone workstation={workstation} remember={remember} />
      <PresetChoice value={workstation.preset} onChange={(preset) => remember({ preset })} />
    </Card>
  );
}

function Shortcuts({ workstation, remember }: Change) {
  return (
    <Card title="Keyboard shortcuts" icon={<Keyboard />}>
      <Switch
        isSelected={workstation.hasShortcuts}
        onChange={(hasShortcuts) => remember({ hasShortcuts })}
        note="Switch them off if another program uses these keys."
      >
        Alt + Shift shortcuts
      </Switch>
      <ShortcutList />
    </Card>
  );
}

const sizeNames: Record<TextSize, string> = { normal: "Normal", large: "Large", largest: "Largest" };

function TextSizes({ workstation, remember }: Change) {
  return (
    <Card title="Text size" icon={<Type />}>
      <RadioCards
        label="Size of all text"
        value={workstation.textSize}
        cards={textSizes.map((value) => ({ value, label: sizeNames[value] }))}
        onChange={(textSize) => remember({ textSize })}
      />
    </Card>
  );
}

function Storage() {
  return (
    <Card title="What this device stores" icon={<HardDrive />}>
      <p className={styles["text"]}>
        Recordings stay encrypted on this device until the scribe has them and the note is signed. Each piece is listed
        with its checksum.
      </p>
      <p>
        <LinkButton href="/device">Open This device</LinkButton>
      </p>
    </Card>
  );
}
