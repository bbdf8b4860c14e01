/** What is added to a signed note. Each addendum is a note of its own in the same encounter; nothing is overwritten. */
import { z } from "zod";
import { AddendumId } from "#model/id.ts";
import { FilingView } from "./bff-filing.ts";

/** Characters, not bytes: the bytes are counted with the lines that the server adds. */
const maxCharacters = 65_000;

/** `POST /api/visits/:visitId/addenda` -> `AddendaView`. Signs and orders the filing; the same id again is the same addendum. */
export const AddendumSign = z.object({ id: AddendumId, text: z.string().trim().min(1).max(maxCharacters) });
export type AddendumSign = z.infer<typeof AddendumSign>;

export const AddendumView = z.object({
  id: AddendumId,
  /** As it is filed: with the lines that say which note it belongs to, who signed it and when. */
  text: z.string(),
  signedAt: z.iso.datetime(),
  by: z.string(),
  filing: FilingView,
});
export type AddendumView = z.infer<typeof AddendumView>;

/** `GET /api/visits/:visitId/addenda`: oldest first. */
export const AddendaView = z.object({ addenda: z.array(AddendumView) });
export type AddendaView = z.infer<typeof AddendaView>;
