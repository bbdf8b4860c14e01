/** What a token endpoint gives a client that signs in as itself (RFC 6749 §4.4.3 and §5.1). */
import { z } from "zod";

export const OAuthToken = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
  /** Rare in this flow; a provider that gives one wants it used (RFC 6749 §6). */
  refresh_token: z.string().min(1).optional(),
});
