/**
 * What agents ask: announce, upload, seal, follow, give up.
 *
 * @module
 */
import { type DeliveryRecord, isUndecided } from '@sluice/model'
import { type DeliveryStatus, routes } from '@sluice/protocol'
import type { DeliveriesQuery } from '@sluice/repository'
import { type Caller, reaches } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { NothingThereError, noSuchSource } from '../server-errors.ts'
import { decodedBody } from './decode-body.ts'
import { handler } from './handler.ts'

/** How long is slept between two looks at a delivery that another server may be working on. */
const look = 500

export function deliveryHandlers(context: ServerContext) {
  const { configuration, synchronizer, metrics, queueChanged } = context
  const { inbox } = synchronizer
  const limit = configuration.server.limits.deliverySize
  const reached = (caller: Caller, id: string) => reachedDelivery(context, caller, id)
  return {
    deliveries: handler(routes.deliveries, async ({ query, caller }) => ({
      deliveries: await reachedDeliveries(context, caller, query),
    })),

    describeDelivery: handler(routes.describeDelivery, async ({ params, caller }) => {
      await reached(caller, params.delivery)
      return await described(context, params.delivery)
    }),

    cancelDelivery: handler(routes.cancelDelivery, async ({ params, body, caller, log }) => {
      const { source } = await reached(caller, params.delivery)
      await inbox.cancel(params.delivery, { by: caller.name, reason: body.reason })
      metrics.cancelled(source)
      log.warn({ delivery: params.delivery, source, by: caller.name }, 'delivery cancelled')
      queueChanged.notify()
      return await described(context, params.delivery)
    }),

    releaseDelivery: handler(routes.releaseDelivery, async ({ params, body, caller, log }) => {
      const { source } = await reached(caller, params.delivery)
      await inbox.release(params.delivery, { by: caller.name, reason: body.reason })
      log.info({ delivery: params.delivery, source, by: caller.name }, 'delivery released')
      queueChanged.notify()
      return await described(context, params.delivery)
    }),

    announce: handler(routes.announce, async ({ params, body, caller }) => {
      if (!reaches(caller, body.source)) throw noSuchSource(body.source)
      const known = await inbox.status(params.delivery)
      // An id that another agent's delivery has reveals nothing of that one.
      if (known !== undefined && !reaches(caller, known.source)) throw unknown(params.delivery)
      const { by } = caller
      const status = await inbox.announcedBy(by).announce({ id: params.delivery, ...body })
      // A complete may have cancelled what stood before it.
      queueChanged.notify()
      return status
    }),

    delivery: handler(routes.delivery, async ({ params, query, caller, signal }) => {
      const status = await reached(caller, params.delivery)
      return await untilDecided(context, status, (query.wait ?? 0) * 1000, signal)
    }),

    receivedFile: handler(routes.receivedFile, async ({ params, caller }) => {
      await reached(caller, params.delivery)
      return { size: await inbox.received(params.delivery, params.file) }
    }),

    appendFile: handler(routes.appendFile, async ({ params, query, body, headers, caller }) => {
      const { source } = await reached(caller, params.delivery)
      const content = decodedBody(body, headers['content-encoding'], (bytes) =>
        metrics.received(source, bytes),
      )
      const size = await inbox.append(params.delivery, params.file, { offset: query.offset, content, limit })
      return { size }
    }),

    seal: handler(routes.seal, async ({ params, body, caller }) => {
      await reached(caller, params.delivery)
      const status = await inbox.seal(params.delivery, body)
      queueChanged.notify()
      return status
    }),

    giveUp: handler(routes.giveUp, async ({ params, body, caller }) => {
      await reached(caller, params.delivery)
      const status = await inbox.giveUp(params.delivery, body.state, body.reason)
      queueChanged.notify()
      return status
    }),
  }
}

async function described({ repository }: ServerContext, id: string): Promise<DeliveryRecord> {
  const found = await repository.delivery(id)
  if (found === undefined) throw unknown(id)
  return found
}

async function reachedDeliveries(
  { repository }: ServerContext,
  caller: Caller,
  { source, limit = 50, ...query }: DeliveriesQuery,
): Promise<readonly DeliveryRecord[]> {
  if (source !== undefined && !reaches(caller, source)) return []
  if (caller.role !== 'agent' || source !== undefined)
    return await repository.deliveries({ ...query, source, limit })
  const found: DeliveryRecord[] = []
  for (const name of caller.sources)
    found.push(...(await repository.deliveries({ ...query, source: name, limit })))
  return found.sort((a, b) => (a.announcedAt < b.announcedAt ? 1 : -1)).slice(0, limit)
}

async function reachedDelivery(
  { synchronizer }: ServerContext,
  caller: Caller,
  id: string,
): Promise<DeliveryStatus> {
  const status = await synchronizer.inbox.status(id)
  if (status === undefined || !reaches(caller, status.source)) throw unknown(id)
  return status
}

function unknown(id: string): NothingThereError {
  return new NothingThereError(`delivery ${id}`)
}

async function untilDecided(
  { synchronizer, runDecided, stopping }: ServerContext,
  first: DeliveryStatus,
  milliseconds: number,
  signal: AbortSignal,
): Promise<DeliveryStatus> {
  const end = performance.now() + milliseconds
  let status = first
  while (isUndecided(status.state) && !signal.aborted && !stopping.aborted) {
    const left = end - performance.now()
    if (left <= 0) break
    await runDecided.wait(Math.min(look, left), signal)
    status = (await synchronizer.inbox.status(first.id)) ?? status
  }
  return status
}
