/** How fresh each source is and what of it is left out, with how that went over its last applied runs. @module */
import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { Reply } from '../api/ask.ts'
import type { Column } from '../design/data-table.tsx'
import { Amount, Moment } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { linkTo } from '../shell/link-to.ts'
import { appliedColumn, nameColumn } from '../sources/source-columns.tsx'
import type { SourceHealth } from '../sources/source-health.ts'
import { type SourceTrend, sourceTrendOf } from '../sources/source-trend.ts'
import { SourcesTable } from '../sources/sources-table.tsx'
import { texts } from '../texts/texts.ts'
import { WithTrend } from './with-trend.tsx'

interface SourcesHealthProps {
  readonly sources: readonly SourceHealth[] | undefined
  readonly trends: Reply<'GET /source-trends'>['sources']
}

interface Row extends SourceHealth {
  readonly trend: SourceTrend
}

export function SourcesHealth({ sources, trends }: SourcesHealthProps): ReactNode {
  const rows = useMemo(
    () =>
      sources?.map((one): Row => {
        const runs = trends.find(({ source }) => source === one.name)?.runs ?? []
        return { ...one, trend: sourceTrendOf(runs) }
      }),
    [sources, trends],
  )
  return (
    <Section title={texts.health.sources} flush>
      <SourcesTable rows={rows} columns={columns} />
    </Section>
  )
}

const heads = texts.health.columns

const columns: readonly Column<Row>[] = [
  nameColumn,
  {
    ...appliedColumn,
    cell: (source) => (
      <WithTrend
        label={trendLabel(source, texts.sources.trends.age)}
        days={source.trend.times}
        values={source.trend.age}
      >
        <Moment at={source.lastApplied?.finishedAt} />
      </WithTrend>
    ),
    align: 'right',
  },
  {
    id: 'due',
    header: heads.due,
    value: ({ dueAt }) => dueAt,
    cell: ({ dueAt }) => <Moment at={dueAt} />,
    wide: true,
  },
  counted('rejected', heads.rejected, 'left-out'),
  counted('faulty', heads.faulty, 'replicas', { errors: true }),
  counted('orphans', heads.orphans, 'left-out'),
  {
    id: 'doubtful',
    header: heads.doubtful,
    value: ({ doubtful }) => doubtful,
    cell: ({ name, doubtful }) => <ListBehind value={doubtful} {...linkTo('/matches', { source: name })} />,
    align: 'right',
  },
  {
    id: 'trend',
    header: '',
    control: true,
    value: () => null,
    cell: ({ name, trend }) =>
      trend.runs.length < 2 ? null : (
        <Anchor
          component={Link}
          {...linkTo('/health', { source: name })}
          size="xs"
          onClick={(event) => event.stopPropagation()}
        >
          {texts.health.trend}
        </Anchor>
      ),
    align: 'right',
    wide: true,
  },
]

function trendLabel({ name }: Row, figure: string): string {
  return `${name}, ${figure}`
}

function counted(
  id: 'rejected' | 'faulty' | 'orphans',
  header: string,
  tab: string,
  search: Readonly<Record<string, boolean>> = {},
): Column<Row> {
  return {
    id,
    header,
    value: (source) => source[id],
    cell: (source) => (
      <WithTrend
        label={trendLabel(source, header)}
        days={source.trend.times}
        // The report of a run does not say how many of its names wait.
        values={id === 'orphans' ? [] : source.trend[id]}
      >
        <ListBehind
          value={source[id]}
          {...linkTo(`/sources/${encodeURIComponent(source.name)}`, { tab, ...search })}
        />
      </WithTrend>
    ),
    align: 'right',
    wide: id !== 'rejected',
  }
}

interface ListBehindProps {
  readonly value: number
  readonly to: string
  readonly search: never
}

function ListBehind({ value, ...place }: ListBehindProps): ReactNode {
  if (value === 0) return <Amount value={0} />
  return (
    <Anchor component={Link} {...place} size="sm" onClick={(event) => event.stopPropagation()}>
      <Amount value={value} />
    </Anchor>
  )
}
