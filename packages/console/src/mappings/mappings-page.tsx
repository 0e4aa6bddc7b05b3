/**
 * The sources that are graphs, and so have modules.
 *
 * @module
 */
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Amount } from '../design/moment.tsx'
import { Page, Section } from '../design/page.tsx'
import { definitionsQuery, type SourceRecord } from '../sources/source-queries.ts'
import { texts } from '../texts/texts.ts'

const { mappings: words } = texts

export function MappingsPage(): ReactNode {
  const { data, error, refetch } = useQuery(definitionsQuery)
  const navigate = useNavigate()
  const rows = useMemo(() => data?.sources.filter(({ modules }) => modules !== undefined), [data])
  return (
    <Page title={words.title} description={words.description}>
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      <Section flush>
        <DataTable
          rows={rows}
          columns={columns}
          rowKey={({ name }) => name}
          label={words.title}
          onOpen={({ name }) => void navigate({ to: `/mappings/${encodeURIComponent(name)}` })}
          empty={<EmptyState title={words.none}>{words.noneHelp}</EmptyState>}
        />
      </Section>
    </Page>
  )
}

const columns: readonly Column<SourceRecord>[] = [
  {
    id: 'source',
    header: words.source,
    value: ({ name }) => name,
    cell: ({ name, description }) => (
      <>
        <Text span size="sm" fw={600}>
          {name}
        </Text>
        {description !== null && (
          <Text span size="sm" c="dimmed" ml={8} visibleFrom="md">
            {description}
          </Text>
        )}
      </>
    ),
  },
  {
    id: 'modules',
    header: words.modules,
    value: ({ modules }) => modules,
    cell: ({ modules }) => <Amount value={modules} />,
    align: 'right',
  },
  {
    id: 'defined',
    header: words.defined,
    value: ({ definedIn, place }) => (definedIn === 'stored' ? words.inRepository : place),
  },
  {
    id: 'resources',
    header: words.resources,
    value: ({ resources }) => resources,
    cell: ({ resources }) => <Amount value={resources} />,
    align: 'right',
  },
]
