/** The two cookies. `__Host-` ties them to this host and path; neither is ever readable by a page's script. */
import { createHash, randomBytes } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

export type CookieName = "__Host-sid" | "__Host-login";

const attributes = { path: "/", secure: true, httpOnly: true, sameSite: "strict" } as const;

/** 256 random bits; only the SHA-256 of it is ever stored. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

export type NewCookie = {
  name: CookieName;
  value: string;
  /** Absent: the cookie ends with the browser. */
  maxAge?: number;
};

export function setCookie(reply: FastifyReply, { name, value, ...seconds }: NewCookie): void {
  void reply.setCookie(name, value, { ...attributes, ...seconds });
}

export function clearCookie(reply: FastifyReply, name: CookieName): void {
  void reply.clearCookie(name, attributes);
}

/** The hash of the cookie's value, undefined when there is none. */
export function cookieHash(request: FastifyRequest, name: CookieName): string | undefined {
  const value = request.cookies[name];
  return value === undefined || value === "" ? undefined : hashOf(value);
}
