/**
 * Finds out who asks, and how often: by a token in a header, or by the session of a browser in a cookie.
 *
 * Whoever is known is counted by name, whatever else comes from the same address; who brings nothing, or what this server has not seen
 * yet, is counted by address, so that nobody behind a shared proxy can lock the others out.
 *
 * @module
 */
import type { SessionStore, TokenStore } from '@sluice/repository'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TooManyRequestsError, UnauthenticatedError } from '../server-errors.ts'
import { type Caller, callerOf, callerOfSession } from './caller.ts'
import { refuseForeign } from './foreign-requests.ts'
import { knownSecrets } from './known-secrets.ts'
import { sessionSecretIn } from './session-cookie.ts'

export interface Gate {
  /** Throws where neither a valid token nor a session is brought, too often, or by a page of somebody else. */
  caller(request: FastifyRequest): Promise<Caller>
  /** For what needs neither. */
  anybody(request: FastifyRequest): Promise<void>
}

interface GateOptions {
  readonly tokens: Pick<TokenStore, 'find'>
  readonly sessions: Pick<SessionStore, 'find'>
  readonly requestsPerMinute: number
  /** Called when somebody is known. */
  readonly proven: (request: FastifyRequest) => void
}

/** Needs the plugin of rate limits to be registered. */
export function openGate(
  app: FastifyInstance,
  { tokens, sessions, requestsPerMinute, proven }: GateOptions,
): Gate {
  const names = new WeakMap<FastifyRequest, string>()
  const limits = { max: requestsPerMinute, timeWindow: 60_000 }
  const byAddress = app.createRateLimit({ ...limits, keyGenerator: ({ ip }) => `address ${ip}` })
  const byName = app.createRateLimit({
    ...limits,
    keyGenerator: (request) => names.get(request) ?? '',
  })
  const within = async (limit: typeof byAddress, request: FastifyRequest) => {
    const found = await limit(request)
    if (found.isAllowed || !found.isExceeded) return
    throw new TooManyRequestsError(found.max, Math.max(1, found.ttlInSeconds))
  }
  const known = knownSecrets()
  const find = async ({ kind, secret }: Brought): Promise<Caller | undefined> => {
    if (kind === 'token') {
      const token = await tokens.find(secret)
      return token && callerOf(token)
    }
    const session = await sessions.find(secret)
    return session && callerOfSession(session)
  }
  /** Does not ask the database for what is no secret; throws where such comes too often from an address. */
  const look = async (request: FastifyRequest, brought: Brought): Promise<Caller | undefined> => {
    const before = known.of(brought.secret)
    if (before !== 'good') await within(byAddress, request)
    if (before === 'none') return undefined
    const caller = await find(brought)
    known.remember(brought.secret, caller !== undefined)
    if (caller === undefined && before === 'good') await within(byAddress, request)
    return caller
  }
  const callerIn = async (request: FastifyRequest): Promise<Caller> => {
    const brought = broughtBy(request)
    if (brought === undefined) await within(byAddress, request)
    const caller = brought && (await look(request, brought))
    if (caller !== undefined) return caller
    throw new UnauthenticatedError(brought?.kind ?? (hasHeader(request) ? 'token' : 'nothing'))
  }
  return {
    async caller(request) {
      const caller = await callerIn(request)
      proven(request)
      names.set(request, `${caller.by.kind} ${caller.name}`)
      await within(byName, request)
      if (caller.session !== undefined) refuseForeign(request)
      return caller
    },
    anybody: (request) => within(byAddress, request),
  }
}

interface Brought {
  readonly kind: 'token' | 'session'
  readonly secret: string
}

/** Whoever sends a token means it, whatever cookie his browser adds. */
function broughtBy(request: FastifyRequest): Brought | undefined {
  if (hasHeader(request)) {
    const token = bearer(request.headers.authorization)
    return token === undefined ? undefined : { kind: 'token', secret: token }
  }
  const secret = sessionSecretIn(request)
  return secret === undefined || secret === '' ? undefined : { kind: 'session', secret }
}

function hasHeader({ headers }: FastifyRequest): boolean {
  return headers.authorization !== undefined
}

function bearer(header: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(header ?? '')?.[1]
}
