/** Orders, one a row for each thing that they say. @module */

import { Anchor, Group, Text } from '@mantine/core'
import type { OrderRecord } from '@sluice/model'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { useSession } from '../api/session.tsx'
import type { ReadPage } from '../api/use-listed.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { Moment } from '../design/moment.tsx'
import { SavePages } from '../design/save-pages.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { labelledColumn } from '../model/labelled-column.ts'
import type { ReadersLabels } from '../model/labels.ts'
import { useLabelled } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { CancelOrder } from './cancel-order.tsx'
import { isOpen } from './orders-by-system.ts'
import type { ListedOrder } from './use-orders.ts'

interface OrderTableProps {
  readonly rows: readonly ListedOrder[] | undefined
  readonly readPage: ReadPage<ListedOrder>
  readonly more: () => void
  /** All that there are have been read: then they can be sorted. */
  readonly isWhole: boolean
  readonly tools: ReactNode
  readonly empty: ReactNode
}

export function OrderTable({ rows, readPage, more, isWhole, tools, empty }: OrderTableProps): ReactNode {
  const { may } = useSession()
  const mayEdit = may('edit')
  const facts = useLabelled(factsOf)
  const columns = useMemo(() => (mayEdit ? [...facts, cancelling] : facts), [facts, mayEdit])
  return (
    <DataTable
      rows={rows}
      columns={columns}
      rowKey={({ cursor }) => cursor}
      label={texts.orders.title}
      tools={tools}
      empty={empty}
      onEnd={more}
      unsorted={!isWhole}
      saving={<SavePages name={texts.orders.title} columns={facts} readPage={readPage} />}
    />
  )
}

function aboutText({ entityType, association, key, to }: OrderRecord, labels: ReadersLabels): string {
  return entityType === null
    ? `${labels.type(association ?? '')}: ${key} → ${to}`
    : `${labels.type(entityType)} ${key}`
}

function propertyText({ entityType, property }: OrderRecord, labels: ReadersLabels): string {
  return property === null ? texts.orders.existence : labels.property(entityType ?? '', property)
}

function valueText(
  value: string | null,
  { entityType, property }: OrderRecord,
  labels: ReadersLabels,
): string {
  if (property === null) return value === 'gone' ? texts.orders.gone : texts.orders.exists
  if (value === null || value === '') return texts.orders.nothing
  return labels.value(entityType ?? '', property, value)
}

function assertedText(order: OrderRecord, labels: ReadersLabels): string {
  const { asserted, property, there, instead } = order
  if (instead !== null) return texts.orders.instead(instead)
  if (property === null) return there ? texts.orders.exists : texts.orders.gone
  return there ? valueText(asserted, order, labels) : texts.orders.gone
}

const factsOf = (labels: ReadersLabels): readonly Column<ListedOrder>[] => [
  {
    id: 'state',
    header: texts.orders.state,
    value: ({ state }) => state,
    cell: ({ state }) => <StateBadge state={state} />,
  },
  {
    id: 'source',
    header: texts.orders.source,
    value: ({ source }) => source,
    cell: ({ source }) => (
      <Anchor component={Link} to={`/sources/${encodeURIComponent(source)}`} inherit>
        {source}
      </Anchor>
    ),
  },
  labelledColumn({ id: 'about', header: texts.orders.about, text: aboutText }, labels),
  labelledColumn({ id: 'property', header: texts.orders.property, text: propertyText }, labels),
  labelledColumn(
    {
      id: 'expected',
      header: texts.orders.expected,
      text: (order, as) => valueText(order.expected, order, as),
    },
    labels,
  ),
  labelledColumn(
    {
      id: 'asserted',
      header: texts.orders.asserted,
      text: assertedText,
      shown: (text, { state }) => (
        <Text span inherit c={state === 'contradicted' ? 'red' : undefined}>
          {text}
        </Text>
      ),
    },
    labels,
  ),
  {
    id: 'ordered at',
    header: texts.orders.orderedAt,
    value: ({ orderedAt }) => orderedAt,
    cell: ({ orderedAt, by }) => (
      <Group gap={4} wrap="nowrap">
        <Moment at={orderedAt} />
        <Text span size="xs" c="dimmed">
          {by}
        </Text>
      </Group>
    ),
  },
  {
    id: 'due at',
    header: texts.orders.dueAt,
    value: ({ dueAt }) => dueAt,
    cell: ({ dueAt }) => <Moment at={dueAt} />,
  },
  {
    id: 'since',
    header: texts.orders.since,
    wide: true,
    value: ({ since }) => since,
    cell: ({ since, run }) => (
      <Group gap={4} wrap="nowrap">
        <Moment at={since} />
        {run !== null && (
          <Anchor component={Link} to={`/runs/${run}`} size="xs">
            {texts.resources.sinceRun(run)}
          </Anchor>
        )}
      </Group>
    ),
  },
  { id: 'order', header: texts.orders.order, wide: true, value: ({ order }) => order },
]

const cancelling: Column<ListedOrder> = {
  id: 'cancel',
  header: '',
  unsorted: true,
  value: () => null,
  cell: (order) => (isOpen(order) ? <CancelOrder order={order.order} /> : null),
}
