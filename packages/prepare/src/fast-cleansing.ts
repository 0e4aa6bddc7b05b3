/**
 * What a field of a column is taken for, as SQL of DuckDB: the rule of `write/cleansing.ts`, of a file all of which is composed.
 *
 * @module
 */
import { blankCharacters } from '@sluice/model'
import type { CleansedColumn } from './projection.ts'
import { text as literal } from './sort/sorter.ts'

export function cleansedField(field: string, of: CleansedColumn | undefined): string {
  if (of === undefined) return field
  const none = of.absent.length === 0 ? [] : [`${field} in (${of.absent.map(literal).join(', ')})`]
  // Most fields begin with a letter or a digit, and are not looked at further.
  const blank = of.blankIsNobody
    ? [`((${field} < '!' or ${field} > '~') and trim(${field}, ${literal(blankCharacters)}) = '')`]
    : []
  const conditions = [...none, ...blank]
  return conditions.length === 0 ? field : `case when ${conditions.join(' or ')} then null else ${field} end`
}
