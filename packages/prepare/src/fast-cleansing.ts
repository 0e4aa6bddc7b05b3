/**
 * What a field of a column is taken for, as SQL of DuckDB: the rule of `write/cleansing.ts`, of a file all of which is composed.
 *
 * @module
 */
import { blankCharacters } from '@sluice/model'
import type { CleansedColumn } from './projection.ts'
import { text as literal } from './sort/sorter.ts'

export function cleansedField(field: string, of: CleansedColumn | undefined): string {
  if (of === undefined || of.absent.length === 0) return field
  return `case when ${field} in (${of.absent.map(literal).join(', ')}) then null else ${field} end`
}

/** Under which a field is not nothing but blanks: most begin with a letter or a digit, and are not looked at further. */
export function isNotBlank(field: string): string {
  return `(${field} is null or ${field} between '!' and '~' or trim(${field}, ${literal(blankCharacters)}) <> '')`
}
