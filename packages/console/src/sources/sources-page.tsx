/**
 * Every source, how it is, and what it needs.
 *
 * @module
 */
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { useSession } from '../api/session.tsx'
import { statusQuery } from '../api/shared-queries.ts'
import type { Column } from '../design/data-table.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Amount } from '../design/moment.tsx'
import { Page, Section } from '../design/page.tsx'
import { lastRunsQuery } from '../runs/run-queries.ts'
import { texts } from '../texts/texts.ts'
import { appliedColumn, healthColumn, trendColumn, type WithTrend } from './source-columns.tsx'
import { trendOf } from './source-health.ts'
import { definitionsQuery, type SourceRecord } from './source-queries.ts'
import { SourcesTable } from './sources-table.tsx'

const { columns: heads, kinds } = texts.sources

interface Row extends WithTrend {
  /** Absent where the role may not read. */
  readonly record: SourceRecord | undefined
}

export function SourcesPage(): ReactNode {
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
        <SourcesTable rows={rows} columns={columns} />
      </Section>
    </Page>
  )
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
  healthColumn,
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
  trendColumn,
  { ...appliedColumn, align: 'right' },
]
