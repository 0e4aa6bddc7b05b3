/**
 * Lookups that the links of a run ask for again and again, made once: the classes of a CMDB are one family, and each of its
 * associations would read all of it twice.
 *
 * @module
 */
import { type Statement, sql, statement, type Table } from '@sluice/repository'
import type { EntityChanges } from '../../changes/entity-changes.ts'
import type { SourcePart } from '../../context/run-context.ts'
import { analyzeColumns } from '../../context/work-tables.ts'
import type { LinkShape } from '../../sql/link-shape.ts'
import { type LookupKey, lookupAfterRun } from '../../sql/lookups.ts'
import { endKey } from './filled-association.ts'

/** Tables (value, resource_id) as `lookupAfterRun`, of everything there is; by `nameOfLookup`. */
export type LookupsOfRun = ReadonlyMap<string, Table>

export function nameOfLookup({ entityType, by }: LookupKey): string {
  return `${entityType} ${by}`
}

/** To write a table of it costs about as much as to look it up twice. */
const oftenEnough = 3

/** @param shapes Of associations of which whole rows were delivered; commands touch a few, through indexes. */
export async function fillLookups(
  part: SourcePart,
  changes: EntityChanges,
  shapes: readonly LinkShape[],
): Promise<LookupsOfRun> {
  const { session, workTables } = part
  const asked = new Map<string, { readonly key: LookupKey; count: number }>()
  for (const shape of shapes) {
    for (const end of ['from', 'to'] as const) {
      const key = endKey(shape, end)
      const known = asked.get(nameOfLookup(key))
      if (known === undefined) asked.set(nameOfLookup(key), { key, count: 1 })
      else known.count++
    }
  }
  const filled = new Map<string, Table>()
  for (const [name, { key, count }] of asked) {
    if (count < oftenEnough) continue
    // By number: two keys may be alike where their parts are put together.
    const table = workTables.named('lookups', String(filled.size + 1))
    const { count: rows } = await workTables.fill(table, lookUpAll(part, changes, key))
    await analyzeColumns(session, table, rows, ['value'])
    filled.set(name, table)
  }
  return filled
}

function lookUpAll(part: SourcePart, changes: EntityChanges, key: LookupKey): Statement {
  return statement(
    `resolve/look-up ${key.entityType}`,
    sql`select a.value, a.resource_id from ${lookupAfterRun(part, changes, key)} a`,
  )
}
