/**
 * Finds out who asks, and how often.
 *
 * A valid token is counted by its name, whatever else comes from its address; who brings none, or one that this server has not seen
 * yet, is counted by address, so that nobody behind a shared proxy can lock the others out.
 *
 * @module
 */
import type { Token } from '@sluice/model'
import type { TokenStore } from '@sluice/repository'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TooManyRequestsError, UnauthenticatedError } from '../server-errors.ts'
import { type Caller, callerOf } from './caller.ts'
import { knownSecrets } from './known-secrets.ts'

export interface Gate {
  /** Throws where no valid token is brought, or too often. */
  caller(request: FastifyRequest): Promise<Caller>
  /** For what needs no token. */
  anybody(request: FastifyRequest): Promise<void>
}

interface GateOptions {
  readonly tokens: Pick<TokenStore, 'find'>
  readonly requestsPerMinute: number
  /** Called when somebody has brought a token. */
  readonly proven: (request: FastifyRequest) => void
}

/** Needs the plugin of rate limits to be registered. */
export function openGate(app: FastifyInstance, { tokens, requestsPerMinute, proven }: GateOptions): Gate {
  const names = new WeakMap<FastifyRequest, string>()
  const limits = { max: requestsPerMinute, timeWindow: 60_000 }
  const byAddress = app.createRateLimit({ ...limits, keyGenerator: ({ ip }) => `address ${ip}` })
  const byToken = app.createRateLimit({
    ...limits,
    keyGenerator: (request) => `token ${names.get(request) ?? ''}`,
  })
  const within = async (limit: typeof byAddress, request: FastifyRequest) => {
    const found = await limit(request)
    if (found.isAllowed || !found.isExceeded) return
    throw new TooManyRequestsError(found.max, Math.max(1, found.ttlInSeconds))
  }
  const known = knownSecrets()
  /** Throws before the database is asked for what is no token, or comes too often from an address that brings such. */
  const tokenOf = async (request: FastifyRequest): Promise<Token> => {
    const secret = bearer(request.headers.authorization)
    const before = secret === undefined ? 'none' : known.of(secret)
    if (before !== 'good') await within(byAddress, request)
    const token = secret === undefined || before === 'none' ? undefined : await tokens.find(secret)
    if (secret !== undefined && before !== 'none') known.remember(secret, token !== undefined)
    if (token !== undefined) return token
    if (before === 'good') await within(byAddress, request)
    throw new UnauthenticatedError(request.headers.authorization !== undefined)
  }
  return {
    async caller(request) {
      const token = await tokenOf(request)
      proven(request)
      names.set(request, token.name)
      await within(byToken, request)
      return callerOf(token)
    },
    anybody: (request) => within(byAddress, request),
  }
}

function bearer(header: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(header ?? '')?.[1]
}
