/** What the sandbox remembers, in OpenEMR's own terms. Dates and times are the clinic's wall clock, as OpenEMR stores them. */
export type StaffRole = "administrator" | "physician" | "front office" | "nurse";

export type UserRow = {
  id: number;
  uuid: string;
  username: string;
  password: string;
  role: StaffRole;
  fname: string | null;
  lname: string;
  /** "" where OpenEMR has an empty column, null where it never had a value. */
  npi: string | null;
  email: string | null;
  active: boolean;
};

export type PatientRow = {
  /** The `pid`. */
  id: number;
  uuid: string;
  fname: string;
  mname: string;
  lname: string;
  DOB: string;
  sex: string;
  street: string;
  city: string;
  state: string;
  postal_code: string;
  phone_home: string;
  phone_cell: string;
  email: string;
  createdAt: string;
};

export type AppointmentRow = {
  /** The `pc_eid`. */
  id: number;
  uuid: string;
  /** Null: a block in the provider's calendar. */
  pid: number | null;
  aid: number | null;
  catid: number;
  title: string;
  /** Seconds. */
  duration: number;
  hometext: string;
  apptstatus: string;
  eventDate: string;
  startTime: string;
  endTime: string;
  facility: number;
  billingLocation: number;
  informant: number;
  createdAt: string;
  /** Of one that was written over FHIR: what OpenEMR has no column for. */
  fhir?: { identifier: unknown[]; appointmentType: unknown };
};

export type EncounterRow = {
  /** The row number; notes and appointments never use it. */
  id: number;
  /** The encounter number (`eid`), out of a sequence shared with documents. */
  encounter: number;
  uuid: string;
  pid: number;
  date: string;
  reason: string | null;
  sensitivity: string | null;
  catid: number;
  classCode: string;
  facilityId: number | null;
  billingFacility: number | null;
  providerId: number;
  posCode: number | null;
  externalId: string | null;
  referralSource: string;
  lastUpdate: string;
};

/** OpenEMR's `forms`: what belongs to an encounter. Its join by `formId` alone is why note lists repeat rows. */
export type FormRow = {
  id: number;
  encounter: number;
  pid: number;
  formId: number;
  kind: "newpatient" | "soap" | "vitals";
};

export type SoapRow = {
  id: number;
  pid: number;
  date: string;
  subjective: string | null;
  objective: string | null;
  assessment: string | null;
  plan: string | null;
};

export type VitalRow = {
  id: number;
  uuid: string;
  pid: number;
  encounter: number;
  date: string;
  values: Record<string, string>;
};

export type DocumentRow = {
  id: number;
  /** Document number, shared sequence with encounters. */
  number: number;
  uuid: string;
  pid: number;
  encounter: number;
  /** Null: the category was unknown, and no list shows the document. */
  category: string | null;
  filename: string;
  mimetype: string;
  hash: string;
  /** Base64. */
  content: string;
  date: string;
  authorUuid: string;
};

export type ClientRow = {
  id: number;
  clientId: string;
  secret: string;
  confidential: boolean;
  enabled: boolean;
  name: string;
  redirectUris: string[];
  postLogoutRedirectUris: string[];
  /** Where a patient's page sends the browser; without one there is no button. */
  initiateLoginUri?: string;
  scopes: string[];
  /** Public keys by which it may prove itself without a user. */
  jwks?: { keys: Record<string, unknown>[] };
};

export const systemUser = "oe-system";

export type TokenRow = {
  id: number;
  kind: "access" | "refresh";
  /** The `jti` of an access token; a refresh token's own text. */
  value: string;
  jti: string;
  clientId: string;
  /** `systemUser`: the client acts for nobody. */
  userUuid: string;
  scopes: string[];
  expiresAtMs: number;
  revoked: boolean;
  /** Set by an administrator's hand in the token table: expired although its own date says otherwise. */
  expiredByHand: boolean;
  /** A refresh token's access token, revoked with it. */
  accessJti: string | null;
};

/** Whose page an app was opened from. */
export type LaunchContext = { patient: string; encounter: string | null; appointment: string | null };

/** One row per client and user (`oauth_trusted_user`): the last sign-in. Without it every call of that user is refused. */
export type LoginRow = {
  id: number;
  clientId: string;
  userUuid: string;
  code: string;
  codeExpiresAtMs: number;
  redirectUri: string;
  scopes: string[];
  codeChallenge: string | null;
  /** The challenge is the verifier itself (7.0). */
  isPlainChallenge: boolean;
  nonce: string | null;
  launched?: LaunchContext;
};
