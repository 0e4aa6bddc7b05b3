/**
 * The two addresses by which a browser signs in through OpenID Connect: from where it is sent to the provider, and where it comes back.
 *
 * Whatever goes wrong leads back to the console, which says so: nobody is left before an answer for programs.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { beginSession } from '../access/begin-session.ts'
import { cookieIn, sessionCookieOf, setCookie } from '../access/session-cookie.ts'
import type { ServerContext } from '../server-context.ts'
import { OpenIdConnectError } from '../server-errors.ts'
import { statusOf } from '../status-of.ts'
import { callbackPath, openIdConnectPath } from './paths.ts'
import { openProvider, type Provider } from './provider.ts'
import { safeReturn } from './return-to.ts'

interface OpenIdOptions {
  readonly context: ServerContext
  readonly gate: { anybody(request: FastifyRequest): Promise<void> }
}

const cookie = 'sluice_sign_in'
const seconds = 15 * 60

export const openIdPages: FastifyPluginAsync<OpenIdOptions> = async (app, { context, gate }) => {
  const { openIdConnect } = context.configuration.server.signIn
  if (openIdConnect === undefined) return
  const provider = openProvider(openIdConnect)
  app.addHook('onRequest', (request) => gate.anybody(request))
  app.get(`/${openIdConnectPath}`, (request, reply) =>
    orBack(context, request, reply, '../console/', () => leave(context, provider, request, reply)),
  )
  app.get(`/${callbackPath}`, (request, reply) =>
    orBack(context, request, reply, '../../console/', () => comeBack(context, provider, request, reply)),
  )
}

/** To the provider; what only this browser knows goes along as a cookie. */
async function leave(
  { openIdSignIns, configuration }: ServerContext,
  provider: Provider,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const asked = queryOf(request).get('returnTo') ?? ''
  const { url, kept } = await provider.begin(callbackOf(configuration.server, request).href)
  const value = await openIdSignIns.begin({ ...kept, returnTo: safeReturn(asked) })
  setCookie(request, reply, { base: cookie, value, seconds, sameSite: 'lax' })
  return reply.redirect(url.href, 302)
}

async function comeBack(
  context: ServerContext,
  provider: Provider,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const secret = cookieIn(request, cookie)
  const kept = secret === undefined ? undefined : await context.openIdSignIns.take(secret)
  setCookie(request, reply, { base: cookie, value: '', seconds: 0, sameSite: 'lax' })
  if (kept === undefined)
    throw new OpenIdConnectError('it took longer than 15 minutes, or was begun in another browser')
  const came = callbackOf(context.configuration.server, request)
  came.search = queryOf(request).toString()
  const person = await provider.finish(came, kept)
  const account = await context.accounts.keepKnown(person)
  const caller = await beginSession(
    context,
    { kind: 'account', name: account.name },
    { address: request.ip, headers: request.headers, cookie: sessionCookieOf(request, reply) },
  )
  if (caller === undefined) throw new OpenIdConnectError('the account is gone')
  request.log.info({ by: caller.name, session: caller.session?.id }, 'signed in')
  await note(context, request, { by: caller.by, status: 200 })
  return reply.redirect(`../../console/${kept.returnTo}`, 302)
}

/** As the provider knows it: the address that is configured, or the one that was asked. */
function callbackOf(
  { publicUrl }: ServerContext['configuration']['server'],
  { protocol, host }: FastifyRequest,
): URL {
  return new URL(`${publicUrl ?? `${protocol}://${host}`}/${callbackPath}`)
}

function queryOf({ url }: FastifyRequest): URLSearchParams {
  return new URL(url, 'http://here').searchParams
}

async function orBack(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  console: string,
  work: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    request.log.warn({ err: error }, 'signing in through OpenID Connect failed')
    await note(context, request, { status: statusOf(error), code: error.code })
    return reply.redirect(`${console}?signInProblem=${error.code}`, 302)
  }
}

async function note(
  { audit }: ServerContext,
  { ip: address }: FastifyRequest,
  result: Pick<Parameters<ServerContext['audit']['record']>[0], 'by' | 'status' | 'code'>,
): Promise<void> {
  await audit.record({ ...result, address, action: 'signIn', subject: `/${openIdConnectPath}` })
}
