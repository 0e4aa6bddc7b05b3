/**
 * Who is notified of what, as people write it.
 *
 * @module
 */
import { z } from 'zod'
import { notificationKindNames } from '../notification/notification-kinds.ts'
import { tlsModes } from '../notification/receiver.ts'
import { intervalSchema, pathSchema, textSchema } from './common-schema.ts'

/** As jobs are named: a receiver is no table. */
export const receiverNameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,49}$/,
    'must be a letter, followed by at most 49 letters, digits, dashes and underscores',
  )

const addressSchema = z
  .string({ error: 'must be an e-mail address such as ops@example.org' })
  .regex(/^(?:[^\s<>,;"@][^<>,;"@\r\n]*<[^\s<>,;@]+@[^\s<>,;@]+>|[^\s<>,;@]+@[^\s<>,;@]+)$/, {
    error: 'must be an e-mail address such as ops@example.org or Sluice <sluice@example.org>',
  })

const authoritySchema = pathSchema
  .optional()
  .describe('A PEM file, for a server whose certificate no public authority has signed.')

const emailSchema = z
  .strictObject({
    host: textSchema.describe('The SMTP server.'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe('587 with `starttls`, 465 with `implicit`, 25 with `none` when not given.'),
    tls: z
      .enum(tlsModes)
      .optional()
      .meta({ default: 'starttls' })
      .describe(
        '`starttls`: the connection becomes encrypted before anything is sent, or nothing is sent; `implicit`: it is encrypted from the start; `none`: never.',
      ),
    user: textSchema
      .optional()
      .describe('The user for the login at the SMTP server; no login when not given.'),
    password: textSchema
      .optional()
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what people write
      .describe('Best taken from the environment: `${SMTP_PASSWORD}`.'),
    passwordFile: pathSchema.optional().describe('A file that holds the password, relative to this file.'),
    certificateAuthority: authoritySchema,
    from: addressSchema.describe('From whom the e-mails are.'),
    to: z
      .union([addressSchema, z.array(addressSchema).min(1, 'must name an address')], {
        error: 'must be an e-mail address, or a list of them',
      })
      .describe('Whom they are sent to.'),
  })
  .describe('E-mails over an SMTP server.')
  .meta({ id: 'EmailReceiver', title: 'E-mail' })

const webhookSchema = z
  .strictObject({
    url: pathSchema.describe(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what people write
      'Where the document is posted to; where the address itself is secret, from the environment: `${WEBHOOK_URL}`.',
    ),
    secret: textSchema.optional().describe(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what people write
      'The key that requests are signed with: `whsec_` and 24 to 64 bytes in Base64; best taken from the environment: `${WEBHOOK_SECRET}`.',
    ),
    secretFile: pathSchema.optional().describe('A file that holds the secret, relative to this file.'),
    certificateAuthority: authoritySchema,
  })
  .describe('A JSON document posted to an HTTP server, signed as Standard Webhooks says.')
  .meta({ id: 'WebhookReceiver', title: 'Webhook' })

const receiverSchema = z
  .strictObject({
    email: emailSchema.optional(),
    webhook: webhookSchema.optional(),
    events: z
      .array(z.enum(notificationKindNames), { error: 'must be a list of events' })
      .min(1, 'must name an event')
      .optional()
      .describe('The events it receives; all when not given.'),
    sources: z
      .array(z.string(), { error: 'must be a list of sources' })
      .min(1, 'must name a source')
      .optional()
      .describe('The sources about which it is notified; all when not given.'),
  })
  .describe('Somebody who is notified: by `email` or by `webhook`.')
  .meta({ id: 'Receiver', title: 'Receiver' })

export const notificationsSchema = z
  .strictObject({
    receivers: z.record(receiverNameSchema, receiverSchema).optional().describe('Who is notified, by name.'),
    repeatAfter: intervalSchema
      .optional()
      .meta({ default: '1h' })
      .describe(
        'The same event of the same source with the same error is sent again only after this time; until then it is counted.',
      ),
    giveUpAfter: intervalSchema
      .optional()
      .meta({ default: '1d' })
      .describe(
        'A notification that a receiver does not accept is tried again, at growing intervals, for this long.',
      ),
  })
  .describe('Who is notified when something goes wrong.')
  .meta({ id: 'Notifications', title: 'Notifications' })

export type NotificationsInput = z.infer<typeof notificationsSchema>
export type ReceiverInput = z.infer<typeof receiverSchema>
export type EmailInput = z.infer<typeof emailSchema>
export type WebhookInput = z.infer<typeof webhookSchema>
