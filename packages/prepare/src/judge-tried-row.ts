/**
 * What becomes of a row that is tried behind its shaping: texts that are no values, names in their one spelling, and values that are none.
 *
 * @module
 */
import type { Projection } from './projection.ts'
import type { RowTrouble } from './read/record-sink.ts'

/** The texts as prepare would leave them, or why the row would be rejected. */
export function judgeTriedRow(
  { cleansed, spelled, required, checks, sourceColumns }: Projection,
  row: readonly string[],
): { readonly texts: readonly string[] } | RowTrouble {
  const texts = [...row]
  const trouble = (column: number, reason: string): RowTrouble => ({
    column: sourceColumns[column] ?? null,
    reason,
  })
  for (const { column, absent } of cleansed) if (absent.includes(texts[column] ?? '')) texts[column] = ''
  for (const { column, spelling, isKey } of spelled) {
    const text = texts[column] ?? ''
    const spelt = text === '' ? '' : spelling.of(text)
    if (spelt === undefined && isKey) return trouble(column, `not ${spelling.expected}`)
    texts[column] = spelt ?? text
  }
  const keyless = required.find((column) => texts[column] === '')
  if (keyless !== undefined) return trouble(keyless, 'it has no key')
  for (const { column, required: needed, legal } of checks) {
    const text = texts[column] ?? ''
    if (text === '' ? needed : !legal.isLegal(text))
      return trouble(column, text === '' ? 'a value is required' : `not ${legal.expected}`)
  }
  return { texts }
}
