/**
 * How people sign in at a server, as people write it.
 *
 * @module
 */
import { z } from 'zod'
import { durationSchema, millisecondsOf, pathSchema, textSchema } from './common-schema.ts'

const sessionTime = (least: string) =>
  durationSchema.refine((text) => millisecondsOf(text) >= millisecondsOf(least), {
    error: `must be at least ${least}`,
  })

const sessionsSchema = z
  .strictObject({
    idle: sessionTime('5m')
      .optional()
      .meta({ default: '12h' })
      .describe('A session in which nothing is asked for so long is over.'),
    longest: sessionTime('5m')
      .optional()
      .meta({ default: '7d' })
      .describe('Every session is over after so long.'),
  })
  .describe('How long people stay signed in.')
  .meta({ id: 'Sessions', title: 'Sessions' })

const groups = z.array(textSchema, { error: 'must be a list of groups' })

const claimedRolesSchema = z
  .strictObject({
    claim: textSchema
      .optional()
      .meta({ default: 'groups' })
      .describe('The claim that holds the groups of a person: a list of texts, or one text.'),
    admin: groups.optional().describe('Groups whose members are administrators.'),
    operator: groups.optional().describe('Groups whose members are operators.'),
    editor: groups.optional().describe('Groups whose members are editors.'),
    viewer: groups
      .optional()
      .describe(
        'Groups whose members are viewers. `*` stands for everybody who can sign in at the provider.',
      ),
  })
  .describe(
    'Which role a person gets, by the groups that the provider names; of several, the first of admin, operator, editor and viewer. Whoever is in none of them cannot sign in.',
  )
  .meta({ id: 'ClaimedRoles', title: 'Roles by groups' })

const openIdConnectSchema = z
  .strictObject({
    issuer: pathSchema.describe(
      'Address of the provider, such as https://login.example.org/realms/staff: `/.well-known/openid-configuration` lies below it.',
    ),
    clientId: textSchema.describe('As the provider knows this server.'),
    clientSecret: textSchema
      .optional()
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what people write
      .describe('Best taken from the environment: `${SLUICE_CLIENT_SECRET}`. None for a public client.'),
    clientSecretFile: pathSchema
      .optional()
      .describe('A file that holds the client secret, relative to this file.'),
    scopes: z
      .array(textSchema)
      .optional()
      .meta({ default: ['openid', 'profile', 'email'] })
      .describe('What is asked of the provider; `openid` is always asked for.'),
    name: textSchema
      .optional()
      .meta({ default: 'preferred_username' })
      .describe('The claim that is the name of the account; `email` where there is no such claim.'),
    roles: claimedRolesSchema,
    label: textSchema
      .optional()
      .meta({ default: 'single sign-on' })
      .describe('What the button calls the provider: "Sign in with …".'),
  })
  .describe('People sign in at a provider of OpenID Connect, such as Entra ID, Keycloak or Okta.')
  .meta({ id: 'OpenIdConnect', title: 'OpenID Connect' })

export const signInSchema = z
  .strictObject({ sessions: sessionsSchema.optional(), openIdConnect: openIdConnectSchema.optional() })
  .describe('How people sign in at the console.')
  .meta({ id: 'SignIn', title: 'Sign-in' })

export type SignInInput = z.infer<typeof signInSchema>
