import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CalendarClock, SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { toProblem } from "#model/problem.ts";
import { BookingRulesSave, type BookingRulesView, type ClinicRules } from "#protocol/bff-booking-rules.ts";
import { useApp } from "#app/app-context.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { keys, useBookingRules } from "#app/queries.ts";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { Skeleton } from "#ui/empty-state.tsx";
import { Select } from "#ui/select.tsx";
import { TextField } from "#ui/text-field.tsx";
import { useSpeaker } from "#ui/toast.tsx";
import styles from "./administration.module.css";
import { dropOwn, hoursFor, hoursText, parseHours, setHours, withDay, workWeek } from "./hours-form.ts";

/** When follow-ups may be booked: hours of the clinic and of each clinician, and the rules. */
export function WorkingHours() {
  const { data, error, refetch } = useBookingRules();
  if (error !== null && data === undefined) {
    return <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />;
  }
  if (data === undefined) return <Skeleton lines={8} label="Loading the working hours" />;
  return <Editor key={data.version} view={data} />;
}

function Editor({ view }: { view: BookingRulesView }) {
  const { bff } = useApp();
  const { toast } = useSpeaker();
  const queryClient = useQueryClient();
  const [rules, setRules] = useState<ClinicRules>(view.rules);
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set());
  const save = useMutation({
    mutationFn: () => bff.saveBookingRules({ baseVersion: view.version, rules }),
    onSuccess: (fresh) => {
      queryClient.setQueryData(keys.bookingRules, fresh);
      toast({ tone: "good", words: "Saved. Free times follow these hours from now on." });
    },
  });
  const mark = (field: string, isBroken: boolean): void =>
    setBroken((before) => new Set([...before].filter((other) => other !== field).concat(isBroken ? [field] : [])));
  const isWhole = broken.size === 0 && BookingRulesSave.safeParse({ baseVersion: view.version, rules }).success;
  return (
    <>
      {save.error !== null && (
        <ProblemBanner
          problem={toProblem(save.error)}
          onAction={() => void queryClient.invalidateQueries({ queryKey: keys.bookingRules })}
        />
      )}
      <div className={styles["cards"]}>
        <HoursCard view={view} rules={rules} onRules={setRules} onBroken={mark} />
        <RulesCard rules={rules} onRules={setRules} />
      </div>
      <div className={styles["save"]}>
        <Button
          kind="primary"
          isDisabled={!isWhole || rules === view.rules}
          isPending={save.isPending}
          onPress={() => save.mutate()}
        >
          Save
        </Button>
        <Button isDisabled={rules === view.rules} onPress={() => setRules(view.rules)}>
          Undo
        </Button>
        <span className={styles["note"]}>
          {view.version === 0 ? "Nobody has changed them yet." : `Version ${String(view.version)}. `}
          {!isWhole && "A field cannot be read yet: look at the one marked."}
        </span>
      </div>
    </>
  );
}

type Part = { rules: ClinicRules; onRules: (rules: ClinicRules) => void };
type HoursProps = Part & { view: BookingRulesView; onBroken: (field: string, isBroken: boolean) => void };

function HoursCard({ view, rules, onRules, onBroken }: HoursProps) {
  const [whose, setWhose] = useState("clinic");
  const { hours, breaks, isOwn } = hoursFor(rules, whose);
  const isClinic = whose === "clinic";
  return (
    <Card
      title="Working hours"
      icon={<CalendarClock />}
      aside={
        <Select
          label="Whose hours"
          isLabelHidden
          value={whose}
          onChange={setWhose}
          choices={[
            { value: "clinic", label: "The clinic" },
            ...view.clinicians.map(({ id, name }) => ({ value: id as string, label: name })),
          ]}
        />
      }
    >
      <p className={styles["note"]}>
        {isClinic || isOwn
          ? "From and to, as 08:00-17:00. A second span follows a comma. A day off is left empty."
          : "The clinic’s hours hold. A change here makes hours of their own."}
      </p>
      <div className={styles["week"]}>
        {workWeek.map((day) => (
          <HoursField
            key={`${whose} ${day}`}
            label={day.charAt(0).toUpperCase() + day.slice(1)}
            times={hours[day]}
            onTimes={(times) => onRules(setHours(rules, whose, { hours: withDay(hours, day, times), breaks }))}
            onBroken={(isBroken) => onBroken(`${whose} ${day}`, isBroken)}
          />
        ))}
        <HoursField
          key={`${whose} breaks`}
          label="Breaks on every day"
          times={breaks}
          onTimes={(times) => onRules(setHours(rules, whose, { hours, breaks: times }))}
          onBroken={(isBroken) => onBroken(`${whose} breaks`, isBroken)}
        />
      </div>
      {!isClinic && isOwn && (
        <div>
          <Button size="small" onPress={() => onRules(dropOwn(rules, whose))}>
            The clinic’s hours again
          </Button>
        </div>
      )}
    </Card>
  );
}

type FieldProps = {
  label: string;
  times: readonly [string, string][] | undefined;
  onTimes: (times: [string, string][]) => void;
  onBroken: (isBroken: boolean) => void;
};

function HoursField({ label, times, onTimes, onBroken }: FieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? hoursText(times);
  const isBroken = parseHours(text) === undefined;
  return (
    <TextField
      label={label}
      placeholder="Day off"
      autoComplete="off"
      value={text}
      error={isBroken ? "As 08:00-12:00, 13:00-17:00" : undefined}
      onChange={(next) => {
        setTyped(next);
        const parsed = parseHours(next);
        onBroken(parsed === undefined);
        if (parsed !== undefined) onTimes(parsed);
      }}
      onBlur={() => {
        if (!isBroken) setTyped(null);
      }}
    />
  );
}

type Figure = Exclude<keyof ClinicRules, "hours" | "breaks" | "clinicians">;
type Group = { title: string; figures: [Figure, label: string, unit: string][] };

const groups: Group[] = [
  {
    title: "How long an appointment takes",
    figures: [
      ["followUpMinutes", "Follow-up", "minutes"],
      ["routineMinutes", "Routine exam", "minutes"],
      ["urgentMinutes", "Urgent visit", "minutes"],
      ["consultationMinutes", "Consultation", "minutes"],
    ],
  },
  {
    title: "Where it may begin",
    figures: [
      ["gridMinutes", "A time is offered every", "minutes"],
      ["bufferMinutes", "Kept free between two", "minutes"],
    ],
  },
  {
    title: "How far ahead it is booked",
    figures: [
      ["minimumNoticeHours", "At least", "hours"],
      ["urgentNoticeHours", "Urgent visit, at least", "hours"],
      ["maximumDaysAhead", "At most", "days"],
    ],
  },
];

function RulesCard({ rules, onRules }: Part) {
  return (
    <Card title="Booking rules" icon={<SlidersHorizontal />}>
      {groups.map(({ title, figures }) => (
        <fieldset key={title} className={styles["figures"]}>
          <legend>{title}</legend>
          {figures.map(([name, label, unit]) => (
            <TextField
              key={name}
              label={label}
              hint={unit}
              inputMode="numeric"
              autoComplete="off"
              value={String(rules[name])}
              onChange={(text) => {
                if (/^\d{0,4}$/u.test(text)) onRules({ ...rules, [name]: Number(text) });
              }}
            />
          ))}
        </fieldset>
      ))}
    </Card>
  );
}
