/**
 * Every entity type, and how much there is of it.
 *
 * @module
 */
import { Anchor, Badge, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { typeCountsQuery } from '../api/shared-queries.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Amount } from '../design/moment.tsx'
import { Page, Section } from '../design/page.tsx'
import type { ReadersLabels } from '../model/labels.ts'
import { type Branch, typeTree } from '../model/type-tree.ts'
import { useLabels } from '../model/use-labels.ts'
import { typeAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import type { TypeCount } from './type-rail.tsx'

const columnsOf = (labels: ReadersLabels): readonly Column<Branch<TypeCount>>[] => [
  {
    id: 'type',
    header: texts.resources.type,
    value: ({ type }) => type.type,
    cell: ({ type, depth }) => (
      <Group gap="xs" pl={depth * 18} wrap="nowrap">
        <Anchor component={Link} to={typeAddress(type.type)} inherit fw={500} tabIndex={-1} title={type.type}>
          {labels.type(type.type)}
        </Anchor>
        {type.abstract && <Badge color="gray">{texts.resources.abstract}</Badge>}
      </Group>
    ),
  },
  {
    id: 'resources',
    header: texts.resources.count,
    align: 'right',
    value: ({ type }) => type.resources,
    cell: ({ type }) => <Amount value={type.resources} />,
  },
  {
    id: 'own',
    header: texts.resources.own,
    align: 'right',
    wide: true,
    value: ({ type }) => type.own,
    cell: ({ type }) => <Amount value={type.own} />,
  },
  {
    id: 'sources',
    header: texts.resources.filledBy,
    value: ({ type }) => type.sources.join(', '),
  },
]

export function TypesPage(): ReactNode {
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery(typeCountsQuery)
  const labels = useLabels()
  const columns = useMemo(() => columnsOf(labels), [labels])
  return (
    <Page title={texts.resources.title}>
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      <Section flush>
        <DataTable
          rows={data && typeTree(data.types)}
          columns={columns}
          rowKey={({ type }) => type.type}
          label={texts.resources.types}
          onOpen={({ type }) => void navigate({ to: typeAddress(type.type) })}
          empty={<EmptyState title={texts.resources.noTypes}>{texts.resources.noTypesHelp}</EmptyState>}
        />
      </Section>
    </Page>
  )
}
