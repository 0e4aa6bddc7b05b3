/**
 * What has to be known of any system that is asked over HTTP: where it is, whom it lets in, and how often it may be asked.
 *
 * @module
 */
import { durationSchema, pathSchema, secretSchema, textSchema } from '@sluice/model'
import { z } from 'zod'

export const addressSchema = z
  .string()
  .regex(/^https?:\/\/[^/?#\s]+[^?#\s]*$/, 'must be an address such as https://crm.example.org/api')

export const authenticationSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }).describe('Nobody has to say who asks.'),
    z
      .strictObject({
        kind: z.literal('basic'),
        user: textSchema.describe('Who asks.'),
        password: secretSchema.describe('The password of the user.'),
      })
      .describe('A user and a password with each request (RFC 7617).'),
    z
      .strictObject({
        kind: z.literal('bearer'),
        token: secretSchema.describe('What shows who asks.'),
        scheme: textSchema
          .optional()
          .meta({ default: 'Bearer' })
          .describe('The word before the token, where it is another one: SSWS, Token.'),
      })
      .describe('A token that somebody made for Sluice.'),
    z
      .strictObject({
        kind: z.literal('api-key'),
        name: textSchema.describe('Of the header or of the parameter, such as X-API-Key.'),
        value: secretSchema.describe('The key.'),
        in: z
          .enum(['header', 'query'])
          .optional()
          .meta({ default: 'header' })
          .describe('Where the system wants it. Addresses stand in logs of others, so a header is better.'),
      })
      .describe('A key in a header or a parameter of its own.'),
    z
      .strictObject({
        kind: z.literal('client-credentials'),
        tokenAddress: addressSchema.describe('Where tokens are asked for.'),
        client: textSchema.describe('The id of the application.'),
        secret: secretSchema.describe('The secret of the application.'),
        scope: textSchema.optional().describe('What the token shall be good for.'),
        parameters: z
          .record(z.string(), textSchema)
          .optional()
          .describe('What the system wants to be sent along, such as an audience.'),
        sent: z
          .enum(['header', 'body'])
          .optional()
          .meta({ default: 'body' })
          .describe('Where id and secret of the application stand in the request for a token.'),
      })
      .describe('An application gets tokens that last for a while (OAuth 2.0, RFC 6749 section 4.4).'),
    z
      .strictObject({
        kind: z.literal('service-account'),
        key: secretSchema.describe('The key file of the account: JSON with client_email and private_key.'),
        subject: textSchema.optional().describe('On whose behalf it asks.'),
        scope: textSchema.describe('What the token shall be good for.'),
        tokenAddress: addressSchema.optional().describe('Where tokens are asked for; the key file says it.'),
      })
      .describe('A service account signs who it is, and gets tokens for it (RFC 7523), as Google has it.'),
  ])
  .describe('How the system is shown who asks; nobody has to when not given.')
  .meta({ id: 'HttpAuthentication', title: 'Authentication' })

export type Authentication = z.output<typeof authenticationSchema>

const limitsSchema = z
  .strictObject({
    requestsPerSecond: z
      .number()
      .positive()
      .max(1000)
      .optional()
      .describe('How many requests are begun in a second, at most. As many as go when not given.'),
    concurrent: z
      .int()
      .min(1)
      .max(50)
      .optional()
      .meta({ default: 4 })
      .describe('Requests that are under way at once, where there are several: of records of other records.'),
    attempts: z
      .int()
      .min(1)
      .max(20)
      .optional()
      .meta({ default: 5 })
      .describe('How often a request is made before the export has failed, when what went wrong may pass.'),
    pause: durationSchema
      .optional()
      .meta({ default: '1s' })
      .describe(
        'Before the second attempt, where the system does not say how long; each further one is twice as long.',
      ),
    answerWithin: durationSchema
      .optional()
      .meta({ default: '2m' })
      .describe('A system that sends nothing for so long has failed.'),
    answerMegabytes: z
      .int()
      .min(1)
      .max(1024)
      .optional()
      .meta({ default: 100 })
      .describe(
        'How long one answer may be: it has to lie in memory. Ask for smaller pages where it is longer.',
      ),
  })
  .describe('How often the system may be asked, and how long that may take.')
  .meta({ id: 'HttpLimits', title: 'Limits' })

/** Parts of the options of every connector that asks over HTTP. */
export const httpShape = {
  certificateAuthority: pathSchema
    .optional()
    .describe('A PEM file of an authority that vouches for the system, beside the public ones.'),
  limits: limitsSchema.optional(),
}

/** How a system is reached. */
export interface HttpSettings {
  /** What relative addresses are relative to; requests go nowhere else. */
  readonly address: string
  readonly authentication?: Authentication | undefined
  readonly certificateAuthority?: string | undefined
  readonly limits?: z.output<typeof limitsSchema> | undefined
}
