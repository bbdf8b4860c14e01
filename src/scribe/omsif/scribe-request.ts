/** The request of a job: which templates, no name of anybody, and where to call back. */
import { problem } from "#model/problem.ts";
import type { OmsifScribeRequest, OmsifTemplate } from "#protocol/omsif.ts";
import type { Handshake } from "./handshake.ts";

export type Asking = { reference: string; webhookUrl: string | undefined };

/** Throws `scribe_refused` when the service offers no SOAP note. */
export function scribeRequest({ revision, templates }: Handshake, asking: Asking): OmsifScribeRequest {
  const soap = templates.find(isSoap);
  if (soap === undefined) throw problem("scribe_refused", { detail: "the service offers no soap template" });
  const context = { encounter: { id: asking.reference } };
  const webhook = asking.webhookUrl === undefined ? {} : { webhook_url: asking.webhookUrl };
  if (revision === 1) {
    const config = { ...webhook, return_fhir: false, return_transcription: true };
    return { template_id: soap.id, config, context };
  }
  const others = [templates.find(isTranscript), templates.find(isMedications)];
  const ids = [soap, ...others.filter((template) => template !== undefined)].map(({ id }) => id);
  return { templates: ids, config: webhook, context };
}

/** Ids are the services' own (`soap_v1`, `soap_note_v1`, `soap_general`); results carry them or the bare word. */
export function isSoap({ id, name = "" }: Pick<OmsifTemplate, "id"> & { name?: string }): boolean {
  return /(?:^|[^a-z])soap/iu.test(id) || /\bsoap\b/iu.test(name);
}

export function isTranscript({ id }: Pick<OmsifTemplate, "id">): boolean {
  return /transcri|verbatim/iu.test(id);
}

export function isMedications({ id }: Pick<OmsifTemplate, "id">): boolean {
  return /(?:^|[^a-z])medication/iu.test(id);
}
