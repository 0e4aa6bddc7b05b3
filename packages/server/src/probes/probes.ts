/**
 * How the machines around a server ask about it: alive, ready, counted.
 *
 * Health and readiness need no token, because whoever asks them has none and learns nothing but a word.
 * Metrics name the sources and how much changes in them, which is not everybody's business: they need
 * a token that may read (Prometheus sends one: `authorization.credentials_file`).
 *
 * @module
 */
import { access, constants } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { SluiceError } from '@sluice/model'
import { ModelMovedError } from '@sluice/repository'
import type { FastifyInstance } from 'fastify'
import type { Gate } from '../access/authenticate.ts'
import { requirePermission } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'

export function registerProbes(
  app: FastifyInstance,
  live: { readonly context: ServerContext },
  gate: Gate,
): void {
  // Load balancers ask by HEAD, too, and what these answer is made of nothing.
  const cheap = { exposeHeadRoute: true }

  app.get('/health', cheap, async () => ({ status: 'alive' }))

  app.get('/ready', cheap, async (request, reply) => {
    await gate.anybody(request)
    const reason = await unreadiness(live.context)
    if (reason === undefined) return { status: 'ready' }
    request.log.warn({ reason }, 'not ready')
    return reply.code(503).send({ status: 'not ready', reason })
  })

  app.get('/metrics', async (request, reply) => {
    requirePermission(await gate.caller(request), 'read')
    return reply.type(live.context.metrics.contentType).send(await live.context.metrics.text())
  })
}

/** Milliseconds in which the database has to answer. */
const answersWithin = 3000

/** Why the server cannot take deliveries now; without names of hosts or folders, which are in the log. */
async function unreadiness({
  urgent,
  configuration,
  modelWatch,
  stopping,
}: ServerContext): Promise<string | undefined> {
  if (stopping.aborted) return 'the server is being stopped'
  try {
    const checked = urgent.database.session((session) => modelWatch.check(session))
    // A database in this process does one thing at a time: while a run is at work it is as ready as before.
    if (!(await isOver(checked)) && urgent.database.kind === 'postgres')
      return 'the repository does not answer in time'
  } catch (error) {
    if (error instanceof ModelMovedError) return `the model of the repository has changed (${error.code})`
    return `the repository does not answer${error instanceof SluiceError ? ` (${error.code})` : ''}`
  }
  try {
    await access(configuration.server.inbox, constants.W_OK)
    return undefined
  } catch {
    return 'the inbox folder cannot be written'
  }
}

/** Says whether it is over in time; throws what it throws. */
async function isOver(work: Promise<void>): Promise<boolean> {
  // What comes of it later nobody waits for.
  work.catch(() => undefined)
  const end = new AbortController()
  const late = sleep(answersWithin, false, { signal: end.signal, ref: false }).catch(() => false)
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    end.abort()
  }
}
