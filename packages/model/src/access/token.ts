/**
 * Who may do what at a server: tokens, their roles, and what a role permits.
 *
 * @module
 */
import { z } from 'zod'

export const roles = ['viewer', 'editor', 'operator', 'agent', 'admin'] as const
export type Role = (typeof roles)[number]

/**
 * deliver: announce, upload, seal · follow: how far a source is, and its runs · read: resources, links, every
 * run · edit: change resources and links that no source locks · decide: approve and reject · administer: tokens.
 */
export const permissions = ['deliver', 'follow', 'read', 'edit', 'decide', 'administer'] as const
export type Permission = (typeof permissions)[number]

/** An agent's permissions hold for the sources its token is bound to, those of the others for all. */
export const permitted: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['follow', 'read'],
  editor: ['follow', 'read', 'edit'],
  operator: ['follow', 'read', 'decide'],
  agent: ['deliver', 'follow'],
  admin: ['deliver', 'follow', 'read', 'edit', 'decide', 'administer'],
}

/** What is known of a token; its secret is shown once, when it is made, and kept only as a hash. */
export const tokenSchema = z.object({
  name: z.string(),
  role: z.enum(roles),
  /** Of an agent: the sources it may deliver. */
  sources: z.array(z.string()),
  createdAt: z.string(),
  createdBy: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
})
export type Token = Readonly<z.infer<typeof tokenSchema>>

export const newTokenSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be letters, digits, dots, underscores and hyphens'),
  role: z.enum(roles),
  sources: z.array(z.string()).max(10_000).default([]),
  /** UTC, ISO 8601; never when absent. */
  expiresAt: z.iso.datetime().optional(),
})
export type NewToken = z.infer<typeof newTokenSchema>
