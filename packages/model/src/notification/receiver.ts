/**
 * Who is notified, and of what.
 *
 * @module
 */
import type { NotificationKindName } from './notification-kinds.ts'

/** How notifications are sent. Times in milliseconds. */
export interface NotificationSettings {
  readonly receivers: ReadonlyMap<string, Receiver>
  /** The same of the same source is told again only after so long. */
  readonly repeatAfter: number
  /** A notification that its receiver does not take is tried again for so long. */
  readonly giveUpAfter: number
}

export interface Receiver {
  readonly name: string
  readonly address: EmailAddress | WebhookAddress
  readonly kinds: readonly NotificationKindName[]
  /** Names; all when absent. */
  readonly sources?: readonly string[] | undefined
}

export interface EmailAddress {
  readonly kind: 'email'
  readonly host: string
  readonly port: number
  /** `starttls`: the connection has to become encrypted before anything is sent; `implicit`: it is from the start. */
  readonly tls: TlsMode
  readonly user?: string | undefined
  readonly password?: Secret | undefined
  /** Absolute path of a PEM file, trusted besides the public authorities. */
  readonly certificateAuthority?: string | undefined
  readonly from: string
  readonly to: readonly string[]
}

export const tlsModes = ['starttls', 'implicit', 'none'] as const
export type TlsMode = (typeof tlsModes)[number]

export interface WebhookAddress {
  readonly kind: 'webhook'
  readonly url: Secret
  /** `whsec_` and the key in Base64. */
  readonly secret?: Secret | undefined
  readonly certificateAuthority?: string | undefined
}

/**
 * What is not for everybody's eyes: known, in a file that is read when it is needed, or taken from environment variables that
 * this process was not given.
 */
export type Secret =
  | { readonly kind: 'known'; readonly text: string }
  /** Absolute path. */
  | { readonly kind: 'file'; readonly path: string }
  /** As it is written: `${SMTP_PASSWORD}`. */
  | { readonly kind: 'missing'; readonly written: string }

/** What a secret of a webhook looks like: a key of 24 to 64 bytes, as Standard Webhooks has them. */
export function isWebhookSecret(text: string): boolean {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  const bytes = Math.floor((base64.replace(/=+$/, '').length * 3) / 4)
  return bytes >= 24 && bytes <= 64
}

interface Notifying {
  readonly name: string
  readonly notify?: readonly string[] | undefined
}

/** Whether a receiver hears of a kind of event that is about these sources, of one of them at least; or about none. */
export function hears(
  receiver: Pick<Receiver, 'name' | 'kinds' | 'sources'>,
  kind: NotificationKindName,
  sources: readonly Notifying[],
): boolean {
  if (!receiver.kinds.includes(kind)) return false
  if (sources.length === 0) return receiver.sources === undefined
  return sources.some(
    ({ name, notify }) =>
      (receiver.sources?.includes(name) ?? true) && (notify?.includes(receiver.name) ?? true),
  )
}
