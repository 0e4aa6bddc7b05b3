/**
 * The resources of a type: searched, filtered and ordered by the server, page by page as one scrolls.
 *
 * @module
 */

import { Anchor, Button, Group, Text } from '@mantine/core'
import type { EntityType } from '@sluice/model'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { wholeNumber } from '../design/moment.tsx'
import { labelledColumn } from '../model/labelled-column.ts'
import type { ReadersLabels } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { resourceAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import { nextSort } from './browse.ts'
import { ColumnMenu } from './column-menu.tsx'
import { FilterBar } from './filter-bar.tsx'
import { SaveAll } from './save-all.tsx'
import { type ChangeBrowse, useBrowse } from './use-browse.ts'
import { type Listed, useCount, useResources } from './use-resources.ts'
import { leadingColumn, usualColumns } from './usual-columns.ts'
import { Value } from './value.tsx'
import { valueText } from './value-text.ts'
import { ViewMenu } from './view-menu.tsx'

export function ResourceList({
  type,
  family,
}: {
  readonly type: EntityType
  readonly family: boolean
}): ReactNode {
  const navigate = useNavigate()
  const [browse, change] = useBrowse()
  const columns = useMemo(() => chosenColumns(type, browse.columns), [type, browse.columns])
  const labels = useLabels()
  const shown = useMemo(() => columnsOf(type, columns, { family, labels }), [type, columns, family, labels])
  const { rows, error, refetch, more } = useResources(type, browse, columns)
  const { data: counted } = useCount(type, browse)
  const { sort } = browse
  if (error !== null && rows === undefined) return <ErrorNotice error={error} retry={refetch} />
  return (
    <>
      <Group justify="space-between" px="sm" py={8} gap="xs" className="no-print">
        <FilterBar type={type} browse={browse} change={change} />
        <Group gap={6}>
          <ViewMenu key={type.name} type={type.name} browse={browse} change={change} />
          <ColumnMenu type={type} columns={columns} onChange={(chosen) => change({ columns: chosen })} />
        </Group>
      </Group>
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      <DataTable
        rows={rows}
        columns={shown}
        rowKey={({ resourceId }) => resourceId}
        label={type.name}
        maxHeight={720}
        onOpen={({ entityType, resourceId }) =>
          void navigate({ to: resourceAddress(entityType, resourceId) })
        }
        order={{
          by: sort?.replace(/^-/, ''),
          descending: sort?.startsWith('-') ?? false,
          onOrder: (id) => change({ sort: nextSort(sort, id) }),
        }}
        onEnd={more}
        tools={<Shown shown={rows?.length} count={counted?.count} />}
        saving={<SaveAll type={type} browse={browse} columns={columns} />}
        empty={
          <Nothing
            type={type.name}
            filtered={browse.words !== '' || browse.filters.length > 0}
            change={change}
          />
        }
      />
    </>
  )
}

/** Those that the model still has. */
function chosenColumns(type: EntityType, chosen: readonly string[] | undefined): readonly string[] {
  const known = chosen?.filter((name) => type.properties.some((property) => property.name === name)) ?? []
  return known.length === 0 ? usualColumns(type) : known
}

interface Shows {
  /** Resources of other types are among them. */
  readonly family: boolean
  readonly labels: ReadersLabels
}

function columnsOf(
  type: EntityType,
  names: readonly string[],
  { family, labels }: Shows,
): readonly Column<Listed>[] {
  const leading = leadingColumn(type, names)
  const columns = names.map((name): Column<Listed> => {
    const property = type.properties.find((one) => one.name === name)
    return {
      id: name,
      header: labels.property(type.name, name),
      value: ({ values }) => valueText(values[name]),
      unsorted: property?.type === 'file' || property?.type === 'secret',
      ...(property?.type === 'integer' || property?.type === 'decimal' ? { align: 'right' } : {}),
      cell: (row) =>
        name === leading ? (
          <Leading row={row} text={valueText(row.values[name])} />
        ) : (
          <Value value={row.values[name]} property={property} reference={row.references[name]} />
        ),
    }
  })
  const kind = labelledColumn<Listed>(
    {
      id: 'entity type',
      header: texts.resources.type,
      text: ({ entityType }, as) => as.type(entityType),
      unsorted: true,
    },
    labels,
  )
  return family ? [...columns, kind] : columns
}

/** A link, so that it may be opened beside. */
function Leading({ row, text }: { readonly row: Listed; readonly text: string }): ReactNode {
  return (
    <Anchor
      component={Link}
      to={resourceAddress(row.entityType, row.resourceId)}
      inherit
      fw={500}
      tabIndex={-1}
      onClick={(event) => event.stopPropagation()}
    >
      {text === '' ? `#${row.resourceId}` : text}
    </Anchor>
  )
}

interface ShownProps {
  readonly shown: number | undefined
  readonly count: number | undefined
}

function Shown({ shown, count }: ShownProps): ReactNode {
  if (count === undefined) return null
  const all = wholeNumber(count)
  return (
    <Text size="xs" c="dimmed" role="status">
      {shown === undefined || shown >= count
        ? texts.resources.found(all)
        : texts.resources.of(wholeNumber(shown), all)}
    </Text>
  )
}

interface NothingProps {
  readonly type: string
  readonly filtered: boolean
  readonly change: ChangeBrowse
}

function Nothing({ type, filtered, change }: NothingProps): ReactNode {
  const labels = useLabels()
  if (!filtered)
    return <EmptyState title={texts.resources.none(labels.type(type))}>{texts.resources.noneHelp}</EmptyState>
  return (
    <EmptyState title={texts.resources.noneFound}>
      {texts.resources.noneFoundHelp}{' '}
      <Button variant="default" mt="sm" onClick={() => change({ words: '', filters: [] })}>
        {texts.resources.clearAll}
      </Button>
    </EmptyState>
  )
}
