import { expect, test } from "vitest";
import { clientScopes } from "#sandbox/seed.ts";
import { openemr82 } from "#sandbox/openemr/profiles/openemr-8.2.ts";
import { isSupported, offeredScopes, permits } from "./scopes.ts";

const words = (text: string): string[] => text.split(" ");

test("every scope of the demo client exists", () => {
  expect(clientScopes.filter((scope) => !isSupported(scope, openemr82))).toEqual([]);
});

test.each(["user/appointment.sdrc", "user/Slot.read", "user/nope.read", "user/list.crus", "user/."])(
  "%s does not exist",
  (scope) => expect(isSupported(scope, openemr82)).toBe(false),
);

/** browser_flow_v1_style: requested and granted. */
test("the consent page drops profile and email, and sorts the resources", () => {
  const requested = words(
    "openid profile email fhirUser offline_access api:oemr api:fhir user/patient.read user/appointment.read user/appointment.write user/encounter.write user/soap_note.write",
  );
  const { plain, resources } = offeredScopes(requested);
  expect([...plain, ...resources].join(" ")).toBe(
    "fhirUser api:oemr api:fhir openid offline_access user/appointment.read user/appointment.write user/encounter.write user/patient.read user/soap_note.write",
  );
});

/** Measured in a browser: merged per resource, in the style that came first. */
test.each([
  ["user/appointment.read user/appointment.crds", "user/appointment.read user/appointment.write"],
  ["user/appointment.crds user/appointment.read", "user/appointment.crds"],
  ["user/appointment.cd user/appointment.read", "user/appointment.crds"],
  ["user/appointment.rs user/appointment.cd", "user/appointment.crds"],
])("%s is offered as %s", (requested, offered) => {
  expect(offeredScopes(words(requested)).resources.join(" ")).toBe(offered);
});

test("read permits lists and single records, write the rest; upper and lower case are different resources", () => {
  const scopes = ["user/appointment.read", "user/soap_note.write"];
  expect(permits(scopes, "appointment", "s") && permits(scopes, "appointment", "r")).toBe(true);
  expect(permits(scopes, "appointment", "c")).toBe(false);
  expect(permits(scopes, "soap_note", "u")).toBe(true);
  expect(permits(scopes, "Appointment", "s")).toBe(false);
});
