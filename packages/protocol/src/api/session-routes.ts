/**
 * How people sign in at a server, and who is signed in.
 *
 * @module
 */
import { accessSessionSchema, givenPasswordSchema, whoSchema } from '@sluice/model'
import { z } from 'zod'
import { json, noBody, none, route } from './route.ts'
import { flag } from './words.ts'

const sessionParams = z.strictObject({ session: z.string() })

export const sessionRoutes = {
  signInOptions: route({
    method: 'GET',
    path: '/sign-in-options',
    tag: 'sessions',
    summary: 'How people can sign in here.',
    permission: null,
    params: none,
    query: none,
    body: noBody,
    reply: json(
      z.object({
        /** `false`: nobody can sign in by a password yet. */
        accounts: z.boolean(),
        openIdConnect: z
          .object({
            /** As people call the provider. */
            label: z.string(),
            /** Below the address of the server; a browser that goes there with `returnTo` comes back signed in. */
            path: z.string(),
          })
          .nullable(),
      }),
    ),
  }),
  signIn: route({
    method: 'POST',
    path: '/session',
    tag: 'sessions',
    summary:
      'Sign in with the name and password of an account, or with an access token; the session comes as a cookie. Needs the header `x-sluice-console: 1`.',
    permission: null,
    params: none,
    query: none,
    body: json(
      z.union([
        z.strictObject({ name: z.string().max(200), password: givenPasswordSchema }),
        z.strictObject({ token: z.string().max(200) }),
      ]),
    ),
    reply: json(whoSchema),
  }),
  session: route({
    method: 'GET',
    path: '/session',
    tag: 'sessions',
    summary: 'Who asks: the account or token, what its role permits, and the session where there is one.',
    permission: 'follow',
    params: none,
    query: none,
    body: noBody,
    reply: json(whoSchema),
  }),
  signOut: route({
    method: 'DELETE',
    path: '/session',
    tag: 'sessions',
    summary: 'Sign out: the session of this request is over.',
    permission: 'follow',
    params: none,
    query: none,
    body: noBody,
    reply: json(z.object({ signedOut: z.boolean().describe('`false`: the request had no session.') })),
  }),
  sessions: route({
    method: 'GET',
    path: '/sessions',
    tag: 'sessions',
    summary: 'Your own sessions, last seen first; for administrators those of all with `all=true`.',
    permission: 'follow',
    params: none,
    query: z.strictObject({ all: flag }),
    body: noBody,
    reply: json(z.object({ sessions: z.array(accessSessionSchema) })),
  }),
  endSession: route({
    method: 'DELETE',
    path: '/sessions/:session',
    tag: 'sessions',
    summary: 'End a session of your own; administrators end that of anybody.',
    permission: 'follow',
    params: sessionParams,
    query: none,
    body: noBody,
    reply: json(accessSessionSchema),
  }),
} as const
