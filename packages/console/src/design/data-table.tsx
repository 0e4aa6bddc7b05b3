/**
 * Every table: sorted by its headers, of any length (rows that are not seen are not there), followed by keys, saved as CSV and JSON.
 *
 * @module
 */
import { Group, ScrollArea, Skeleton, Table, Text, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react'
import classes from './data-table.module.css'
import { usePrinting } from './printing.ts'
import { SaveAs } from './save-as.tsx'
import { useEnd } from './use-end.ts'

export interface Column<Row> {
  readonly id: string
  readonly header: string
  /** What it means, when it is pointed at. */
  readonly help?: string
  /** What it is sorted by, and what stands in a CSV. */
  readonly value: (row: Row) => string | number | null | undefined
  /** How it is shown; its value when absent. */
  readonly cell?: (row: Row) => ReactNode
  readonly align?: 'right'
  readonly width?: number | string
  /** Left out where the window is narrow. */
  readonly wide?: boolean
  /** Its header sorts nothing. */
  readonly unsorted?: boolean
  /** What can be done with the row: it is neither sorted nor saved. */
  readonly control?: boolean
}

/** An order that the server makes. */
interface ServerOrder {
  /** Id of the column; `undefined`: none of them. */
  readonly by: string | undefined
  readonly descending: boolean
  /** Somebody wants them by this column. */
  readonly onOrder: (id: string) => void
}

interface DataTableProps<Row> {
  /** `undefined`: they are still on their way. */
  readonly rows: readonly Row[] | undefined
  /** Kept between renderings. */
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  /** What it is about, for those who do not see it, and the name of saved files. */
  readonly label: string
  readonly onOpen?: (row: Row) => void
  readonly empty: ReactNode
  /** Pixels, above which the rows scroll within the table. */
  readonly maxHeight?: number
  /** Above the rows, on the left. */
  readonly tools?: ReactNode
  /** Of the row that is chosen. */
  readonly selected?: string
  /** The order is decided elsewhere: by the server. */
  readonly unsorted?: boolean
  /** The order is the server's, and its headers ask for another one. */
  readonly order?: ServerOrder
  /** The last rows come into view, and there may be more. */
  readonly onEnd?: () => void
  /** In the place of saving the rows that are here. */
  readonly saving?: ReactNode
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns })
const rowHeight = 34

export function DataTable<Row extends object>(props: DataTableProps<Row>): ReactNode {
  const { rows, label, columns, empty, tools, saving } = props
  return (
    <div>
      {(tools !== undefined || (rows !== undefined && rows.length > 0)) && (
        <Group justify="space-between" px="sm" py={6} className="no-print" gap="xs">
          <Group gap="xs">{tools}</Group>
          {rows !== undefined &&
            rows.length > 0 &&
            (saving ?? (
              <SaveAs rows={rows} columns={columns.filter(({ control }) => control !== true)} name={label} />
            ))}
        </Group>
      )}
      {rows === undefined ? <Waiting /> : rows.length === 0 ? empty : <Rows {...props} rows={rows} />}
    </div>
  )
}

/** Of lines whose texts are on their way: as uneven as texts are. */
const widths = ['96%', '88%', '94%', '82%', '91%', '86%']

function Waiting(): ReactNode {
  return (
    <div aria-busy="true" className={classes['waiting']}>
      {widths.map((width) => (
        <Skeleton key={width} h={18} my={8} w={width} />
      ))}
    </div>
  )
}

function Rows<Row extends object>(props: DataTableProps<Row> & { readonly rows: readonly Row[] }): ReactNode {
  const { columns, label, onOpen, maxHeight = 640, selected, onEnd } = props
  const { sorted, orderOf, onSort } = useSorted(props)
  const { place, indexes, before, after } = useVisible(sorted.length, { maxHeight, onEnd })
  return (
    <ScrollArea.Autosize
      mah={maxHeight}
      viewportRef={place}
      type="auto"
      viewportProps={{ tabIndex: 0 }}
      className={classes['place'] ?? ''}
    >
      <Table
        highlightOnHover={onOpen !== undefined}
        aria-label={label}
        aria-rowcount={sorted.length}
        stickyHeader
      >
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Header
                key={column.id}
                column={column}
                sorted={orderOf(column.id)}
                onSort={column.unsorted === true || column.control === true ? undefined : onSort(column.id)}
              />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {before > 0 && <tr style={{ height: before }} />}
          {indexes.map((index) => {
            const row = sorted[index]
            if (row === undefined) return null
            return (
              <Line
                key={index}
                row={row.original}
                columns={columns}
                onOpen={onOpen}
                selected={row.id === selected}
              />
            )
          })}
          {after > 0 && <tr style={{ height: after }} />}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  )
}

