/**
 * Finds out who asks, and how often.
 *
 * A valid token is counted by its name, whatever else comes from its address; who brings none is
 * counted by address, so that nobody behind a shared proxy can lock the others out.
 *
 * @module
 */
import type { TokenStore } from '@sluice/repository'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TooManyRequestsError, UnauthenticatedError } from '../server-errors.ts'
import { type Caller, callerOf } from './caller.ts'

export interface Gate {
  /** Throws where no valid token is brought, or too often. */
  caller(request: FastifyRequest): Promise<Caller>
  /** For what needs no token. */
  anybody(request: FastifyRequest): Promise<void>
}

/** Needs the plugin of rate limits to be registered. */
export function openGate(app: FastifyInstance, tokens: TokenStore, requestsPerMinute: number): Gate {
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
  return {
    async caller(request) {
      const secret = bearer(request.headers.authorization)
      const token = secret === undefined ? undefined : await tokens.find(secret)
      if (token === undefined) {
        await within(byAddress, request)
        throw new UnauthenticatedError(request.headers.authorization !== undefined)
      }
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
