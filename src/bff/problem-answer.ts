/** Whatever a route throws, as problem+json. The wire carries codes; messages of errors stay here. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { problem, ProblemError, type Problem, type ProblemCode } from "#model/problem.ts";
import type { ProblemJson } from "#protocol/problem-json.ts";
import type { Log } from "./context.ts";
import { errorFields, requestFields } from "./log.ts";

/** The one table of HTTP statuses. Codes that only a browser makes never leave this server; they count as our mistake. */
export const statusOf: Record<ProblemCode, number> = {
  signed_out: 401,
  sign_in_failed: 403,
  launch_refused: 403,
  launch_used: 403,
  forbidden: 403,
  not_owner: 403,
  invalid_request: 400,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  openemr_down: 503,
  openemr_refused: 502,
  openemr_scope_missing: 403,
  openemr_role_missing: 403,
  openemr_answer_unreadable: 502,
  note_mismatch: 409,
  section_too_long: 422,
  time_taken: 409,
  outside_rules: 422,
  possible_duplicate: 409,
  scribe_down: 503,
  scribe_refused: 502,
  scribe_not_configured: 502,
  scribe_session_expired: 409,
  scribe_answer_unreadable: 502,
  chunk_conflict: 409,
  chunks_missing: 409,
  whole_file_wanted: 409,
  formats_differ: 500,
  audio_too_short: 422,
  audio_quality_poor: 422,
  language_unsupported: 422,
  processing_failed: 502,
  coding_down: 503,
  coding_timed_out: 504,
  coding_refused: 502,
  coding_answer_unreadable: 502,
  coding_note_too_large: 422,
  microphone_denied: 500,
  microphone_missing: 500,
  microphone_lost: 500,
  storage_full: 500,
  storage_unavailable: 500,
  recorder_unsupported: 500,
  recorder_restarting: 500,
  cancelled: 500,
  file_unreadable: 500,
  file_without_audio: 500,
  file_too_short: 500,
  offline: 503,
  timed_out: 504,
  internal_error: 500,
};

/** Registers the error and not-found answers for every route of `app`. */
export function answerProblems(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((thrown, request, reply) => {
    const known = problemOf(thrown);
    sendProblem(request, reply, known);
    if (known.code === "internal_error") {
      log.error({ ...requestFields(request, reply), ...errorFields(thrown) }, "request failed");
    }
    return reply;
  });
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, problem("not_found").problem));
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, known: Problem): FastifyReply {
  const body: ProblemJson = {
    type: `urn:chartside:${known.code}`,
    title: known.code.replaceAll("_", " "),
    status: statusOf[known.code],
    problem: known,
    requestId: request.id,
  };
  if (known.retryAfterMs !== undefined) void reply.header("retry-after", Math.ceil(known.retryAfterMs / 1000));
  return reply.code(body.status).type("application/problem+json").send(JSON.stringify(body));
}

const fastifyProblems: Record<string, ProblemCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "invalid_request",
  FST_ERR_CTP_INVALID_JSON_BODY: "invalid_request",
  FST_ERR_CTP_EMPTY_JSON_BODY: "invalid_request",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid_request",
  FST_ERR_BAD_URL: "invalid_request",
};

/** Routes name bad input themselves; whatever else is thrown, a stored row that cannot be read included, is our own fault. */
function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  const code = fastifyProblems[(thrown as FastifyError | undefined)?.code ?? ""];
  return problem(code ?? "internal_error").problem;
}
