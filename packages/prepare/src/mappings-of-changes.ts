/**
 * What a file of changes says of each of its mappings, by the columns that it has.
 *
 * @module
 */
import type { CommandRole } from '@sluice/model'
import { missingColumn } from './judge/open-table.ts'
import type { Projection } from './projection.ts'
import type { OpenTable } from './read/source-table.ts'
import type { TableContext } from './table-context.ts'

export interface MappingOfChanges {
  readonly role: CommandRole
  /** With the columns that are there. */
  readonly projection: Projection
  /** It names none of what the mapping holds: its rows say nothing of it. */
  readonly silent: boolean
}

/**
 * Of each mapping. Throws `MissingColumnError` where the rows could not be told apart, or a value is there in part; and notes of which
 * properties nothing is said.
 */
export function mappingsOfChanges(
  { files: [first] }: OpenTable,
  projections: readonly Projection[],
  roles: ReadonlyMap<string, CommandRole>,
  { narrow, note }: TableContext,
): readonly MappingOfChanges[] {
  return projections.map((projection) => {
    const { mapping } = projection
    const role: CommandRole = roles.get(mapping) ?? { kind: 'mentioned' }
    if (narrow === undefined || first === undefined) return { role, projection, silent: false }
    const { header, plain } = first
    const { name } = plain.source
    const narrowed = narrow(projection, header.columns)
    if (narrowed.kind === 'projection') {
      const { absent } = narrowed
      if (absent.length > 0) note(nothingOf(name, mapping, absent))
      return { role, projection: narrowed.projection, silent: false }
    }
    const { column, ofKey } = narrowed
    if (role.kind === 'commanded' || !ofKey) throw missingColumn(name, header, { mapping, column })
    note(`${name} has no column "${column}", so it says nothing of ${mapping}.`)
    return { role, projection, silent: true }
  })
}

function nothingOf(file: string, mapping: string, absent: readonly string[]): string {
  const stays = absent.length === 1 ? 'it stays as it is' : 'they stay as they are'
  return `${file} has no columns for ${absent.join(', ')} of ${mapping}: ${stays}.`
}
