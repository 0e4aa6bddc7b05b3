/**
 * The digest of a staged row: 64 bits over all its mapped columns, kept in the replica.
 *
 * Equal digests mean the source asserts what it asserted last time, so the row is not read any further.
 * The seed stands for how the mapping reads: when a column, a format or the type of a property changes, every row is
 * looked at again.
 *
 * @module
 */
import { columnOfRow, commas, type SQL, sql } from '@sluice/repository'
import type { EntityShape } from './entity-shape.ts'

/** SQL expression of the digest of the staged row `alias`. */
export function digestOf({ columns, reading }: EntityShape, alias: SQL): SQL {
  const fields = commas(columns.map((name) => columnOfRow(alias, name)))
  return sql`hash_record_extended(row(${fields}), ${sql.literal(fnv1a(JSON.stringify(reading)))})`
}

/**
 * FNV-1a of 64 bits, the upper 53 of them. In halves of 32 bits, because a `bigint` for each byte costs a small run a tenth of
 * its time.
 */
export function fnv1a(text: string): number {
  let [upper, lower] = [0xcbf29ce4, 0x84222325]
  for (const byte of new TextEncoder().encode(text)) {
    // Times the prime 2^40 + 0x1b3.
    const mixed = (lower ^ byte) >>> 0
    const product = mixed * 0x1b3
    upper = (upper * 0x1b3 + Math.floor(product / 2 ** 32) + mixed * 2 ** 8) >>> 0
    lower = product >>> 0
  }
  return upper * 2 ** 21 + (lower >>> 11)
}
