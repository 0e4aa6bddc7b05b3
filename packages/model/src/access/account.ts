/**
 * Accounts of people: with what they sign in at a server, and in which role.
 *
 * @module
 */
import { z } from 'zod'
import { permissions, roles } from './token.ts'

/** An agent is no person: it has a token. */
export const accountRoles = ['viewer', 'editor', 'operator', 'admin'] as const
export type AccountRole = (typeof accountRoles)[number]

/** Characters of a password. Nothing else is asked of it, as NIST SP 800-63B advises. */
export const shortestPassword = 12
export const longestPassword = 1000

export const accountNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$/,
    'must be letters, digits, dots, underscores, hyphens, @ and +, such as ada or ada@example.org',
  )

const emailSchema = z
  .string()
  .max(254)
  .regex(/^[^\s@<>]+@[^\s@<>]+$/, 'must be an e-mail address such as ada@example.org')

/** Of a new password; an old one is whatever it is. Code points are counted, as people count characters. */
export const passwordSchema = z
  .string()
  .refine((text) => [...text.slice(0, 2 * shortestPassword)].length >= shortestPassword, {
    error: `must have at least ${shortestPassword} characters`,
  })
  .refine((text) => text.length <= longestPassword, {
    error: `must have at most ${longestPassword} characters`,
  })

/** A password that somebody brings. */
export const givenPasswordSchema = z.string().max(longestPassword)

/** What is known of an account; its password is kept only as a hash. */
export const accountSchema = z.object({
  name: z.string(),
  role: z.enum(accountRoles),
  email: z.string().nullable(),
  /** `password`: kept here. `openIdConnect`: the provider says who it is, and which role. */
  signsInBy: z.enum(['password', 'openIdConnect']),
  disabledAt: z.string().nullable(),
  createdAt: z.string(),
  createdBy: z.string(),
  passwordSetAt: z.string().nullable(),
  lastSignInAt: z.string().nullable(),
})
export type Account = Readonly<z.infer<typeof accountSchema>>

export const newAccountSchema = z.strictObject({
  name: accountNameSchema,
  role: z.enum(accountRoles),
  email: emailSchema.optional(),
  password: passwordSchema,
})
export type NewAccount = z.infer<typeof newAccountSchema>

/** What of an account is to be otherwise. */
export const accountChangeSchema = z.strictObject({
  role: z.enum(accountRoles).optional(),
  email: emailSchema.nullable().optional(),
  disabled: z.boolean().optional(),
})
export type AccountChange = z.infer<typeof accountChangeSchema>

/** A person who is signed in at a server, or whoever brought a token there. */
export const accessSessionSchema = z.object({
  id: z.string(),
  /** What was brought: the session is of the account, or of the token, of this name. */
  kind: z.enum(['account', 'token']),
  name: z.string(),
  createdAt: z.string(),
  lastSeenAt: z.string(),
  /** At the latest; sooner where nothing is asked for a while. */
  endsAt: z.string(),
  address: z.string(),
  /** As the browser calls itself, shortened. */
  userAgent: z.string().nullable(),
})
export type AccessSession = Readonly<z.infer<typeof accessSessionSchema>>

/** Who asks. */
export const whoSchema = z.object({
  name: z.string(),
  kind: z.enum(['account', 'token']),
  role: z.enum(roles),
  sources: z.array(z.string()),
  permissions: z.array(z.enum(permissions)),
  /** `null`: the request brought a token by itself. */
  session: accessSessionSchema.nullable(),
  /** Whether it is an account with a password that is kept here. */
  hasPassword: z.boolean(),
})
