import { expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { scribeServicesOf } from "./scribe-services.ts";

const clinic = { name: "Clinic scribe", url: "https://scribe.example.org", key: "sk_live_secret" };
const read = (services: unknown) => readConfig({ SCRIBE_SERVICES: JSON.stringify(services) });

test("a list of services, the preferred one first, each with its protocol seen by shape unless it is named", () => {
  const oidc = { tokenUrl: "https://id.example.org/token", clientId: "chartside", clientSecret: "s" };
  const other = { name: "Other", url: "https://o.example/v1/omsif", protocol: "omsif", form: "rev2", oidc };
  expect(scribeServicesOf(read([clinic, other]))).toEqual([{ ...clinic, protocol: "auto" }, other]);
});

test("SCRIBE_URL and SCRIBE_API_KEY are the short form of one service", () => {
  const config = readConfig({ SCRIBE_URL: "https://scribe.example.org/x", SCRIBE_API_KEY: "sk" });
  expect(scribeServicesOf(config)).toEqual([
    { name: "scribe.example.org", url: "https://scribe.example.org/x", protocol: "auto", key: "sk" },
  ]);
});

test.each([
  ["no JSON", "[{", "SCRIBE_SERVICES: not JSON"],
  ["no list", "{}", "SCRIBE_SERVICES: "],
  ["an empty list", "[]", "SCRIBE_SERVICES: "],
  ["a bad address", [{ ...clinic, url: "scribe" }], "SCRIBE_SERVICES.0.url: "],
  ["an address that is not HTTP", [{ ...clinic, url: "ftp://x" }], "SCRIBE_SERVICES.0.url: "],
  ["no name", [{ ...clinic, name: "" }], "SCRIBE_SERVICES.0.name: "],
  ["a name twice", [clinic, clinic], "SCRIBE_SERVICES.1.name: is there twice"],
  [
    "neither key nor client",
    [clinic, { name: "b", url: clinic.url }],
    "SCRIBE_SERVICES.1.key: give either key or oidc",
  ],
  ["an unknown protocol", [{ ...clinic, protocol: "fhir" }], "SCRIBE_SERVICES.0.protocol: "],
  [
    "a form of another protocol",
    [{ ...clinic, protocol: "omsif", form: "A" }],
    "SCRIBE_SERVICES.0.form: omsif has rev1, rev2",
  ],
  ["a form without a protocol", [{ ...clinic, form: "A" }], "SCRIBE_SERVICES.0.form: needs a protocol beside it"],
  ["a misspelt field", [{ ...clinic, kye: "x" }], "SCRIBE_SERVICES.0: "],
  ["half a client", [{ name: "b", url: clinic.url, oidc: { clientId: "x" } }], "SCRIBE_SERVICES.0.oidc.tokenUrl: "],
])("%s is refused by the field's name, and no secret is shown", (_name, services, told) => {
  const setting = typeof services === "string" ? services : JSON.stringify(services);
  const refused = () => readConfig({ SCRIBE_SERVICES: setting });
  expect(refused).toThrow(told);
  try {
    refused();
  } catch (thrown) {
    expect(String(thrown)).not.toContain("sk_live_secret");
  }
});
