import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const WebhookRow = z.object({
  id: z.string(),
  url: z.string(),
  events: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  secret: z.string().nullable(),
  created_at: z.number(),
});
export type StoredWebhook = z.infer<typeof WebhookRow>;

const DeliveryRow = z.object({
  id: z.number(),
  body: z.string(),
  tries: z.number(),
  url: z.string(),
  secret: z.string().nullable(),
});
export type Delivery = z.infer<typeof DeliveryRow>;

/** Registrations and what still has to be delivered, on disk. */
export type WebhookStore = ReturnType<typeof createWebhookStore>;

export function createWebhookStore(database: DatabaseSync) {
  const sql = (text: string) => database.prepare(text);
  const insert = sql("INSERT INTO webhooks VALUES (?, ?, ?, ?, ?)");
  const selectAll = sql("SELECT * FROM webhooks ORDER BY created_at, id");
  const remove = sql("DELETE FROM webhooks WHERE id = ?");
  const insertDelivery = sql("INSERT INTO deliveries (webhook_id, body, due_at) VALUES (?, ?, ?)");
  const selectDue = sql(
    `SELECT deliveries.id, body, tries, url, secret FROM deliveries JOIN webhooks ON webhooks.id = webhook_id
     WHERE due_at <= ? ORDER BY due_at, deliveries.id LIMIT 20`,
  );
  const delay = sql("UPDATE deliveries SET tries = tries + 1, due_at = ? WHERE id = ?");
  const removeDelivery = sql("DELETE FROM deliveries WHERE id = ?");

  return {
    add(webhook: StoredWebhook): void {
      insert.run(webhook.id, webhook.url, JSON.stringify(webhook.events), webhook.secret, webhook.created_at);
    },
    all: (): StoredWebhook[] => selectAll.all().map((row) => WebhookRow.parse(row)),
    /** Also drops what was still to be delivered; false when there was no such webhook. */
    remove: (id: string): boolean => remove.run(id).changes > 0,
    addDelivery(webhookId: string, body: string, dueAt: number): void {
      insertDelivery.run(webhookId, body, dueAt);
    },
    due: (now: number): Delivery[] => selectDue.all(now).map((row) => DeliveryRow.parse(row)),
    delay(id: number, dueAt: number): void {
      delay.run(dueAt, id);
    },
    removeDelivery(id: number): void {
      removeDelivery.run(id);
    },
  };
}
