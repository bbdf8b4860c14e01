/**
 * Which scribe services there are: SCRIBE_SERVICES, a JSON list in order of preference, or its short form SCRIBE_URL with
 * SCRIBE_API_KEY. Secrets stay in here and in the adapters; faults name the field and never show a value.
 */
import { z } from "zod";

const OidcClient = z.strictObject({
  /** The token endpoint of the service's OpenID provider. */
  tokenUrl: z.url({ protocol: /^https?$/u }),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  scope: z.string().optional(),
});

const formsOf = { medscribealliance: ["A", "B", "C"], omsif: ["rev1", "rev2"] } as const;

const ScribeService = z
  .strictObject({
    /** Shown on screen while the service has not said its own name. */
    name: z.string().min(1).max(80),
    url: z.url({ protocol: /^https?$/u }),
    /** "auto" looks at what answers. */
    protocol: z.enum(["auto", "medscribealliance", "omsif"]).default("auto"),
    /** For services whose form cannot be seen. */
    form: z.enum([...formsOf.medscribealliance, ...formsOf.omsif]).optional(),
    key: z.string().min(1).optional(),
    oidc: OidcClient.optional(),
    /** Of its notifications: the first is registered, each of them is accepted. Absent: SCRIBE_WEBHOOK_SECRET. */
    webhookSecrets: z.array(z.string().min(16)).min(1).optional(),
  })
  .superRefine(({ key, oidc, protocol, form }, context) => {
    const add = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    if ((key === undefined) === (oidc === undefined)) add("key", "give either key or oidc");
    if (form === undefined) return;
    if (protocol === "auto") return add("form", "needs a protocol beside it");
    const forms: readonly string[] = formsOf[protocol];
    if (!forms.includes(form)) add("form", `${protocol} has ${forms.join(", ")}`);
  });
export type ScribeService = z.infer<typeof ScribeService>;

/** The setting's text, parsed. */
export const ScribeServices = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "not JSON" });
      return z.NEVER;
    }
  })
  .pipe(
    z
      .array(ScribeService)
      .min(1)
      .superRefine((services, context) => {
        const names = services.map(({ name }) => name);
        const twice = names.findIndex((name, place) => names.indexOf(name) !== place);
        if (twice >= 0) context.addIssue({ code: "custom", path: [twice, "name"], message: "is there twice" });
      }),
  );

type Settings = { SCRIBE_URL: string; SCRIBE_API_KEY: string; SCRIBE_SERVICES?: ScribeService[] | undefined };

/** At least one, the preferred one first. */
export function scribeServicesOf(config: Settings): [ScribeService, ...ScribeService[]] {
  const [first, ...others] = config.SCRIBE_SERVICES ?? [];
  if (first) return [first, ...others];
  const name = new URL(config.SCRIBE_URL).host;
  return [{ name, url: config.SCRIBE_URL, protocol: "auto", key: config.SCRIBE_API_KEY }];
}

/** Null: a service that is down for good is left only by hand. */
export function failoverAfterMs(config: {
  SCRIBE_FAILOVER: "manual" | "automatic";
  SCRIBE_FAILOVER_AFTER_S: number;
}): number | null {
  return config.SCRIBE_FAILOVER === "automatic" ? config.SCRIBE_FAILOVER_AFTER_S * 1000 : null;
}

type Secrets = { SCRIBE_WEBHOOK_SECRET?: string | undefined };

/** The secrets of a service's notifications, the one to register first; several while one follows another. */
export function webhookSecretsOf(config: Secrets, service: ScribeService): string[] {
  const everybodys = (config.SCRIBE_WEBHOOK_SECRET ?? "").split(",").map((secret) => secret.trim());
  return service.webhookSecrets ?? everybodys.filter((secret) => secret !== "");
}

/** Every secret that a notification may be signed with. */
export function allWebhookSecrets(config: Settings & Secrets): string[] {
  return [...new Set(scribeServicesOf(config).flatMap((service) => webhookSecretsOf(config, service)))];
}
