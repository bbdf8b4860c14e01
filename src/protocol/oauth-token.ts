/** What a token endpoint gives a client that signs in as itself (RFC 6749 §4.4.3 and §5.1). */
import { z } from "zod";

export const OAuthToken = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
});
