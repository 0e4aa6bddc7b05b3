/** @module */
import { type ReactNode, useMemo } from 'react'
import type { Reply } from '../api/ask.ts'
import type { Column } from '../design/data-table.tsx'
import { Amount } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import {
  appliedColumn,
  healthColumn,
  nameColumn,
  trendColumn,
  type WithTrend,
} from '../sources/source-columns.tsx'
import { type SourceHealth, trendOf } from '../sources/source-health.ts'
import { SourcesTable } from '../sources/sources-table.tsx'
import { texts } from '../texts/texts.ts'

type Run = Reply<'GET /runs'>['runs'][number]

interface OverviewOfSourcesProps {
  readonly sources: readonly SourceHealth[] | undefined
  readonly runs: readonly Run[] | undefined
}

export function OverviewOfSources({ sources, runs }: OverviewOfSourcesProps): ReactNode {
  const rows = useMemo(
    () => sources?.map((source) => ({ ...source, trend: trendOf(source.name, runs ?? []) })),
    [sources, runs],
  )
  return (
    <Section title={texts.overview.sources} flush>
      <SourcesTable rows={rows} columns={columns} />
    </Section>
  )
}

const heads = texts.overview.columns

const columns: readonly Column<WithTrend>[] = [
  nameColumn,
  healthColumn,
  {
    id: 'lastRun',
    header: heads.lastRun,
    value: ({ lastRun }) => lastRun?.state,
    cell: ({ lastRun }) => (lastRun === null ? '–' : <StateBadge state={lastRun.state} />),
    wide: true,
  },
  appliedColumn,
  {
    id: 'rows',
    header: heads.rows,
    value: ({ trend }) => trend.at(-1),
    cell: ({ trend }) => <Amount value={trend.at(-1)} />,
    align: 'right',
  },
  trendColumn,
  {
    id: 'rejected',
    header: heads.rejected,
    value: ({ rejected, faulty }) => rejected + faulty,
    align: 'right',
    wide: true,
  },
]
