/**
 * The JSON document of a webhook.
 *
 * @module
 */
import type { WebhookDocument } from '@sluice/model'
import type { Message } from './message.ts'

export function webhookDocument({ id, type, at, content, repetitions }: Message): WebhookDocument {
  return { type, timestamp: at, data: { format: 1, id, repetitions, ...content } }
}
