/** Results with a status each, as forms B and C give them. */
import { sandboxNote } from "#sandbox/sandbox-note.ts";
import type { Session, Site } from "./site.ts";

type Results = Record<string, { status: string; data?: unknown; error?: unknown }>;

/** `failed` is the form's own word. A partial session lacks everything but the note. */
export function resultsOf(
  site: Site,
  session: Session,
  words: { failed: string },
): { results: Results; transcript: string } {
  const bytes = [...session.files.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { soap, medications, transcript } = sandboxNote(
    { files: session.files.size, bytes },
    session.heard ?? site.script,
  );
  const written: Record<string, unknown> = { soap, medications };
  const results: Results = {};
  for (const id of session.templates) {
    const again = session.again.get(id);
    if (again === "in-progress") {
      results[id] = { status: "in-progress" };
      continue;
    }
    const isWritten = id in written && (session.status === "completed" || id === "soap" || again === "success");
    const error = { code: id in written ? "extraction_failed" : "template_not_found", message: "Sandbox" };
    results[id] = isWritten ? { status: "success", data: written[id] } : { status: words.failed, error };
  }
  for (const [id, data] of Object.entries(site.also)) results[id] = { status: "success", data };
  return { results, transcript };
}
