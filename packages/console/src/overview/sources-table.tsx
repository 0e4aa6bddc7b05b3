/** @module */
import { Badge, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { Reply } from '../api/ask.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { Amount, Moment, wholeNumber } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { Sparkline } from '../design/sparkline.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { tones } from '../design/theme.ts'
import { texts } from '../texts/texts.ts'
import { healthWord, type SourceHealth, toneOfWord, trendOf } from './health.ts'

type Run = Reply<'GET /runs'>['runs'][number]

interface SourcesTableProps {
  readonly sources: readonly SourceHealth[] | undefined
  readonly runs: readonly Run[] | undefined
}

interface Row extends SourceHealth {
  readonly trend: readonly number[]
}

export function SourcesTable({ sources, runs }: SourcesTableProps): ReactNode {
  const navigate = useNavigate()
  const rows = useMemo(
    () => sources?.map((source) => ({ ...source, trend: trendOf(source.name, runs ?? []) })),
    [sources, runs],
  )
  return (
    <Section title={texts.overview.sources} flush>
      <DataTable
        rows={rows}
        columns={columns}
        rowKey={({ name }) => name}
        label={texts.overview.sources}
        onOpen={({ name }) => void navigate({ to: `/sources/${encodeURIComponent(name)}` })}
        empty={<EmptyState title={texts.overview.noSources}>{texts.overview.noSourcesHelp}</EmptyState>}
      />
    </Section>
  )
}

const heads = texts.overview.columns

const columns: readonly Column<Row>[] = [
  {
    id: 'source',
    header: heads.source,
    value: ({ name }) => name,
    cell: ({ name }) => (
      <Text size="sm" fw={600}>
        {name}
      </Text>
    ),
  },
  {
    id: 'state',
    header: heads.state,
    value: (source) => texts.overview.states[healthWord(source)],
    cell: (source) => {
      const word = healthWord(source)
      return <Badge color={tones[toneOfWord[word]]}>{texts.overview.states[word]}</Badge>
    },
  },
  {
    id: 'lastRun',
    header: heads.lastRun,
    value: ({ lastRun }) => lastRun?.state,
    cell: ({ lastRun }) => (lastRun === null ? '–' : <StateBadge state={lastRun.state} />),
    wide: true,
  },
  {
    id: 'applied',
    header: heads.applied,
    value: ({ lastApplied }) => lastApplied?.finishedAt,
    cell: ({ lastApplied }) => <Moment at={lastApplied?.finishedAt} />,
  },
  {
    id: 'rows',
    header: heads.rows,
    value: ({ trend }) => trend.at(-1),
    cell: ({ trend }) => <Amount value={trend.at(-1)} />,
    align: 'right',
  },
  {
    id: 'trend',
    header: heads.trend,
    value: ({ trend }) => trend.join(' '),
    cell: ({ name, trend }) => (
      <Sparkline values={trend} label={texts.overview.trendLabel(name, wholeNumber(trend.at(-1) ?? 0))} />
    ),
    wide: true,
  },
  {
    id: 'rejected',
    header: heads.rejected,
    value: ({ rejected, faulty }) => rejected + faulty,
    align: 'right',
    wide: true,
  },
]
