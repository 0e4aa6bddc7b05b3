/**
 * Rows to decide beside the one that is looked at; decided by keys, and the next one follows.
 *
 * @module
 */

import { Flex, Paper, Stack, Text } from '@mantine/core'
import type { MatchRecord } from '@sluice/model'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { useSession } from '../api/session.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { PageSkeleton } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { matchKey } from './match-address.ts'
import { besides, type MatchCommand } from './match-keys.ts'
import { MatchList } from './match-list.tsx'
import { MatchReview } from './match-review.tsx'
import { useMatchView } from './use-match-view.ts'
import { type NewDecision, useDeciding, useMatches } from './use-matches.ts'

export function MatchQueue(): ReactNode {
  const [view, change] = useMatchView()
  const { may } = useSession()
  const { rows: data, error, refetch, more, isWhole, readPage } = useMatches(view)
  const deciding = useDeciding()
  const [comment, setComment] = useState('')
  const { decided } = deciding
  const rows = useMemo(
    () => (view.state === 'waiting' ? data?.filter((row) => !decided.has(matchKey(row))) : data),
    [data, view.state, decided],
  )
  const isChosen = (row: MatchRecord) => matchKey(row) === view.row
  const isFurther = view.row !== undefined && !isWhole && rows?.some(isChosen) === false
  // An address names a row that the list has not come to yet.
  useEffect(() => {
    if (isFurther) more()
  }, [isFurther, more])
  const chosen = rows?.find(isChosen) ?? rows?.[0]
  const goOn = (step: 1 | -1) => {
    const next = chosen && rows && besides(rows, (row) => row === chosen, step)
    change({ row: next && matchKey(next) })
  }
  const decide = (decision: NewDecision) => {
    if (chosen === undefined || !may('edit')) return
    goOn(1)
    setComment('')
    void deciding.decide(chosen, decision, comment)
  }
  const undo = async () => {
    const last = chosen?.decision === null ? deciding.undoable.at(-1) : (chosen ?? deciding.undoable.at(-1))
    if (last !== undefined && may('edit') && (await deciding.undo(last)))
      change({ state: 'waiting', row: matchKey(last) })
  }
  const obey = (command: MatchCommand) => {
    if (command.kind === 'undo') return void undo()
    if (command.kind === 'skip' || command.kind === 'next') return goOn(1)
    if (command.kind === 'previous') return goOn(-1)
    if (command.kind !== 'link') return decide({ decision: command.kind })
    const resource = chosen?.candidates[command.candidate]
    if (resource !== undefined) decide({ decision: 'link', resource })
  }
  if (error !== null && data === undefined) return <ErrorNotice error={error} retry={refetch} />
  if (rows === undefined) return <PageSkeleton />
  return (
    <Flex gap="md" direction={{ base: 'column', md: 'row' }} align={{ base: 'stretch', md: 'flex-start' }}>
      <MatchList rows={rows} chosen={chosen} view={view} change={change} more={more} readPage={readPage} />
      <Stack flex={1} miw={0}>
        <Paper>
          {chosen === undefined ? (
            <Nothing state={view.state} done={deciding.undoable.length > 0} />
          ) : (
            <MatchReview
              key={matchKey(chosen)}
              row={chosen}
              obey={obey}
              comment={comment}
              onComment={setComment}
              undoable={chosen.decision !== null || deciding.undoable.length > 0}
            />
          )}
        </Paper>
        {!may('edit') && (
          <Text size="sm" c="dimmed">
            {texts.matches.forbidden}
          </Text>
        )}
      </Stack>
    </Flex>
  )
}

function Nothing({ state, done }: { readonly state: string; readonly done: boolean }): ReactNode {
  if (state !== 'waiting') return <EmptyState title={texts.matches.noneOfState} />
  return done ? (
    <EmptyState title={texts.matches.allDone}>{texts.matches.allDoneHelp}</EmptyState>
  ) : (
    <EmptyState title={texts.matches.none}>{texts.matches.noneHelp}</EmptyState>
  )
}
