/** How orders stand, system by system. @module */
import type { OrderState } from '@sluice/model'
import type { ReactNode } from 'react'
import { type Column, DataTable } from '../design/data-table.tsx'
import { Amount, Moment } from '../design/moment.tsx'
import { texts } from '../texts/texts.ts'
import type { SystemOrders } from './orders-by-system.ts'

interface SystemTableProps {
  readonly systems: readonly SystemOrders[]
  readonly onOpen: (source: string) => void
}

const counted = ['executed', 'pending', 'contradicted', 'overdue'] as const satisfies readonly OrderState[]

const columns: readonly Column<SystemOrders>[] = [
  { id: 'source', header: texts.orders.source, value: ({ source }) => source },
  ...counted.map(
    (state): Column<SystemOrders> => ({
      id: state,
      header: texts.orders.states[state],
      align: 'right',
      value: ({ counts }) => counts[state] ?? 0,
      cell: ({ counts }) => <Amount value={counts[state] ?? 0} />,
    }),
  ),
  {
    id: 'oldest open',
    header: texts.orders.oldest,
    value: ({ oldestOpen }) => oldestOpen,
    cell: ({ oldestOpen }) => <Moment at={oldestOpen} />,
  },
]

export function SystemTable({ systems, onOpen }: SystemTableProps): ReactNode {
  return (
    <DataTable
      rows={systems}
      columns={columns}
      rowKey={({ source }) => source}
      label={texts.orders.bySystem}
      onOpen={({ source }) => onOpen(source)}
      maxHeight={260}
      empty={null}
    />
  )
}
