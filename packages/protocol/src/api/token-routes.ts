/**
 * What a server is asked about tokens: to make them, to list them, to revoke them.
 *
 * @module
 */
import { newTokenSchema, permissions, roles, tokenSchema } from '@sluice/model'
import { z } from 'zod'
import { json, noBody, none, route } from './route.ts'

export const tokenRoutes = {
  self: route({
    method: 'GET',
    path: '/token',
    tag: 'tokens',
    summary: 'The token of this request and what it permits.',
    permission: 'follow',
    params: none,
    query: none,
    body: noBody,
    reply: json(
      z.object({
        name: z.string(),
        role: z.enum(roles),
        sources: z.array(z.string()),
        permissions: z.array(z.enum(permissions)),
      }),
    ),
  }),
  tokens: route({
    method: 'GET',
    path: '/tokens',
    tag: 'tokens',
    summary: 'Every token, without its secret.',
    permission: 'administer',
    params: none,
    query: none,
    body: noBody,
    reply: json(z.object({ tokens: z.array(tokenSchema) })),
  }),
  createToken: route({
    method: 'POST',
    path: '/tokens',
    tag: 'tokens',
    summary: 'Make a token. Its secret is in this answer and nowhere else.',
    permission: 'administer',
    params: none,
    query: none,
    body: json(newTokenSchema),
    reply: json(z.object({ token: tokenSchema, secret: z.string() })),
  }),
  revokeToken: route({
    method: 'DELETE',
    path: '/tokens/:name',
    tag: 'tokens',
    summary: 'Revoke a token; requests with it fail from now on.',
    permission: 'administer',
    params: z.strictObject({ name: z.string() }),
    query: none,
    body: noBody,
    reply: json(tokenSchema),
  }),
} as const
