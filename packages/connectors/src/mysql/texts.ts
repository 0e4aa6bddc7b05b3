/**
 * Values of MySQL as source files have them.
 *
 * @module
 */
import mysql from 'mysql2'
import type { Cells } from '../sql/database.ts'

export interface Column {
  readonly name: string
  /** Number of the type. */
  readonly columnType?: number | undefined
  /** Number of the character set; of bytes, `binary`. */
  readonly characterSet?: number | undefined
  readonly columnLength?: number | undefined
}

type TextOf = (bytes: Buffer) => string

/** Number of the character set `binary`. */
const binary = 63

const { BIT, BLOB, DATETIME, GEOMETRY, STRING, TIMESTAMP, TINY, VAR_STRING } = mysql.Types

const asItIs: TextOf = (bytes) => bytes.toString('utf8')
const hexadecimal: TextOf = (bytes) => bytes.toString('hex')

export function textsOf(
  rows: readonly (readonly (Buffer | null)[])[],
  columns: readonly Column[],
): readonly Cells[] {
  const each = columns.map(wayOf)
  return rows.map((row) =>
    row.map((cell, index) => (cell === null ? undefined : (each[index] ?? asItIs)(cell))),
  )
}

function wayOf({ columnType, characterSet, columnLength }: Column): TextOf {
  switch (columnType) {
    case DATETIME:
      return (bytes) => asItIs(bytes).replace(' ', 'T')
    // The session's zone is UTC.
    case TIMESTAMP:
      return (bytes) => `${asItIs(bytes).replace(' ', 'T')}Z`
    // What is declared as a boolean is a number of one digit.
    case TINY:
      return columnLength === 1 ? (bytes) => (asItIs(bytes) === '0' ? 'false' : 'true') : asItIs
    case BIT:
      return columnLength === 1 ? (bytes) => (bytes[0] === 0 ? 'false' : 'true') : hexadecimal
    case GEOMETRY:
      return hexadecimal
    case BLOB:
    case STRING:
    case VAR_STRING:
      return characterSet === binary ? hexadecimal : asItIs
    default:
      return asItIs
  }
}
