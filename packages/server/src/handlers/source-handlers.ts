/**
 * How the sources are doing.
 *
 * @module
 */
import { healthOf } from '@sluice/model'
import { routes, type SourceStatus } from '@sluice/protocol'
import { reaches } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { noSuchSource } from '../server-errors.ts'
import { handler } from './handler.ts'

export function sourceHandlers(context: ServerContext) {
  const { configuration } = context
  return {
    status: handler(routes.status, async ({ caller }) => {
      const { at, sources } = await context.repository.sourceStates()
      const reached = [...configuration.sources.values()].filter(({ name }) => reaches(caller, name))
      return { at, sources: reached.map((source) => healthOf(source, sources.get(source.name), at)) }
    }),

    sources: handler(routes.sources, async ({ caller }) => {
      const names = [...configuration.sources.keys()].filter((name) => reaches(caller, name))
      const waiting = await waitingBySource(context)
      const sources: SourceStatus[] = []
      for (const name of names) sources.push(await statusOf(context, name, waiting))
      return { sources }
    }),

    source: handler(routes.source, async ({ params, caller }) => {
      const { source } = params
      if (!configuration.sources.has(source) || !reaches(caller, source)) {
        throw noSuchSource(source)
      }
      return await statusOf(context, source, await waitingBySource(context))
    }),

    exportFailed: handler(routes.exportFailed, async ({ params, body, caller, log }) => {
      const { source } = params
      if (!configuration.sources.has(source) || !reaches(caller, source)) {
        throw noSuchSource(source)
      }
      const by = { kind: 'token', name: caller.name } as const
      await context.synchronizer.inbox.announcedBy(by).exportFailed(source, body)
      log.warn({ source, by: caller.name, code: body.code }, 'an export failed')
      context.notificationsDue.notify()
      return { source }
    }),
  }
}

async function statusOf(
  { synchronizer, repository, configuration }: ServerContext,
  name: string,
  waiting: ReadonlyMap<string, number>,
): Promise<SourceStatus> {
  const chain = await synchronizer.inbox.chain(name)
  const [last] = await repository.runs({ source: name, limit: 1 })
  return {
    ...chain,
    name,
    description: configuration.sources.get(name)?.description ?? null,
    kind: configuration.sources.get(name)?.table === true ? 'open' : 'delivered',
    waiting: waiting.get(name) ?? 0,
    lastRun: last ?? null,
  }
}

async function waitingBySource({ synchronizer }: ServerContext): Promise<ReadonlyMap<string, number>> {
  const lengths = await synchronizer.queueLengths()
  return new Map(lengths.map(({ source, announced, ready }) => [source, announced + ready]))
}
