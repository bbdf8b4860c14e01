/** For tests: a clinic server of some routes over the fake chart, with a store in memory and users named by a header. */
import { fastify } from "fastify";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { createAudit } from "#bff/audit.ts";
import { readConfig } from "#bff/config.ts";
import type { BffContext, Log } from "#bff/context.ts";
import { answerProblems } from "#bff/problem-answer.ts";
import { createMemoryStore } from "#bff/store/memory-store.ts";
import type { Store } from "#bff/store/store.ts";
import { insertRow } from "#bff/visits/insert-row.ts";
import type { Columns } from "#bff/visits/insert-row.ts";
import { PatientId, UserId } from "#model/id.ts";
import type { Patient } from "#model/patient.ts";
import { problem } from "#model/problem.ts";
import type { User } from "#model/user.ts";
import { createFakeChart } from "#openemr/fake-chart.ts";
import type { FakeChart } from "#openemr/fake-chart.ts";
import { createOpenEmr } from "#openemr/openemr.ts";
import type { OpenEmr } from "#openemr/openemr.ts";

export const users: Record<string, User> = {
  lee: { id: UserId.parse("user-lee"), name: "Kim Lee", role: "clinician" },
  ray: { id: UserId.parse("user-ray"), name: "Ann Ray", role: "clinician" },
  desk: { id: UserId.parse("user-desk"), name: "Fay Front", role: "front_desk" },
  admin: { id: UserId.parse("user-admin"), name: "Ada Min", role: "administrator" },
};

export const ana: Patient = {
  id: PatientId.parse("patient-1"),
  name: "Ana Diaz",
  birthDate: "1980-02-03",
  recordNumber: "R-1",
  sex: "Female",
};

export type TestClinic = {
  app: FastifyInstance;
  chart: FakeChart;
  store: Store;
  /** Milliseconds; Saturday 21 November 2026, 9:00 in New York at first. */
  clock: { nowMs: number };
  /** What was told to screens: "follow_ups" or "visit". */
  told: string[];
  woken: number;
  /** `call` is method and path, "GET /api/worklist". */
  as(user: string, call: string, body?: object): Promise<{ status: number; json: unknown }>;
  /** A visit of Dr Lee with Ana. */
  addVisit(columns: Columns & { id: string }): Promise<void>;
  auditRows(): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
};

function methodOf(text: string): "GET" | "POST" | "PUT" | "DELETE" {
  return text === "POST" || text === "PUT" || text === "DELETE" ? text : "GET";
}

type Routes = (parts: BffContext & { openemr: OpenEmr }) => FastifyPluginAsync;

export function createTestClinic(routes: Routes): TestClinic {
  const store = createMemoryStore();
  const chart = createFakeChart();
  const app = fastify();
  const clinic: TestClinic = {
    app,
    chart,
    store,
    clock: { nowMs: Date.parse("2026-11-21T14:00:00Z") },
    told: [],
    woken: 0,
    async as(user, call, body) {
      const [method = "GET", url = ""] = call.split(" ");
      const answer = await app.inject({
        method: methodOf(method),
        url,
        headers: { "x-user": user },
        ...(body ? { payload: body } : {}),
      });
      return { status: answer.statusCode, json: answer.body === "" ? undefined : answer.json() };
    },
    addVisit: async (columns) => {
      await store.transact({ statements: [insertRow("visits", { ...visitColumns(clinic.clock.nowMs), ...columns })] });
    },
    auditRows: () => store.query("SELECT actor, action, outcome, patient, object FROM audit ORDER BY seq"),
    close: async () => {
      await app.close();
      await store.close();
    },
  };
  answerProblems(app, silent);
  void app.register(routes(partsOf(clinic)));
  return clinic;
}

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

function partsOf(clinic: TestClinic): BffContext & { openemr: OpenEmr } {
  const config = readConfig({});
  const clock = { now: () => clinic.clock.nowMs };
  return {
    config,
    clock,
    store: clinic.store,
    audit: createAudit(clock),
    auth: {
      require: async (request, roles) => {
        const user = users[String(request.headers["x-user"])];
        if (user === undefined) throw problem("signed_out");
        if (!roles.includes(user.role)) throw problem("forbidden");
        return { user, sessionHash: "s", accessToken: async () => user.id };
      },
      tokenOf: async () => undefined,
    },
    events: {
      visitChanged: async () => void clinic.told.push("visit"),
      followUpsChanged: async () => void clinic.told.push("follow_ups"),
    },
    log: silent,
    filing: { wake: () => (clinic.woken += 1), stop: async () => {} },
    jobs: { watch: () => {}, stop: async () => {} },
    openemr: createOpenEmr({
      send: (request) => clinic.chart.send(request),
      baseUrl: "http://chart.example",
      site: "default",
      timeZone: config.CLINIC_TIME_ZONE,
      clock,
    }),
  };
}

function visitColumns(nowMs: number): Columns {
  return {
    clinician_id: "user-lee",
    clinician_name: "Kim Lee",
    patient_id: ana.id,
    patient_pid: "1",
    patient_json: JSON.stringify(ana),
    reason: "Cough",
    consent_json: JSON.stringify({
      answer: "yes",
      others: [],
      textVersion: "1",
      language: "en",
      interpreter: false,
      askedAt: new Date(nowMs).toISOString(),
    }),
    device: "Room 3",
    state: "ready",
    started_at: nowMs,
    created_at: nowMs,
    updated_at: nowMs,
  };
}
