/**
 * What becomes of a row that is tried behind its shaping: texts that are no values, names in their one spelling, and values that are none.
 *
 * @module
 */
import { shownSpelling } from '@sluice/model'
import type { Projection, SpelledColumn } from './projection.ts'
import type { RowTrouble } from './read/record-sink.ts'

/** The texts of the values that they stand for, or why the row would be rejected. */
export function judgeTriedRow(
  projection: Projection,
  row: readonly string[],
): { readonly texts: readonly string[] } | RowTrouble {
  const { cleansed, spelled, sourceColumns } = projection
  const texts = [...row]
  for (const { column, absent } of cleansed) if (absent.includes(texts[column] ?? '')) texts[column] = ''
  const nameless = namelessIn(projection, texts)
  for (const one of spelled) texts[one.column] = spelt(one, texts) ?? texts[one.column] ?? ''
  const trouble = nameless ?? illegalIn(projection, texts)
  return trouble === undefined
    ? { texts: typed(projection, texts) }
    : { ...trouble, column: sourceColumns[trouble.column] ?? null }
}

/** Days, numbers and truths as readers show them: whether 03/02 is in March is what somebody looks for here. */
function typed({ checks }: Projection, row: readonly string[]): readonly string[] {
  const texts = [...row]
  for (const { column, property, format } of checks) {
    const text = texts[column] ?? ''
    if (text !== '') texts[column] = shownSpelling(property, format, text) ?? text
  }
  return texts
}

/** `undefined`: it stands for no value. */
function spelt({ column, spelling }: SpelledColumn, texts: readonly string[]): string | undefined {
  const text = texts[column] ?? ''
  return text === '' ? '' : spelling.of(text)
}

interface ColumnTrouble {
  readonly column: number
  readonly reason: string
}

/** Before names are spelled: a spelling is not always one that the column is written in. */
function namelessIn({ required, spelled }: Projection, texts: readonly string[]): ColumnTrouble | undefined {
  const keyless = required.find((column) => texts[column] === '')
  if (keyless !== undefined) return { column: keyless, reason: 'it has no key' }
  const unnamed = spelled.find((one) => one.isKey && spelt(one, texts) === undefined)
  return unnamed && { column: unnamed.column, reason: `not ${unnamed.spelling.expected}` }
}

function illegalIn({ checks }: Projection, texts: readonly string[]): ColumnTrouble | undefined {
  for (const { column, required, legal } of checks) {
    const text = texts[column] ?? ''
    if (text === '' && required) return { column, reason: 'a value is required' }
    if (text !== '' && !legal.isLegal(text)) return { column, reason: `not ${legal.expected}` }
  }
  return undefined
}
