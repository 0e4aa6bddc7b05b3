/**
 * What runs change, what they leave out, and where those that are at work stand.
 *
 * @module
 */
import { runLife } from '@sluice/model'
import { routes } from '@sluice/protocol'
import type { Caller } from '../access/caller.ts'
import { ownPartOf } from '../access/own-part.ts'
import type { ServerContext } from '../server-context.ts'
import { changeSummaries } from './change-summaries.ts'
import { handler } from './handler.ts'
import { reachedRun } from './reached-run.ts'

/** When no limit is given. */
const changesInPage = 100

export function changeHandlers(context: ServerContext) {
  const { synchronizer, repository } = context
  const summaries = changeSummaries(context.configuration)
  const partOf = (caller: Caller) => ownPartOf(caller, context.configuration)
  return {
    changes: handler(routes.changes, async ({ params, query, caller }) => {
      await reachedRun(context, caller, params.run)
      const { change: isSeen } = partOf(caller)
      // What is left out does not count.
      if (caller.role !== 'agent') return synchronizer.changes(params.run, query, repository.database)
      const { limit, ...all } = query
      return first(seen(synchronizer.changes(params.run, all, repository.database), isSeen), limit)
    }),

    changesPage: handler(routes.changesPage, async ({ params, query, caller }) => {
      await reachedRun(context, caller, params.run)
      const { limit = changesInPage, ...options } = query
      const page = await synchronizer.changesPage(params.run, { limit, ...options }, repository.database)
      return { ...page, changes: page.changes.filter(partOf(caller).change) }
    }),

    changesSummary: handler(routes.changesSummary, async ({ params, caller }) => {
      const report = await reachedRun(context, caller, params.run)
      const types = await summaries.of(report, () =>
        synchronizer.changedProperties(params.run, repository.database),
      )
      return { types: types.filter(partOf(caller).summary) }
    }),

    runProgress: handler(routes.runProgress, async ({ params, caller }) => {
      const { state, source } = await reachedRun(context, caller, params.run)
      const isAtWork = state === runLife.start && source !== null
      return (isAtWork ? context.progress.of(source) : undefined) ?? { now: null, stages: [] }
    }),

    rejectedRows: handler(routes.rejectedRows, async ({ params, query, caller }) => {
      await reachedRun(context, caller, params.run)
      if (caller.role !== 'agent') return repository.rejectedRows(params.run, query)
      const { limit, ...all } = query
      return first(seen(repository.rejectedRows(params.run, all), partOf(caller).rejected), limit)
    }),
  }
}

async function* seen<T>(items: AsyncIterable<T>, isSeen: (item: T) => boolean): AsyncGenerator<T> {
  for await (const item of items) if (isSeen(item)) yield item
}

async function* first<T>(items: AsyncIterable<T>, limit = Number.POSITIVE_INFINITY): AsyncGenerator<T> {
  let count = 0
  for await (const item of items) {
    if (count >= limit) return
    count += 1
    yield item
  }
}
