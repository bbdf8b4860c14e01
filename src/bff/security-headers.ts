/** The headers that every answer carries. */

/** Workers are made through the one Trusted Types policy `chartside`; styles are files, never injected. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types chartside",
].join("; ");

const permissionsPolicy = [
  "microphone=(self)",
  ...["camera", "geolocation", "display-capture", "payment", "usb", "serial", "hid", "bluetooth", "midi"].map(
    (feature) => `${feature}=()`,
  ),
].join(", ");

/** HSTS goes out only where the app is reached over TLS: on localhost it would bind other programs too. */
export function securityHeaders(origin: string): Record<string, string> {
  const overTls = new URL(origin).protocol === "https:";
  return {
    "content-security-policy": contentSecurityPolicy,
    "permissions-policy": permissionsPolicy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    ...(overTls ? { "strict-transport-security": "max-age=31536000; includeSubDomains" } : {}),
  };
}
