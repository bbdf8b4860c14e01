/** OpenEMR's numbers of clinicians in words, and what may be typed. */
import { type ProviderView, RowNumber } from "#protocol/bff-providers.ts";

export function nameOf({ clinician }: ProviderView): string {
  return clinician.name ?? "Not named by OpenEMR";
}

/** Where the number that is used comes from. `dateOf` writes an instant as a date of the clinic. */
export function whence(view: ProviderView, dateOf: (instant: string) => string): string {
  const { used, learned, typedAt } = view;
  if (used === null) return "Nothing seen yet: an appointment of this clinician in OpenEMR shows it";
  if (used.from === "setting") return "In the clinic's settings";
  if (used.from === "list") return "OpenEMR's list of practitioners";
  if (used.from === "appointment") return `Appointment of ${learned?.appointmentDate ?? "an earlier day"}`;
  const typed = typedAt === null ? "Typed by hand" : `Typed by hand on ${dateOf(typedAt)}`;
  if (learned === null || learned.providerId === used.providerId) return typed;
  return `${typed}; OpenEMR says ${learned.providerId}`;
}

/** Undefined when it may stand. An empty facility is the clinic's. */
export function faultOf(text: string, kind: "provider" | "facility"): string | undefined {
  if (kind === "facility" && text === "") return undefined;
  return RowNumber.safeParse(text).success ? undefined : "A number of up to ten digits, as in OpenEMR";
}

/** Whose number it is already, if anybody else's. */
export function ownerOf(providerId: string, view: ProviderView, all: readonly ProviderView[]): string | undefined {
  const other = all.find(
    ({ clinician, used }) => clinician.id !== view.clinician.id && used?.providerId === providerId,
  );
  return other && nameOf(other);
}
