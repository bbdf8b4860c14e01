/**
 * The strings a test may pull, in the same process or as `/sandbox/...` over HTTP (mounted only when asked for). Bodies and
 * answers are JSON; the chart is read with GET, everything else is POST.
 */
import { randomUUID } from "node:crypto";
import { isDate } from "./api/validation.ts";
import { later } from "./api/appointments.ts";
import { json } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { viewChart } from "./chart-view.ts";
import type { ChartView } from "./chart-view.ts";
import type { Down, Fault, Faults } from "./faults.ts";
import { fieldsOf, jsonFields } from "./incoming.ts";
import type { Fields, Incoming } from "./incoming.ts";
import { now } from "./site.ts";
import type { Site } from "./site.ts";

/** An appointment made by somebody else, straight into the calendar. */
export type ThirdPartyAppointment = {
  /** Null: a block in the provider's calendar. */
  pid: number | null;
  /** The provider's username. */
  provider: string;
  date: string;
  /** `HH:MM` */
  startTime: string;
  minutes: number;
  title?: string;
  categoryId?: number;
};

export type Controls = {
  /** The next call (or `times` calls) of this method and path goes wrong. */
  fault(fault: Fault): void;
  clearFaults(): void;
  /** From now on sockets are cut ("refused") or every call is 503 ("unavailable"). */
  goDown(how?: Down): void;
  comeUp(): void;
  /** The user is signed out everywhere: calls answer 400 until they sign in again. With `tokens`, refresh fails too. */
  revokeLogin(username: string, options?: { tokens?: boolean }): void;
  /** Every access token is refused from now on; refresh tokens still work. */
  expireAccessTokens(): void;
  /** What an administrator does in OpenEMR's list of API clients. */
  enableClient(clientId: string): void;
  /** Returns the new appointment's number. */
  addAppointment(appointment: ThirdPartyAppointment): number;
  chart(): ChartView;
  /** The chart as on the first day; sign-ins and registered clients are gone too. */
  reset(): void;
};

export function createControls(site: Site, options: { faults: Faults; replant(): void }): Controls {
  const { faults, replant } = options;
  const { chart } = site;
  return {
    fault: faults.add,
    clearFaults: faults.clear,
    goDown: (how = "refused") => {
      faults.down = how;
    },
    comeUp: () => {
      faults.down = undefined;
    },
    revokeLogin: (username, { tokens = false } = {}) => revokeLogin(site, username, tokens),
    expireAccessTokens: () => {
      const access = chart.tokens.all().filter(({ kind }) => kind === "access");
      for (const token of access) chart.tokens.put({ ...token, expiredByHand: true });
    },
    enableClient: (clientId) => {
      const client = chart.clients.find((row) => row.clientId === clientId);
      if (client) chart.clients.put({ ...client, enabled: true });
    },
    addAppointment: (appointment) => addAppointment(site, appointment),
    chart: () => viewChart(site),
    reset: () => {
      faults.clear();
      faults.down = undefined;
      chart.clear();
      replant();
    },
  };
}

function revokeLogin({ chart }: Site, username: string, withTokens: boolean): void {
  const user = chart.users.find((row) => row.username === username);
  const mine = (row: { userUuid: string }): boolean => row.userUuid === user?.uuid;
  for (const login of chart.logins.all().filter(mine)) chart.logins.remove(login.id);
  if (!withTokens) return;
  for (const token of chart.tokens.all().filter(mine)) chart.tokens.put({ ...token, revoked: true });
}

function addAppointment(site: Site, appointment: ThirdPartyAppointment): number {
  const { pid, provider, date, startTime, minutes, title = "Booked elsewhere", categoryId = 9 } = appointment;
  const start = `${startTime}:00`;
  const user = site.chart.users.find((row) => row.username === provider);
  if (!user) throw new Error("Sandbox: no such provider");
  const row = site.chart.appointments.add({
    uuid: randomUUID(),
    pid,
    aid: user.id,
    catid: categoryId,
    title,
    duration: minutes * 60,
    hometext: title,
    apptstatus: "-",
    eventDate: date,
    startTime: start,
    endTime: later(start, minutes * 60),
    facility: site.facility.id,
    billingLocation: site.facility.id,
    informant: 1,
    createdAt: now(site),
  });
  return row.id;
}

type Pull = (controls: Controls, fields: Fields) => unknown;

const pulls: Record<string, Pull> = {
  "GET /sandbox/chart": (controls) => controls.chart(),
  "POST /sandbox/fault": (controls, fields) => controls.fault(toFault(fields)),
  "POST /sandbox/clear-faults": (controls) => controls.clearFaults(),
  "POST /sandbox/down": (controls, fields) =>
    controls.goDown(fields["how"] === "unavailable" ? "unavailable" : "refused"),
  "POST /sandbox/up": (controls) => controls.comeUp(),
  "POST /sandbox/revoke-login": (controls, fields) =>
    controls.revokeLogin(String(fields["username"]), { tokens: fields["tokens"] === true }),
  "POST /sandbox/expire-access-tokens": (controls) => controls.expireAccessTokens(),
  "POST /sandbox/enable-client": (controls, fields) => controls.enableClient(String(fields["clientId"])),
  "POST /sandbox/appointment": (controls, fields) => ({
    eid: controls.addAppointment(toThirdPartyAppointment(fields)),
  }),
  "POST /sandbox/reset": (controls) => controls.reset(),
};

/** Answers a `/sandbox/...` call: 200 with what it gives, 404 for an unknown string, 400 for a bad body. */
export function pull(controls: Controls, request: Incoming): Answer {
  const act = pulls[`${request.method} ${request.path}`];
  if (!act) return json(404, { error: "no such control" });
  try {
    return json(200, act(controls, jsonFields(request)) ?? {});
  } catch (thrown) {
    return json(400, { error: thrown instanceof Error ? thrown.message : "bad body" });
  }
}

function toFault(fields: Fields): Fault {
  const { kind, method, path, times, status, ms } = fields;
  if (kind !== "fail" && kind !== "lose-answer" && kind !== "delay")
    throw new Error("kind: fail, lose-answer or delay");
  return {
    kind,
    ...(typeof method === "string" && { method }),
    ...(typeof path === "string" && { path }),
    ...(typeof times === "number" && { times }),
    ...(typeof status === "number" && { status }),
    ...(typeof ms === "number" && { ms }),
  };
}

function toThirdPartyAppointment(fields: Fields): ThirdPartyAppointment {
  const { pid, provider, date, startTime, minutes, title, categoryId } = fieldsOf(fields);
  const isTime = typeof startTime === "string" && /^\d\d:\d\d$/u.test(startTime);
  if (typeof provider !== "string" || typeof date !== "string" || !isDate(date) || !isTime) {
    throw new Error("wanted: pid or null, provider, date, startTime HH:MM, minutes");
  }
  return {
    pid: typeof pid === "number" ? pid : null,
    provider,
    date,
    startTime,
    minutes: typeof minutes === "number" ? minutes : 30,
    ...(typeof title === "string" && { title }),
    ...(typeof categoryId === "number" && { categoryId }),
  };
}
