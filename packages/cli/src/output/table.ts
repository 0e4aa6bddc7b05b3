/**
 * Tables of plain text: aligned columns, numbers to the right, cut to the width of the window.
 *
 * @module
 */
import stringWidth from 'string-width'
import { cut } from './display-value.ts'

export interface TableColumn {
  readonly title: string
  readonly align?: 'left' | 'right' | undefined
}

export interface TableOptions {
  /** Columns of the window. */
  readonly width: number
  /** Applied to the whole title line. */
  readonly title?: ((text: string) => string) | undefined
  /** Spaces before each line. */
  readonly indent?: number | undefined
}

const gap = '  '
const narrowest = 6

/** Lines of the table, the titles first. Cells must be printable and without colours. */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): readonly string[] {
  const indent = ' '.repeat(options.indent ?? 0)
  const natural = columns.map((column, index) =>
    rows.reduce((width, row) => Math.max(width, stringWidth(row[index] ?? '')), stringWidth(column.title)),
  )
  const widths = shrink(natural, options.width - indent.length - gap.length * (columns.length - 1))
  const line = (cells: readonly string[]): string => {
    const text = columns
      .map((column, index) => pad(cells[index] ?? '', widths[index] ?? 0, column.align))
      .join(gap)
    return `${indent}${text}`.trimEnd()
  }
  const title = options.title ?? ((text) => text)
  return [title(line(columns.map((column) => column.title))), ...rows.map(line)]
}

function pad(cell: string, width: number, align: TableColumn['align']): string {
  const text = cut(cell, width)
  const spaces = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return align === 'right' ? spaces + text : text + spaces
}

/** Takes width from the widest columns, so that narrow ones stay whole. */
function shrink(natural: readonly number[], available: number): readonly number[] {
  const total = natural.reduce((sum, width) => sum + width, 0)
  if (total <= available) return natural
  let low = narrowest
  let high = Math.max(narrowest, ...natural)
  while (low < high) {
    const limit = Math.ceil((low + high) / 2)
    const sum = natural.reduce((all, width) => all + Math.min(width, limit), 0)
    if (sum <= available) low = limit
    else high = limit - 1
  }
  return natural.map((width) => Math.min(width, low))
}
