/**
 * The digest of a staged row: 64 bits over all its mapped columns, kept in the replica.
 *
 * Equal digests mean the source asserts what it asserted last time, so the row is not read any further.
 * The seed stands for how the mapping reads: when a column, a format or the type of a property changes, every row is
 * looked at again.
 *
 * @module
 */
import type { Reading } from '@sluice/model'
import { columnOfRow, commas, type SQL, sql } from '@sluice/repository'
import type { EntityShape } from './entity-shape.ts'

/** SQL expression of the digest of the staged row `alias`. */
export function digestOf({ columns, reading }: EntityShape, alias: SQL): SQL {
  const fields = commas(columns.map((name) => columnOfRow(alias, name)))
  return sql`hash_record_extended(row(${fields}), ${sql.literal(seedOf(reading))})`
}

/** FNV-1a, 53 bits of it. */
function seedOf(reading: Reading): number {
  const text = JSON.stringify(reading)
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  return Number(hash >> 11n)
}
