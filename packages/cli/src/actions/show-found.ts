/**
 * Shows what a reader finds, up to a limit, and says whether there is more, or nothing.
 *
 * @module
 */
import type { Context } from '../context.ts'
import { type Cells, type RecordColumn, writeRecords } from '../output/records.ts'
import { limited, limitOf, type RecordFlags, shapeOf } from '../record-options.ts'
import { inPages } from './in-pages.ts'

export interface Found<T> {
  /** One more than is shown, where there is one. */
  readonly records: AsyncIterable<T>
  readonly columns: readonly RecordColumn[]
  readonly cells: (records: AsyncIterable<T>) => AsyncIterable<Cells>
  /** What to do to see more. */
  readonly more: string
  /** What is said where there is nothing. */
  readonly none: string
}

export async function showFound<T>(
  context: Context,
  flags: RecordFlags,
  { records, columns, cells, more, none }: Found<T>,
): Promise<void> {
  const { out, err } = context
  const shape = shapeOf(flags)
  let left = false
  const shown = limited(records, limitOf(flags), () => {
    left = true
  })
  const count = await inPages(context, shape, (pages) => writeRecords(pages, shape, columns, cells(shown)))
  if (left) await err.line(`… there are more: ${more}`)
  else if (count === 0 && !out.gone) await err.line(none)
}
