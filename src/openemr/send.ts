/** One HTTP exchange with OpenEMR; the clinic server supplies pooled connections, tests a fake wire. Resolves for every status. */
export type SendRequest = {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Instead of `body`, what is no text. */
  bytes?: Uint8Array;
  /** Total deadline, queueing included. Rejects with `timed_out`; an unreachable server with `openemr_down`. */
  deadlineMs: number;
};
export type SendAnswer = { status: number; headers: Record<string, string>; body: string };
export type Send = (request: SendRequest) => Promise<SendAnswer>;
