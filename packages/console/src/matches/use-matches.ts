/**
 * Rows that wait, and how they are decided: the next one follows at once, and a decision that is refused is told of.
 *
 * @module
 */

import { notifications } from '@mantine/notifications'
import type { MatchRecord } from '@sluice/model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, askLines, type Reply } from '../api/ask.ts'
import { live } from '../api/query-client.ts'
import { type ReadPage, useListed } from '../api/use-listed.ts'
import { texts } from '../texts/texts.ts'
import { type MatchView, matchKey } from './match-address.ts'

export type ListedMatch = Reply<'GET /matches'>

export function useMatches({ source, state }: Pick<MatchView, 'source' | 'state'>) {
  const readPage: ReadPage<ListedMatch> = ({ signal, ...page }) =>
    askLines('GET /matches', { query: { source, state, ...page }, signal })
  return { ...useListed({ queryKey: ['matches', source, state], prefix: ['matches'], readPage }), readPage }
}

/** Of all, and not only of those that have been scrolled to. */
export function useMatchCount({ source, state }: Pick<MatchView, 'source' | 'state'>): number | undefined {
  const { data } = useQuery({
    queryKey: ['matches', 'counts', source, state],
    queryFn: ({ signal }) => ask('GET /match-counts', { query: { source, state }, signal }),
    ...live,
  })
  return data?.counts.reduce((sum, { count }) => sum + count, 0)
}

export type NewDecision =
  | { readonly decision: 'link'; readonly resource: string }
  | { readonly decision: 'create' | 'ignore' }

interface Deciding {
  /** Rows whose decision is on its way or just made: the list may not know yet. */
  readonly decided: ReadonlySet<string>
  /** What was decided here, the last one at the end. */
  readonly undoable: readonly MatchRecord[]
  readonly decide: (row: MatchRecord, decision: NewDecision, comment: string) => Promise<void>
  readonly undo: (row: MatchRecord) => Promise<boolean>
}

export function useDeciding(): Deciding {
  const client = useQueryClient()
  const [undoable, setUndoable] = useState<readonly MatchRecord[]>([])
  const renew = async () => {
    for (const key of ['matches', 'match', 'resources', 'resource', 'counts'])
      await client.invalidateQueries({ queryKey: [key] })
  }
  const forget = (row: MatchRecord) =>
    setUndoable((rows) => rows.filter((one) => matchKey(one) !== matchKey(row)))
  const attempt = async (work: () => Promise<unknown>, message: string) => {
    try {
      await work()
      notifications.show({ color: 'teal', message, autoClose: 2500 })
      return true
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      notifications.show({ color: 'red', message, autoClose: 8000 })
      return false
    } finally {
      await renew()
    }
  }
  return {
    decided: new Set(undoable.map(matchKey)),
    undoable,
    async decide(row, decision, comment) {
      setUndoable((rows) => [...rows.filter((one) => matchKey(one) !== matchKey(row)), row])
      const body = { decisions: [{ ...rowOf(row), ...decision }], ...(comment === '' ? {} : { comment }) }
      const message = texts.matches.decidedNow(row.key, texts.matches.decisions[decision.decision])
      if (!(await attempt(() => ask('POST /matches/decide', { body }), message))) forget(row)
    },
    async undo(row) {
      const body = { rows: [rowOf(row)] }
      const done = await attempt(() => ask('POST /matches/undo', { body }), texts.matches.undone(row.key))
      if (done) forget(row)
      return done
    },
  }
}

function rowOf({ source, entityType, key }: MatchRecord) {
  return { source, entityType, key }
}
