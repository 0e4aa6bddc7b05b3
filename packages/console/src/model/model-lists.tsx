/** The model as lists: the same as the diagram, in words. @module */

import { Badge, Group } from '@mantine/core'
import type { Association, EntityType } from '@sluice/model'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { typeCountsQuery } from '../api/shared-queries.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { Amount } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { labelledColumn } from './labelled-column.ts'
import type { ReadersLabels } from './labels.ts'
import { useLabelled, useLabels } from './use-labels.ts'
import type { KnownModel } from './use-model.ts'

interface ModelListsProps {
  readonly model: KnownModel
  readonly chosen: string | undefined
  readonly choose: (type: string) => void
}

export function ModelLists({ model, chosen, choose }: ModelListsProps): ReactNode {
  const { data } = useQuery(typeCountsQuery)
  const labels = useLabels()
  const associationColumns = useLabelled(associationColumnsOf)
  const columns = useMemo(
    () => typeColumns(new Map((data?.types ?? []).map(({ type, resources }) => [type, resources])), labels),
    [data, labels],
  )
  const types = useMemo(() => [...model.types.values()], [model])
  return (
    <>
      <Section title={texts.model.types} flush>
        <DataTable
          rows={types}
          columns={columns}
          rowKey={({ name }) => name}
          label={texts.model.types}
          onOpen={({ name }) => choose(name)}
          {...(chosen === undefined ? {} : { selected: chosen })}
          empty={<EmptyState title={texts.model.noTypes}>{texts.model.noTypesHelp}</EmptyState>}
        />
      </Section>
      <Section title={texts.model.associations} flush>
        <DataTable
          rows={model.associations}
          columns={associationColumns}
          rowKey={({ name }) => name}
          label={texts.model.associations}
          empty={<EmptyState title={texts.model.noAssociations}>{texts.model.noAssociationsHelp}</EmptyState>}
        />
      </Section>
    </>
  )
}

function typeColumns(
  counts: ReadonlyMap<string, number>,
  labels: ReadersLabels,
): readonly Column<EntityType>[] {
  return [
    {
      id: 'type',
      header: texts.model.type,
      value: ({ name }) => name,
      cell: ({ name, abstract }) => (
        <Group gap="xs" wrap="nowrap">
          {labels.type(name)}
          {abstract && <Badge color="gray">{texts.model.abstract}</Badge>}
        </Group>
      ),
    },
    labelledColumn(
      {
        id: 'extends',
        header: texts.model.extends,
        text: (type, as) => (type.extends === undefined ? null : as.type(type.extends)),
        wide: true,
      },
      labels,
    ),
    {
      id: 'properties',
      header: texts.model.properties,
      align: 'right',
      value: ({ properties }) => properties.length,
    },
    {
      id: 'resources',
      header: texts.model.resources,
      align: 'right',
      value: ({ name }) => counts.get(name) ?? null,
      cell: ({ name }) => <Amount value={counts.get(name)} />,
    },
  ]
}

const associationColumnsOf = (labels: ReadersLabels): readonly Column<Association>[] => [
  labelledColumn(
    { id: 'association', header: texts.model.association, text: ({ name }, as) => as.type(name) },
    labels,
  ),
  labelledColumn({ id: 'from', header: texts.model.from, text: ({ from }, as) => as.type(from) }, labels),
  labelledColumn({ id: 'to', header: texts.model.to, text: ({ to }, as) => as.type(to) }, labels),
  {
    id: 'links',
    header: texts.model.cardinality,
    wide: true,
    value: ({ cardinality }) => texts.model.cardinalities[cardinality],
  },
]
