/** @module */
import { Anchor, Group, Skeleton, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Reply } from '../api/ask.ts'
import { EmptyState } from '../design/empty-state.tsx'
import { Moment, wholeNumber } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { texts } from '../texts/texts.ts'
import classes from './overview.module.css'

type Run = Reply<'GET /runs'>['runs'][number]

export function RecentRuns({ runs }: { readonly runs: readonly Run[] | undefined }): ReactNode {
  return (
    <Section title={texts.overview.recent} flush>
      {runs === undefined ? (
        <Skeleton h={200} m="md" />
      ) : runs.length === 0 ? (
        <EmptyState title={texts.overview.noRuns} />
      ) : (
        <ul className={classes['list']}>
          {runs.slice(0, 9).map((run) => (
            <Line key={run.run} run={run} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Line({ run }: { readonly run: Run }): ReactNode {
  const { overview } = texts
  return (
    <li className={classes['line']}>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Group gap={6}>
          <Anchor component={Link} to={`/runs/${run.run}`} size="sm" fw={600} c="inherit">
            {run.source ?? run.by?.name ?? ''} {overview.causes[run.cause] ?? overview.graphs}
          </Anchor>
          {run.state !== 'applied' && <StateBadge state={run.state} />}
        </Group>
        <Text size="xs" c="dimmed">
          {changesOf(run)}
        </Text>
      </div>
      <Text size="xs" c="dimmed" component="div">
        <Moment at={run.finishedAt ?? run.startedAt} />
      </Text>
    </li>
  )
}

/** `12 new, 3 changed`. */
function changesOf({ entities, associations }: Run): string {
  const words = texts.overview.changes
  const parts = (['inserted', 'updated', 'deleted'] as const).flatMap((kind) => {
    const count = [...entities, ...associations].reduce((sum, { changes }) => sum + changes[kind], 0)
    return count === 0 ? [] : [`${wholeNumber(count)} ${words[kind]}`]
  })
  return parts.length === 0 ? words.nothing : parts.join(', ')
}
