/**
 * Every source, how it is, and what it needs.
 *
 * @module
 */
import { Badge, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { useSession } from '../api/session.tsx'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Amount, Moment } from '../design/moment.tsx'
import { Page, Section } from '../design/page.tsx'
import { Sparkline } from '../design/sparkline.tsx'
import { tones } from '../design/theme.ts'
import { healthWord, type SourceHealth, toneOfWord, trendOf } from '../overview/health.ts'
import { lastRunsQuery } from '../runs/run-queries.ts'
import { texts } from '../texts/texts.ts'
import { definitionsQuery, type SourceRecord, statusQuery } from './source-queries.ts'

const { columns: heads, kinds, trendLabel } = texts.sources

interface Row extends SourceHealth {
  /** Absent where the role may not read. */
  readonly record: SourceRecord | undefined
  readonly trend: readonly number[]
}

export function SourcesPage(): ReactNode {
  const navigate = useNavigate()
  const { may } = useSession()
  const status = useQuery(statusQuery)
  const runs = useQuery(lastRunsQuery(undefined, 200))
  const definitions = useQuery({ ...definitionsQuery, enabled: may('read') })
  const rows = useMemo(
    () =>
      status.data?.sources.map((source): Row => {
        const record = definitions.data?.sources.find(({ name }) => name === source.name)
        return { ...source, record, trend: trendOf(source.name, runs.data?.runs ?? []) }
      }),
    [status.data, runs.data, definitions.data],
  )
  return (
    <Page title={texts.sources.title} description={texts.sources.description}>
      {status.error !== null && <ErrorNotice error={status.error} retry={status.refetch} />}
      <Section flush>
        <DataTable
          label="sources"
          rows={rows}
          columns={columns}
          rowKey={({ name }) => name}
          onOpen={({ name }) => void navigate({ to: `/sources/${encodeURIComponent(name)}` })}
          empty={<EmptyState title={texts.sources.none}>{texts.sources.noneHelp}</EmptyState>}
        />
      </Section>
    </Page>
  )
}

export function HealthBadge({ source }: { readonly source: SourceHealth }): ReactNode {
  const word = healthWord(source)
  return <Badge color={tones[toneOfWord[word]]}>{texts.overview.states[word]}</Badge>
}

const columns: readonly Column<Row>[] = [
  {
    id: 'source',
    header: heads.source,
    value: ({ name }) => name,
    cell: ({ name, record }) => (
      <>
        <Text span size="sm" fw={600}>
          {name}
        </Text>
        {typeof record?.description === 'string' && (
          <Text span size="sm" c="dimmed" ml={8} visibleFrom="md">
            {record.description}
          </Text>
        )}
      </>
    ),
  },
  {
    id: 'health',
    header: heads.health,
    value: (source) => texts.overview.states[healthWord(source)],
    cell: (source) => <HealthBadge source={source} />,
  },
  {
    id: 'attention',
    header: heads.attention,
    value: ({ attention }) => attention.map(({ says }) => says).join(' '),
    cell: ({ attention: [worst] }) =>
      worst === undefined ? '' : <span title={worst.says}>{worst.says}</span>,
    wide: true,
  },
  { id: 'kind', header: heads.kind, value: ({ kind }) => kinds[kind], wide: true },
  {
    id: 'resources',
    header: heads.resources,
    value: ({ record }) => record?.resources,
    cell: ({ record }) => <Amount value={record?.resources} />,
    align: 'right',
  },
  {
    id: 'trend',
    header: heads.rows,
    value: ({ trend }) => trend.at(-1),
    cell: ({ name, trend }) => <Sparkline values={trend} label={trendLabel(name)} />,
    wide: true,
  },
  {
    id: 'applied',
    header: heads.age,
    value: ({ lastApplied }) => lastApplied?.finishedAt,
    cell: ({ lastApplied }) => <Moment at={lastApplied?.finishedAt} />,
    align: 'right',
  },
]
