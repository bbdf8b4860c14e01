/** The profiles by name. */
import { fhirScheduling } from "./fhir-scheduling.ts";
import { openemr70 } from "./openemr-7.0.0.ts";
import { openemr80 } from "./openemr-8.0.ts";
import { openemr82 } from "./openemr-8.2.ts";
import { openemr83 } from "./openemr-8.3.ts";
import type { Profile, ProfileName } from "./profile.ts";

export const profiles: Record<ProfileName, Profile> = {
  "openemr-7.0.0": openemr70,
  "openemr-8.0": openemr80,
  "openemr-8.2": openemr82,
  "openemr-8.3": openemr83,
  "fhir-scheduling": fhirScheduling,
};

export const defaultProfile: ProfileName = "openemr-8.2";

/** Undefined: there is none of that name. */
export function profileNamed(name: string): Profile | undefined {
  return Object.values(profiles).find((profile) => profile.name === name);
}
