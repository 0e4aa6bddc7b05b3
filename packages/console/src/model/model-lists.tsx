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
import type { KnownModel } from './use-model.ts'

interface ModelListsProps {
  readonly model: KnownModel
  readonly chosen: string | undefined
  readonly choose: (type: string) => void
}

export function ModelLists({ model, chosen, choose }: ModelListsProps): ReactNode {
  const { data } = useQuery(typeCountsQuery)
  const columns = useMemo(
    () => typeColumns(new Map((data?.types ?? []).map(({ type, resources }) => [type, resources]))),
    [data],
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

function typeColumns(counts: ReadonlyMap<string, number>): readonly Column<EntityType>[] {
  return [
    {
      id: 'type',
      header: texts.model.type,
      value: ({ name }) => name,
      cell: ({ name, abstract }) => (
        <Group gap="xs" wrap="nowrap">
          {name}
          {abstract && <Badge color="gray">{texts.model.abstract}</Badge>}
        </Group>
      ),
    },
    { id: 'extends', header: texts.model.extends, value: (type) => type.extends ?? null, wide: true },
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

const associationColumns: readonly Column<Association>[] = [
  { id: 'association', header: texts.model.association, value: ({ name }) => name },
  { id: 'from', header: texts.model.from, value: ({ from }) => from },
  { id: 'to', header: texts.model.to, value: ({ to }) => to },
  {
    id: 'links',
    header: texts.model.cardinality,
    wide: true,
    value: ({ cardinality }) => texts.model.cardinalities[cardinality],
  },
]
