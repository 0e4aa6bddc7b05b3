/** The rows that a run has left out, as a list that goes on as it is scrolled and is saved whole. @module */
import { Code } from '@mantine/core'
import type { ReactNode } from 'react'
import { askLines, type Reply } from '../api/ask.ts'
import { type ReadPage, useListed } from '../api/use-listed.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { SavePages } from '../design/save-pages.tsx'
import { labelledColumn } from '../model/labelled-column.ts'
import type { ReadersLabels } from '../model/labels.ts'
import { useLabelled } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'

const { rejected } = texts.runs

type Row = Reply<'GET /runs/:run/rejected-rows'>

/** Columns are those of the file, and are called as there. */
const columnsOf = (labels: ReadersLabels): readonly Column<Row>[] => [
  labelledColumn(
    { id: 'mapping', header: rejected.mapping, text: ({ mapping }, as) => as.type(mapping) },
    labels,
  ),
  {
    id: 'place',
    header: rejected.place,
    value: ({ file, line }) => (line === null ? file : `${file}:${line}`),
    cell: ({ file, line }) => <Code>{line === null ? file : `${file}:${line}`}</Code>,
  },
  { id: 'key', header: rejected.key, value: ({ key }) => key },
  { id: 'column', header: rejected.column, value: ({ column }) => column, wide: true },
  {
    id: 'value',
    header: rejected.value,
    value: ({ value }) => value,
    cell: ({ value }) => (value === null ? '–' : <span title={value}>{value}</span>),
    wide: true,
  },
  {
    id: 'reason',
    header: rejected.reason,
    value: ({ reason }) => reason,
    cell: ({ reason }) => <span title={reason}>{reason}</span>,
  },
]

interface RejectedListProps {
  readonly run: number
  /** Of the run: its rows are those of when it was in it. */
  readonly state: string
  /** Of the table and of saved files. */
  readonly name: string
  readonly tools?: ReactNode
  readonly empty: ReactNode
  /** Pixels. */
  readonly maxHeight?: number
}

export function RejectedList({ run, state, name, ...shown }: RejectedListProps): ReactNode {
  const columns = useLabelled(columnsOf)
  const readPage: ReadPage<Row> = ({ signal, ...page }) =>
    askLines('GET /runs/:run/rejected-rows', { params: { run }, query: page, signal })
  const queryKey = ['rejected rows', run, state]
  const { rows, error, refetch, more, isWhole } = useListed({
    queryKey,
    prefix: queryKey,
    readPage,
    still: true,
  })
  return (
    <>
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      <DataTable
        label={name}
        rows={rows}
        columns={columns}
        rowKey={({ cursor }) => cursor}
        onEnd={more}
        unsorted={!isWhole}
        saving={<SavePages name={name} columns={columns} readPage={readPage} />}
        {...shown}
      />
    </>
  )
}
