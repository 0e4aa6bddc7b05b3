/**
 * Changes as lines of a CSV, one for each value.
 *
 * @module
 */
import type { Change } from '@sluice/model'
import type { Cells, RecordColumn } from './records.ts'

export const changeColumns: readonly RecordColumn[] = [
  'operation',
  'type',
  'key',
  'property',
  'before',
  'after',
  'drift',
].map((name) => ({
  name,
  title: name,
}))

/** A line for each value that changes, and one for a link without properties. */
export async function* changedValues(found: AsyncIterable<Change> | Iterable<Change>): AsyncGenerator<Cells> {
  for await (const change of found) {
    const { operation, before, after, drift } = change
    const entity = change.kind === 'entity'
    const type = entity ? change.entityType : change.association
    const key = entity ? change.key : `${change.from} → ${change.to}`
    const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
    for (const property of names.length > 0 ? names : [null]) {
      const name = property ?? ''
      yield { operation, type, key, property, before: before?.[name], after: after?.[name], drift }
    }
  }
}
