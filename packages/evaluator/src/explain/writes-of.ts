/**
 * Finds, among all that bodies wrote for one root, what wrote a configuration item, an attribute of it, a link.
 *
 * @module
 */
import type { MadeByRoots, MappingStatement } from '@sluice/model'
import { type Ci, nothing, type Write } from '@sluice/syncmapping'
import { keyOf, written } from '../batch/result-rows.ts'

type AttributeWrites = Pick<MadeByRoots['attributes'][number], 'by' | 'overwritten'>

/** The statement whose value counts, and those before it. */
export function attributeWrites(writes: readonly Write[], key: string, attribute: string): AttributeWrites {
  const found = writes.flatMap((write) =>
    write.type === 'attribute' && write.name === attribute && keyOf(write.ci) === key ? [write] : [],
  )
  const last = found.at(-1)
  return {
    by: last === undefined ? null : statementOf(last),
    overwritten: found.slice(0, -1).flatMap((write) => {
      const { value } = write
      return value === null || value === nothing ? [] : [{ ...statementOf(write), value: written(value) }]
    }),
  }
}

/** The statement that specified it first: what no attribute is written for, such as the key, is its. */
export function itemWrite(writes: readonly Write[], key: string): MappingStatement | null {
  const found = writes.find((write) => write.type === 'ci' && keyOf(write.ci) === key)
  return found === undefined ? null : statementOf(found)
}

/** Some data models write a second relationship that carries the impact; it is of the statement that relates its ends. */
export function linkWrite(
  writes: readonly Write[],
  className: string,
  { from, to }: { readonly from: string; readonly to: string },
): MappingStatement | null {
  const between = (source: Ci, destination: Ci) => keyOf(source) === from && keyOf(destination) === to
  const related = writes.flatMap((write) => (write.type === 'relationship' ? [write] : []))
  const own = related.findLast(
    ({ relationship: one }) => one.className === className && between(one.source, one.destination),
  )
  const impacting = related.findLast(
    ({ relationship: one }) =>
      one.impact !== undefined &&
      (between(one.source, one.destination) || between(one.destination, one.source)),
  )
  const found = own ?? impacting
  return found === undefined ? null : statementOf(found)
}

function statementOf({ mapping, place }: Write): MappingStatement {
  return { mapping, file: place.file, line: place.line ?? 1, column: place.column ?? 1 }
}
