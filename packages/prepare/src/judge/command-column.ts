/**
 * The column by which a managed system says itself what changed.
 *
 * @module
 */
import type { CommandColumn } from '@sluice/model'
import { DuplicateColumnError } from '../prepare-errors.ts'
import type { Projection } from '../projection.ts'
import { columnName } from '../read/read-header.ts'
import type { OpenTable } from '../read/source-table.ts'
import type { DeltaCommand } from '../write/delta-file.ts'

/** Where the column stands; `undefined` when there is none. One that is mapped is a value like any other. */
export function commandColumn(
  { files }: OpenTable,
  projections: readonly Projection[],
  command: CommandColumn,
): number | undefined {
  const [first] = files
  if (first === undefined) return undefined
  const found = commandColumnIn(first.header.columns, projections, command)
  if (found.length > 1) throw new DuplicateColumnError(first.plain.source.name, command.name)
  return found[0]
}

/** Where columns that are called so, and that nothing maps, stand in a header. */
export function commandColumnIn(
  header: readonly string[],
  projections: readonly Pick<Projection, 'wanted'>[],
  { matches }: CommandColumn,
): readonly number[] {
  const mapped = new Set(projections.flatMap((projection) => projection.wanted.map(columnName)))
  return header.flatMap((column, index) => (matches(column) && !mapped.has(column) ? [index] : []))
}

const words: ReadonlyMap<string, DeltaCommand> = new Map([
  ['insert', 'insert'],
  ['add', 'insert'],
  ['update', 'update'],
  ['delete', 'delete'],
  ['merge', 'merge'],
  // A plain row: it says what the entry is, not whether it is new.
  ['', 'merge'],
])

/** A word that is no command, but what is left when the end of one was cut off. */
export function isCutOff(text: string): boolean {
  const start = text.trim().toLowerCase()
  return start !== '' && !words.has(start) && [...words.keys()].some((word) => word.startsWith(start))
}

/** `undefined` when the word is no command. */
export function readCommand(text: string): DeltaCommand | undefined {
  return words.get(text.trim().toLowerCase())
}
