/** The plainest `Send`, for tests and for a command that looks at one service; the clinic server uses pools of its own. */
import type { Send } from "#scribe/scribe.ts";

export const sendByFetch: Send = async ({ method, url, headers, body, deadlineMs }) => {
  const answer = await fetch(url, {
    method,
    headers,
    signal: AbortSignal.timeout(deadlineMs),
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : await bytesOf(body) }),
  });
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: new Uint8Array(await answer.arrayBuffer()),
  };
};

async function bytesOf(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body).buffer;
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return new Blob(parts.map((part) => new Uint8Array(part))).arrayBuffer();
}