interface Seen {
  readonly maxHeight: number
  readonly onEnd: (() => void) | undefined
}

/** Which rows are there: those that are seen, and on paper all. Before and after them is room for the others. */
function useVisible(count: number, { maxHeight, onEnd }: Seen) {
  const printing = usePrinting()
  const place = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => place.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 800, height: maxHeight },
  })
  const items = virtual.getVirtualItems()
  useEnd(items.at(-1)?.index, count, printing ? undefined : onEnd)
  if (printing)
    return { place, indexes: Array.from({ length: count }, (_, index) => index), before: 0, after: 0 }
  return {
    place,
    indexes: items.map(({ index }) => index),
    before: items[0]?.start ?? 0,
    after: virtual.getTotalSize() - (items.at(-1)?.end ?? 0),
  }
}

/** The rows in their order, whoever makes it. */
function useSorted<Row extends object>(props: DataTableProps<Row> & { readonly rows: readonly Row[] }) {
  const { rows, columns, rowKey, unsorted = false, order } = props
  const [sorting, setSorting] = useState<SortingState>([])
  const definitions = useMemo<ColumnDef<typeof features, Row>[]>(
    () =>
      columns.map(({ id, value }) => ({
        id,
        accessorFn: (row) => value(row) ?? undefined,
        sortUndefined: 'last',
      })),
    [columns],
  )
  const data = useMemo(() => [...rows], [rows])
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowKey,
    state: { sorting },
    onSortingChange: setSorting,
    enableSorting: !unsorted && order === undefined,
  })
  return {
    sorted: table.getRowModel().rows,
    /** Whether downwards; `undefined`: they are not sorted by it. */
    orderOf(id: string): boolean | undefined {
      if (order !== undefined) return order.by === id ? order.descending : undefined
      return sorting.find((one) => one.id === id)?.desc
    },
    onSort(id: string): (() => void) | undefined {
      if (order !== undefined) return () => order.onOrder(id)
      return unsorted ? undefined : () => table.getColumn(id)?.toggleSorting()
    },
  }
}

interface HeaderProps<Row> {
  readonly column: Column<Row>
  /** Whether downwards; `undefined`: it is sorted by another one. */
  readonly sorted: boolean | undefined
  readonly onSort: (() => void) | undefined
}

function Header<Row extends object>({ column, sorted, onSort }: HeaderProps<Row>): ReactNode {
  const { header, help, align, width, wide } = column
  const Arrow = sorted === true ? IconArrowDown : IconArrowUp
  const text = (
    <Text span size="xs" c="dimmed" fw={500} title={help}>
      {header}
    </Text>
  )
  return (
    <Table.Th
      ta={align ?? 'left'}
      w={width}
      visibleFrom={wide === true ? 'md' : undefined}
      aria-sort={sorted === undefined ? 'none' : sorted ? 'descending' : 'ascending'}
    >
      {onSort === undefined ? (
        text
      ) : (
        <UnstyledButton onClick={onSort} className={classes['sort']}>
          {text}
          {sorted !== undefined && <Arrow size={12} aria-hidden />}
        </UnstyledButton>
      )}
    </Table.Th>
  )
}

interface LineProps<Row> {
  readonly row: Row
  readonly columns: readonly Column<Row>[]
  readonly onOpen: ((row: Row) => void) | undefined
  readonly selected: boolean
}

function Line<Row extends object>({ row, columns, onOpen, selected }: LineProps<Row>): ReactNode {
  const opens = onOpen && {
    onClick: () => onOpen(row),
    onKeyDown: (event: KeyboardEvent) => event.key === 'Enter' && onOpen(row),
    tabIndex: 0,
    className: classes['opens'],
  }
  return (
    <Table.Tr {...opens} bg={selected ? 'var(--mantine-primary-color-light)' : undefined}>
      {columns.map(({ id, value, cell, align, wide }) => (
        <Table.Td
          key={id}
          ta={align ?? 'left'}
          visibleFrom={wide === true ? 'md' : undefined}
          className={classes['cell']}
        >
          {cell === undefined ? (value(row) ?? '–') : cell(row)}
        </Table.Td>
      ))}
    </Table.Tr>
  )
}
