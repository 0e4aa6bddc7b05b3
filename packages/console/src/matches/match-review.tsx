/**
 * A row and the resources that it may be of, side by side, and the decision.
 *
 * @module
 */

import { Alert, Anchor, Badge, Button, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import type { MatchRecord, ShownMatch } from '@sluice/model'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { ask } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { wholeNumber } from '../design/moment.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { valuesLabel } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { CandidateTable } from './candidate-table.tsx'
import { commandOf, type MatchCommand } from './match-keys.ts'

interface MatchReviewProps {
  readonly row: MatchRecord
  readonly obey: (command: MatchCommand) => void
  readonly comment: string
  readonly onComment: (comment: string) => void
  /** There is a decision that can be taken back. */
  readonly undoable: boolean
}

export function MatchReview({ row, obey, comment, onComment, undoable }: MatchReviewProps): ReactNode {
  const { source, entityType, key } = row
  const { may } = useSession()
  const labels = useLabels()
  const { data, error, refetch } = useQuery({
    queryKey: ['match', source, entityType, key],
    queryFn: () => ask('GET /matches/:source/:entityType/:key', { params: { source, entityType, key } }),
  })
  const isOpen = row.state === 'waiting' && may('edit')
  useKeys(row.candidates.length, isOpen, obey)
  return (
    <Stack p="md" gap="sm">
      <Group justify="space-between">
        <Group gap="xs">
          <Title order={2}>
            {labels.type(entityType)} {key}
          </Title>
          <Anchor component={Link} to={`/sources/${encodeURIComponent(source)}`} size="sm">
            {source}
          </Anchor>
          <StateBadge state={row.state} />
        </Group>
        {may('edit') && <Decisions obey={obey} open={isOpen} undoable={undoable} />}
      </Group>
      <WhyHere row={row} />
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      {data === undefined ? (
        error === null && <Skeleton h={260} />
      ) : (
        <Candidates
          match={data}
          onLink={isOpen ? (candidate) => obey({ kind: 'link', candidate }) : undefined}
        />
      )}
      {isOpen && (
        <>
          <TextInput
            label={texts.matches.comment}
            description={texts.matches.commentHint}
            value={comment}
            onChange={(event) => onComment(event.currentTarget.value)}
          />
          <Text size="xs" c="dimmed">
            {texts.matches.keys}
          </Text>
        </>
      )}
    </Stack>
  )
}

interface DecisionsProps {
  readonly obey: (command: MatchCommand) => void
  readonly open: boolean
  readonly undoable: boolean
}

function Decisions({ obey, open, undoable }: DecisionsProps): ReactNode {
  const keyed = (text: string, key: string, kind: Exclude<MatchCommand['kind'], 'link'>) => (
    <Button
      variant="default"
      aria-keyshortcuts={key}
      onClick={() => obey({ kind })}
      rightSection={<Badge color="gray">{key}</Badge>}
    >
      {text}
    </Button>
  )
  return (
    <Group gap={6}>
      {open && keyed(texts.matches.create, 'n', 'create')}
      {open && keyed(texts.matches.ignore, 'i', 'ignore')}
      {open && keyed(texts.matches.skip, 's', 'skip')}
      {undoable && keyed(texts.matches.undo, 'u', 'undo')}
    </Group>
  )
}

function WhyHere({ row }: { readonly row: MatchRecord }): ReactNode {
  const { entityType, rule, matched, decision, by, comment } = row
  const labels = useLabels()
  const values = valuesLabel(entityType, matched ?? {}, labels)
  return (
    <Stack gap={2}>
      <Text size="sm" c="dimmed">
        {rule === null ? texts.matches.foundGone : texts.matches.found(rule, values)}
      </Text>
      {decision !== null && (
        <Text size="sm">
          {texts.matches.decided(texts.matches.decisions[decision], by ?? '–')}
          {comment !== null && ` · “${comment}”`}
        </Text>
      )}
    </Stack>
  )
}

interface CandidatesProps {
  readonly match: ShownMatch
  readonly onLink: ((candidate: number) => void) | undefined
}

function Candidates({ match, onLink }: CandidatesProps): ReactNode {
  const { properties, candidates, count } = match
  if (properties.length === 0) return <Alert color="gray" title={texts.matches.gone} />
  return (
    <>
      <CandidateTable match={match} onLink={onLink} />
      {count > candidates.length && (
        <Text size="sm" c="dimmed">
          {texts.matches.more(candidates.length, wholeNumber(count))}
        </Text>
      )}
    </>
  )
}

function useKeys(candidates: number, open: boolean, obey: (command: MatchCommand) => void): void {
  const led = useRef(0)
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      // `g s` leads to the sources.
      const isLed = event.timeStamp - led.current < 1000
      led.current = event.key === 'g' ? event.timeStamp : 0
      if (isLed || !isFree(event)) return
      const command = commandOf(event.key, candidates)
      if (command === undefined || (!open && decides(command))) return
      event.preventDefault()
      obey(command)
    }
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [candidates, open, obey])
}

/** Outside of fields and dialogs, and not what means something to the browser. */
function isFree({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const field = 'input, textarea, select, [contenteditable], [role=dialog]'
  return !(ctrlKey || metaKey || altKey || (target instanceof HTMLElement && target.closest(field) !== null))
}

function decides({ kind }: MatchCommand): boolean {
  return kind === 'link' || kind === 'create' || kind === 'ignore'
}
