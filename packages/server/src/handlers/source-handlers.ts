/**
 * How the sources are doing.
 *
 * @module
 */
import { queueLengths, readChains } from '@sluice/inbox'
import { healthOf, narrowAll } from '@sluice/model'
import { routes, type SourceStatus } from '@sluice/protocol'
import { reaches } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { noSuchSource } from '../server-errors.ts'
import { handler } from './handler.ts'
import { wantedLanguages } from './wanted-languages.ts'

/** Of a trend, when nobody says how many. */
const shownRuns = 40

export function sourceHandlers(context: ServerContext) {
  const { configuration } = context
  return {
    status: handler(routes.status, async ({ caller, ...incoming }) => {
      const wanted = wantedLanguages(incoming)
      const { at, sources } = await context.repository.sourceStates()
      const { language } = configuration.model
      const reached = [...configuration.sources.values()].filter(({ name }) => reaches(caller, name))
      const health = reached.map((source) => healthOf(source, sources.get(source.name), at))
      return {
        at,
        ...(language === undefined ? {} : { language }),
        sources: wanted === undefined ? health : narrowAll(health, { language }, wanted),
      }
    }),

    sourceTrends: handler(routes.sourceTrends, async ({ query: { source, runs = shownRuns }, caller }) => {
      const reached = [...configuration.sources.keys()].filter((name) => reaches(caller, name))
      if (source !== undefined && !reached.includes(source)) throw noSuchSource(source)
      const sources = source === undefined ? reached : [source]
      const trends = await context.repository.sourceTrends({ sources, runs })
      return { sources: trends.map((one) => ({ ...one, runs: [...one.runs] })) }
    }),

    sources: handler(routes.sources, async ({ caller }) => {
      const names = [...configuration.sources.keys()].filter((name) => reaches(caller, name))
      return { sources: await statusOf(context, names) }
    }),

    source: handler(routes.source, async ({ params, caller }) => {
      const { source } = params
      if (!configuration.sources.has(source) || !reaches(caller, source)) {
        throw noSuchSource(source)
      }
      const [status] = await statusOf(context, [source])
      if (status === undefined) throw noSuchSource(source)
      return status
    }),

    exportFailed: handler(routes.exportFailed, async ({ params, body, caller, log }) => {
      const { source } = params
      if (!configuration.sources.has(source) || !reaches(caller, source)) {
        throw noSuchSource(source)
      }
      const { by } = caller
      await context.synchronizer.inbox.announcedBy(by).exportFailed(source, body)
      log.warn({ source, by: caller.name, code: body.code }, 'an export failed')
      context.notificationsDue.notify()
      return { source }
    }),
  }
}

/** In the order of the names; of many in as many statements as of one. */
async function statusOf(
  { repository, configuration }: ServerContext,
  names: readonly string[],
): Promise<readonly SourceStatus[]> {
  const { chains, lengths } = await repository.database.session(async (session) => ({
    chains: await readChains(session, configuration, names),
    lengths: await queueLengths(session),
  }))
  const waiting = new Map(lengths.map(({ source, announced, ready }) => [source, announced + ready]))
  const lastRuns = await repository.lastRuns(names)
  return names.flatMap((name) => {
    const chain = chains.get(name)
    const source = configuration.sources.get(name)
    if (chain === undefined || source === undefined) return []
    return {
      ...chain,
      name,
      description: source.description ?? null,
      kind: source.table === true ? 'open' : 'delivered',
      waiting: waiting.get(name) ?? 0,
      lastRun: lastRuns.get(name) ?? null,
    }
  })
}
