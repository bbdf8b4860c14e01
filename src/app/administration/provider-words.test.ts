import { expect, test } from "vitest";
import { ProviderView } from "#protocol/bff-providers.ts";
import { faultOf, nameOf, ownerOf, whence } from "./provider-words.ts";

const lee = ProviderView.parse({
  clinician: { id: "user-lee", name: "Kim Lee" },
  used: { providerId: "5", facilityId: "3", from: "appointment" },
  learned: { providerId: "5", facilityId: "3", appointmentDate: "2026-11-24" },
  typedAt: null,
});
const dateOf = (instant: string): string => instant.slice(0, 10);

test("where a number comes from is said in words", () => {
  expect(whence(lee, dateOf)).toBe("Appointment of 2026-11-24");
  const typed = { providerId: "51", facilityId: null, from: "typed" as const };
  const byHand = { ...lee, used: typed, typedAt: "2026-11-21T14:00:00.000Z" };
  expect(whence(byHand, dateOf)).toBe("Typed by hand on 2026-11-21; OpenEMR says 5");
  expect(whence({ ...byHand, learned: null }, dateOf)).toBe("Typed by hand on 2026-11-21");
  expect(whence({ ...lee, used: null, learned: null }, dateOf)).toMatch(/^Nothing seen yet/u);
});

test("what is no number of a row is told before it is sent; no facility is the clinic's", () => {
  for (const text of ["0", "-1", "5a", "05", "12345678901"]) expect(faultOf(text, "provider")).toBeDefined();
  expect([faultOf("5", "provider"), faultOf("", "facility"), faultOf("", "provider")]).toEqual([
    undefined,
    undefined,
    expect.any(String),
  ]);
});

test("another clinician's number is theirs, one's own is free to keep", () => {
  const ray = { ...lee, clinician: ProviderView.shape.clinician.parse({ id: "user-ray", name: null }) };
  expect(ownerOf("5", ray, [lee, ray])).toBe("Kim Lee");
  expect(ownerOf("5", lee, [lee])).toBeUndefined();
  expect(nameOf(ray)).toBe("Not named by OpenEMR");
});
