/**
 * A column of names of the model: readers see labels, and what is sorted and saved has names.
 *
 * @module
 */
import type { ReactNode } from 'react'
import type { Column } from '../design/data-table.tsx'
import { byName, type ReadersLabels } from './labels.ts'

interface LabelledColumn<Row> extends Omit<Column<Row>, 'value' | 'cell'> {
  readonly text: (row: Row, labels: ReadersLabels) => string | null
  /** Around the text; nothing is when absent. */
  readonly shown?: (text: string, row: Row) => ReactNode
}

export function labelledColumn<Row>(
  { text, shown = (plain) => plain, ...column }: LabelledColumn<Row>,
  labels: ReadersLabels,
): Column<Row> {
  return {
    ...column,
    value: (row) => text(row, byName),
    cell: (row) => shown(text(row, labels) ?? '–', row),
  }
}
