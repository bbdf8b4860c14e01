/** What ties an appointment in OpenEMR to a follow-up of ours: a confirmation number for people and our id, in its comment. */
import { randomInt } from "node:crypto";
import { FollowUpId } from "#model/id.ts";

/** Letters and digits that nobody mistakes for each other on the telephone. */
const letters = "ABCDEFGHJKMNPQRSTUVWXYZ";
const digits = "23456789";

/** "AB12CD": about 18 million, random. */
export function newConfirmation(): string {
  return [letters, letters, digits, digits, letters, letters].map((of) => of[randomInt(of.length)]).join("");
}

export type Mark = { confirmation: string; followUpId: FollowUpId };

/** The comment (`pc_hometext`) of an appointment that we book. */
export function commentOf({ confirmation, followUpId }: Mark): string {
  return `Booked with Chartside. Confirmation ${confirmation}. Follow-up ${followUpId}.`;
}

/** Undefined when the comment is not one of ours. People may have written around it. */
export function readComment(comment: string | undefined): Mark | undefined {
  const match = /Confirmation ([A-Z0-9]{6})\. Follow-up ([0-9a-f-]{36})\./.exec(comment ?? "");
  const followUpId = FollowUpId.safeParse(match?.[2]);
  return match?.[1] !== undefined && followUpId.success
    ? { confirmation: match[1], followUpId: followUpId.data }
    : undefined;
}
