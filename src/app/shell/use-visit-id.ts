import { useParams } from "react-router-dom";
import { VisitId } from "#model/id.ts";
import { problem } from "#model/problem.ts";

/** The visit of this address; a malformed one is `not_found`. */
export function useVisitId(): VisitId {
  const parsed = VisitId.safeParse(useParams()["visitId"]);
  if (!parsed.success) throw problem("not_found");
  return parsed.data;
}
