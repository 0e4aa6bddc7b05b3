/**
 * A notification as it is sent, and what comes of sending it.
 *
 * @module
 */
import type { Notified, WebhookDocument } from '@sluice/model'

export interface Message {
  /** The same in each repetition. */
  readonly id: string
  readonly type: WebhookDocument['type']
  /** UTC: when it happened. */
  readonly at: string
  readonly content: Notified
  /** How often the same had happened before without being told. */
  readonly repetitions: number
}

/** `problem`: one printable sentence, which holds no secret. */
export type Attempt =
  | { readonly kind: 'taken'; readonly problem?: string | undefined }
  | { readonly kind: 'refused'; readonly problem: string; readonly retryAfter?: number | undefined }
