/**
 * The `launch` of a patient's page: patient and encounter in words that only this site can read, other ones every time
 * (`SMARTLaunchToken`). It is taken as often as it comes.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { LaunchContext } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";

const LaunchContextText = z.object({
  patient: z.uuid(),
  encounter: z.uuid().nullable(),
  appointment: z.uuid().nullable(),
});
const ivBytes = 12;
const tagBytes = 16;

export function launchText(site: Site, context: LaunchContext): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv("aes-256-gcm", keyOf(site), iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(context), "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** Undefined for anything that this site did not write. */
export function readLaunch(site: Site, text: string): LaunchContext | undefined {
  const bytes = Buffer.from(text, "base64url");
  try {
    const decipher = createDecipheriv("aes-256-gcm", keyOf(site), bytes.subarray(0, ivBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    const opened = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
    return LaunchContextText.parse(JSON.parse(opened.toString("utf8")));
  } catch {
    return undefined;
  }
}

function keyOf({ key }: Site): Buffer {
  return createHash("sha256")
    .update(key.private.export({ type: "pkcs8", format: "der" }))
    .digest();
}
