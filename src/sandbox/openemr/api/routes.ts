/** Every route of the API that the sandbox has; anything else is "Route not found", as for FHIR Slot on a real server. */
import { fhirRoutes } from "#sandbox/openemr/fhir/fhir-routes.ts";
import type { Route } from "./api-request.ts";
import {
  addAppointment,
  allAppointments,
  oneAppointment,
  patientAppointments,
  removeAppointment,
} from "./appointments.ts";
import { addDocument, listDocuments, readDocument } from "./documents.ts";
import { addEncounter, changeEncounter, listEncounters, oneEncounter } from "./encounters.ts";
import { listOptions } from "./lists.ts";
import { addPatient, onePatient, searchPatients } from "./patients.ts";
import { addSoapNote, changeSoapNote, listSoapNotes, oneSoapNote } from "./soap-notes.ts";
import { listFacilities, listPractitioners, listUsers, onePractitioner } from "./staff.ts";
import { addVital, changeVital, listVitals, oneVital } from "./vitals.ts";

const soapNotes = "/api/patient/:pid/encounter/:eid/soap_note";
const vitals = "/api/patient/:pid/encounter/:eid/vital";

export const routes: readonly Route[] = [
  { method: "GET", path: "/api/patient", access: "demo", run: searchPatients },
  { method: "GET", path: "/api/patient/:puuid", access: "demo", run: onePatient },
  { method: "POST", path: "/api/patient", access: "demo", run: addPatient },
  { method: "GET", path: "/api/appointment", access: "appt", run: allAppointments },
  { method: "GET", path: "/api/appointment/:eid", access: "appt", run: oneAppointment },
  { method: "GET", path: "/api/patient/:pid/appointment", access: "appt", run: patientAppointments },
  { method: "GET", path: "/api/patient/:pid/appointment/:eid", access: "appt", run: oneAppointment },
  { method: "POST", path: "/api/patient/:pid/appointment", access: "appt", run: addAppointment },
  { method: "DELETE", path: "/api/patient/:pid/appointment/:eid", access: "appt", run: removeAppointment },
  { method: "GET", path: "/api/patient/:puuid/encounter", access: "encounters", run: listEncounters },
  { method: "GET", path: "/api/patient/:puuid/encounter/:euuid", access: "encounters", run: oneEncounter },
  { method: "POST", path: "/api/patient/:puuid/encounter", access: "encounters", run: addEncounter },
  { method: "PUT", path: "/api/patient/:puuid/encounter/:euuid", access: "encounters", run: changeEncounter },
  { method: "GET", path: soapNotes, access: "notes", run: listSoapNotes },
  { method: "GET", path: `${soapNotes}/:sid`, access: "notes", run: oneSoapNote },
  { method: "POST", path: soapNotes, access: "notes", run: addSoapNote },
  { method: "PUT", path: `${soapNotes}/:sid`, access: "notes", run: changeSoapNote },
  { method: "GET", path: vitals, access: "notes", run: listVitals },
  { method: "GET", path: `${vitals}/:vid`, access: "notes", run: oneVital },
  { method: "POST", path: vitals, access: "notes", run: addVital },
  { method: "PUT", path: `${vitals}/:vid`, access: "notes", run: changeVital },
  { method: "GET", path: "/api/patient/:pid/document", access: "docs", run: listDocuments },
  { method: "GET", path: "/api/patient/:pid/document/:did", access: "docs", run: readDocument },
  { method: "POST", path: "/api/patient/:pid/document", access: "docs", run: addDocument },
  { method: "GET", path: "/api/practitioner", access: "users", run: listPractitioners },
  { method: "GET", path: "/api/practitioner/:uuid", access: "users", run: onePractitioner },
  { method: "GET", path: "/api/user", access: "users", run: listUsers },
  { method: "GET", path: "/api/facility", access: "users", run: listFacilities },
  { method: "GET", path: "/api/list/:name", access: "lists", run: listOptions },
  ...fhirRoutes,
];

/** The parameters when the path fits the pattern, else undefined. A trailing slash fits nothing. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":") && value !== "") parameters[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return undefined;
  }
  return parameters;
}
