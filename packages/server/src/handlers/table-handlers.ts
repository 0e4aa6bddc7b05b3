/**
 * Open tables: loads of them, runs, and what became of their rows.
 *
 * @module
 */
import { LoadTooLargeError, type TableOptions } from '@sluice/inbox'
import type { OnProgress, RunReport, SluiceError } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { type Caller, reaches } from '../access/caller.ts'
import { ownPartOf, seenPart } from '../access/own-part.ts'
import type { ServerContext } from '../server-context.ts'
import { noSuchSource } from '../server-errors.ts'
import { decodedBody } from './decode-body.ts'
import { handler } from './handler.ts'
import { runnerOf } from './runner-of.ts'

/** Changes of each kind that a dry run shows. */
const changesShown = 3

export function tableHandlers(context: ServerContext) {
  const { synchronizer, repository, metrics } = context
  const { tables } = synchronizer
  const partOf = (caller: Caller) => ownPartOf(caller, context.configuration)
  const limit = context.configuration.server.limits.deliverySize
  const reached = (caller: Caller, source: string) => {
    if (!context.configuration.sources.has(source) || !reaches(caller, source)) throw noSuchSource(source)
    return source
  }
  const ran = (report: RunReport | null) => {
    if (report !== null) metrics.ran(report)
    context.runDecided.notify()
    context.notificationsDue.notify()
  }
  const followed = async <T>(source: string, work: (onProgress: OnProgress) => Promise<T>) => {
    try {
      return await work(context.progress.report)
    } finally {
      context.progress.end(source)
    }
  }
  return {
    loadTable: handler(routes.loadTable, async ({ params, query, body, headers, caller, signal, log }) => {
      const source = reached(caller, params.source)
      const { type, run = true, dryRun, force, sample = changesShown, file, ...dialect } = query
      const content = decodedBody(body, headers['content-encoding'], (bytes) =>
        metrics.received(source, bytes),
      )
      const csv = atMost(limit, content, source)
      const request = { ...dialect, csv, file, entityType: type }
      const options = optionsOf(caller, signal)
      if (dryRun === true) {
        const { load, plan } = await tables.planLoad(source, request, { ...options, sample })
        return seenPart(partOf(caller), { ...plan, refusal: null, load })
      }
      const { load, report, refusal } = await followed(source, (onProgress) =>
        tables.load(source, request, { ...options, force, run, onProgress }),
      )
      const { rows, inserted, changed } = load
      log.info({ source, by: caller.name, rows, inserted, changed }, 'rows loaded')
      ran(report)
      const refused = refusal === null ? null : documentOf(refusal)
      return seenPart(partOf(caller), { ...nothingShown, load, report, refusal: refused })
    }),

    runTable: handler(routes.runTable, async ({ params, body, caller, signal }) => {
      const source = reached(caller, params.source)
      const { force, dryRun, sample = changesShown, terms, summed } = body
      const options = optionsOf(caller, signal)
      if (dryRun === true)
        return seenPart(partOf(caller), {
          ...(await tables.plan(source, { ...options, sample, summed })),
          refusal: null,
        })
      const report = await followed(source, (onProgress) =>
        tables.synchronize(source, { ...options, force, terms, onProgress }),
      )
      ran(report)
      return seenPart(partOf(caller), { ...nothingShown, report, refusal: null })
    }),

    sharedTables: handler(routes.sharedTables, async ({ params }) => ({
      tables: await repository.sharedTables(params.source),
    })),

    replicas: handler(routes.replicas, async ({ params, query }) => {
      const { type, status, ...others } = query
      const statuses = status === undefined ? undefined : [status].flat()
      return repository.replicas(params.source, { ...others, entityType: type, status: statuses })
    }),
  }
}

/** Whoever asked may go away, or a proxy may think so: what has begun is done all the same. */
function optionsOf(caller: Caller, gone: AbortSignal): Pick<TableOptions, 'by' | 'runner' | 'waiting'> {
  return { by: caller.by, runner: runnerOf(caller), waiting: gone }
}

async function* atMost(
  limit: number,
  content: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of content) {
    size += chunk.length
    if (size > limit) throw new LoadTooLargeError(source, limit)
    yield chunk
  }
}

const nothingShown = { changes: [], rejected: [] }

function documentOf({ code, message, remedy, retry, details }: SluiceError) {
  return { code, message, remedy, retry, details: details === undefined ? undefined : { ...details } }
}
