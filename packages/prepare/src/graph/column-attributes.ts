/**
 * The attributes of a row of a table: which columns they are, and what their texts stand for.
 *
 * @module
 */
import type { ColumnAttribute, ColumnType } from '@sluice/model'
import { LosslessNumber } from 'lossless-json'
import { parseExactly } from '../json/exact-json.ts'
import type { RowTrouble } from '../read/record-sink.ts'
import { AttributeTrouble, attributesText } from './attributes.ts'
import { reasonOf } from './graph-item.ts'
import type { TextRow } from './scan-table.ts'

/** Those that were named, or every column of which nothing else is said. */
export function attributesIn(
  named: readonly ColumnAttribute[] | undefined,
  header: readonly string[],
  taken: ReadonlySet<string>,
): readonly ColumnAttribute[] {
  if (named !== undefined) return named
  const others = header.filter((column) => column !== '' && !taken.has(column))
  return others.map((column) => ({ name: column, column, type: 'text', separator: '' }))
}

/** As JSON; an empty field is no attribute. */
export function attributesOfRow(
  row: TextRow,
  attributes: readonly ColumnAttribute[],
  more: readonly (readonly [string, unknown])[] = [],
): string | RowTrouble {
  const values = new Map<string, unknown>(more)
  for (const attribute of attributes) {
    const text = row.text(attribute.column)
    if (text === '') continue
    const value = typedValue(text, attribute)
    if (value === notOne) {
      const reason = `"${text.slice(0, 100)}" is ${expected[attribute.type]}`
      return { column: attribute.column, reason }
    }
    values.set(attribute.name, value)
  }
  const written = attributesText(values)
  if (!(written instanceof AttributeTrouble)) return written
  return { column: written.attribute, reason: reasonOf(written) }
}

const notOne = Symbol('not a value of its type')

const expected: Readonly<Record<ColumnType, string>> = {
  text: 'not a text',
  number: 'not a number such as 42 or 1.5',
  boolean: 'neither true nor false',
  list: 'not a list',
  json: 'no JSON',
}

const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/

/** `notOne` where the text stands for no value of the type. */
function typedValue(text: string, { type, separator }: Pick<ColumnAttribute, 'type' | 'separator'>): unknown {
  switch (type) {
    case 'text':
      return text
    case 'list':
      return text.split(separator)
    case 'number':
      return numberPattern.test(text.trim()) ? new LosslessNumber(text.trim()) : notOne
    case 'boolean':
      return truth.get(text.trim().toLowerCase()) ?? notOne
    case 'json':
      return jsonOr(text)
  }
}

const truth: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])

function jsonOr(text: string): unknown {
  try {
    return parseExactly(text)
  } catch (error) {
    if (error instanceof SyntaxError) return notOne
    throw error
  }
}
