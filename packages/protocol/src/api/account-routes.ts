/**
 * What a server is asked about accounts of people.
 *
 * @module
 */
import {
  accountChangeSchema,
  accountSchema,
  givenPasswordSchema,
  newAccountSchema,
  passwordSchema,
} from '@sluice/model'
import { z } from 'zod'
import { json, noBody, none, route } from './route.ts'

const accountParams = z.strictObject({ name: z.string() })

export const accountRoutes = {
  accounts: route({
    method: 'GET',
    path: '/accounts',
    tag: 'accounts',
    summary: 'Every account, without its password.',
    permission: 'administer',
    params: none,
    query: none,
    body: noBody,
    reply: json(z.object({ accounts: z.array(accountSchema) })),
  }),
  createAccount: route({
    method: 'POST',
    path: '/accounts',
    tag: 'accounts',
    summary: 'Make an account with a first password.',
    permission: 'administer',
    params: none,
    query: none,
    body: json(newAccountSchema),
    reply: json(accountSchema),
  }),
  changeAccount: route({
    method: 'PATCH',
    path: '/accounts/:name',
    tag: 'accounts',
    summary:
      'Change the role or e-mail address of an account, disable it (which ends its sessions) or enable it.',
    permission: 'administer',
    params: accountParams,
    query: none,
    body: json(accountChangeSchema),
    reply: json(accountSchema),
  }),
  setPassword: route({
    method: 'PUT',
    path: '/accounts/:name/password',
    tag: 'accounts',
    summary: 'Set the password of an account, which ends its sessions.',
    permission: 'administer',
    params: accountParams,
    query: none,
    body: json(z.strictObject({ password: passwordSchema })),
    reply: json(accountSchema),
  }),
  deleteAccount: route({
    method: 'DELETE',
    path: '/accounts/:name',
    tag: 'accounts',
    summary: 'Delete an account, which ends its sessions. What its person did stays recorded.',
    permission: 'administer',
    params: accountParams,
    query: none,
    body: noBody,
    reply: json(accountSchema),
  }),
  changeOwnPassword: route({
    method: 'PUT',
    path: '/account/password',
    tag: 'accounts',
    summary: 'Change your own password, as whoever knows the old one; all your other sessions end.',
    permission: 'follow',
    params: none,
    query: none,
    body: json(z.strictObject({ old: givenPasswordSchema, password: passwordSchema })),
    reply: json(accountSchema),
  }),
} as const
