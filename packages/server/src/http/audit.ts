/**
 * Writes down who changed what, or tried to: of every route that changes something, in this one place, before it is answered.
 *
 * What agents deliver is not among it: deliveries and runs are records of their own.
 *
 * @module
 */
import { type RunBy, SluiceError } from '@sluice/model'
import { apiPrefix, type Route, type RouteName, routes } from '@sluice/protocol'
import type { AuditLog } from '@sluice/repository'
import type { FastifyReply, FastifyRequest } from 'fastify'

export class Auditor {
  readonly #log: Pick<AuditLog, 'record'>
  readonly #who = new WeakMap<FastifyRequest, RunBy>()
  readonly #codes = new WeakMap<FastifyRequest, string>()

  constructor(log: Pick<AuditLog, 'record'>) {
    this.#log = log
  }

  /** Who it is that asks. */
  identify(request: FastifyRequest, by: RunBy): void {
    this.#who.set(request, by)
  }

  /** What the framework calls for a route. */
  hooksOf(route: Route) {
    const action = nameOf(route)
    if (action === undefined || !isAudited(route)) return {}
    return {
      onError: async (request: FastifyRequest, _reply: FastifyReply, error: Error) => {
        if (error instanceof SluiceError) this.#codes.set(request, error.code)
      },
      onSend: async (request: FastifyRequest, reply: FastifyReply) => {
        await this.#record(action, request, reply)
      },
    }
  }

  async #record(
    action: RouteName,
    request: FastifyRequest,
    { statusCode: status }: FastifyReply,
  ): Promise<void> {
    const by = this.#who.get(request)
    // Whoever brings nothing that is known has tried nothing, but for those who try to sign in.
    if (by === undefined && action !== 'signIn') return
    const [path = ''] = request.url.split('?')
    const subject = path.slice(apiPrefix.length)
    const code = this.#codes.get(request)
    try {
      await this.#log.record({ by, address: request.ip, action, subject, status, code })
    } catch (error) {
      // It has been done, and whoever asked learns so.
      request.log.error({ err: error, action, subject, by, status }, 'the audit log cannot be written')
    }
  }
}

/** It changes something, and is not the daily work of an agent. */
function isAudited({ method, permission, often = false }: Route): boolean {
  return method !== 'GET' && permission !== 'deliver' && !often
}

function nameOf(route: Route): RouteName | undefined {
  return names.find((name) => routes[name] === route)
}

const names = Object.keys(routes).filter((name): name is RouteName => name in routes)
