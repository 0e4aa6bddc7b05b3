/**
 * Rows that several resources match: shown, decided about, and decisions taken back.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import type { ServerContext } from '../server-context.ts'
import { NothingThereError } from '../server-errors.ts'
import { handler } from './handler.ts'

export function matchHandlers({ repository, synchronizer, metrics }: ServerContext) {
  return {
    matches: handler(routes.matches, async ({ query: { state, ...query } }) =>
      repository.matches({ ...query, state: state === undefined ? undefined : [state].flat() }),
    ),

    matchCounts: handler(routes.matchCounts, async ({ query: { state, ...query } }) => ({
      counts: [
        ...(await repository.countMatchesBy({
          ...query,
          state: state === undefined ? undefined : [state].flat(),
        })),
      ],
    })),

    match: handler(routes.match, async ({ params }) => {
      const found = await repository.match(params)
      if (found === undefined)
        throw new NothingThereError(`doubtful ${params.entityType} ${params.key} of ${params.source}`)
      return found
    }),

    decideMatches: handler(routes.decideMatches, async ({ body: { decisions, comment }, caller, log }) => {
      const { by } = caller
      const decided = await synchronizer.decideMatches(decisions, { by, comment })
      decided.reports.forEach(metrics.ran)
      log.info({ by: caller.name, decisions: decisions.length }, 'matches decided')
      return decided
    }),

    undoMatches: handler(routes.undoMatches, async ({ body: { rows, comment }, caller, log }) => {
      const { by } = caller
      const undone = await synchronizer.undoMatches(rows, { by, comment })
      undone.reports.forEach(metrics.ran)
      log.info({ by: caller.name, rows: rows.length }, 'decisions about matches taken back')
      return undone
    }),

    testRows: handler(routes.testRows, async ({ params: { source }, body: { type, rows } }) => ({
      rows: await synchronizer.testRows({ source, entityType: type, rows }),
    })),
  }
}
