/**
 * Values of PostgreSQL as source files have them.
 *
 * @module
 */
import pg from 'pg'
import type { Cells, SqlDatabase } from '../sql/database.ts'

type Column = Pick<pg.FieldDef, 'dataTypeID'>
type TextOf = (text: string) => string

const { BOOL, BYTEA, TIMESTAMP, TIMESTAMPTZ } = pg.types.builtins

const asItIs: TextOf = (text) => text

const ways: ReadonlyMap<number, TextOf> = new Map([
  [BOOL, (text) => (text === 't' ? 'true' : 'false')],
  [BYTEA, (text) => text.replace(/^\\x/, '')],
  [TIMESTAMP, (text) => text.replace(' ', 'T')],
  // The session's zone is UTC.
  [TIMESTAMPTZ, (text) => text.replace(' ', 'T').replace(/\+00$/, 'Z')],
])

const expressions: ReadonlyMap<number, (column: string) => string> = new Map([
  [BOOL, (column) => `${column}::text`],
  [BYTEA, (column) => `encode(${column}, 'hex')`],
  [TIMESTAMP, (column) => ofOurEra(column, `replace(${column}::text, ' ', 'T')`)],
  [TIMESTAMPTZ, (column) => ofOurEra(column, `replace(replace(${column}::text, ' ', 'T'), '+00', 'Z')`)],
])

/** The quick way would spoil the blank before ` BC`. */
function ofOurEra(column: string, quick: string): string {
  const first = `regexp_replace(${column}::text, ' ', 'T')`
  return `case when ${column} >= '0001-01-01' then ${quick} else regexp_replace(${first}, '\\+00$', 'Z') end`
}

export class Texts {
  readonly #arrays: ReadonlySet<number>
  readonly #separator: string

  /** @param arrays Numbers of the types that are arrays. */
  constructor(arrays: ReadonlySet<number>, separator: string) {
    this.#arrays = arrays
    this.#separator = separator
  }

  of(rows: readonly (readonly (string | null)[])[], columns: readonly Column[]): readonly Cells[] {
    const each = columns.map(({ dataTypeID }) => this.#wayOf(dataTypeID))
    return rows.map((row) =>
      row.map((cell, index) => (cell === null ? undefined : (each[index] ?? asItIs)(cell))),
    )
  }

  /** Expressions that write the same. */
  expressionsOf(
    columns: readonly Pick<pg.FieldDef, 'name' | 'dataTypeID'>[],
    { quote, literal }: Pick<SqlDatabase, 'quote' | 'literal'>,
  ): readonly string[] {
    return columns.map(({ name, dataTypeID }) => {
      const column = quote(name)
      if (this.#arrays.has(dataTypeID)) return `array_to_string(${column}, ${literal(this.#separator)})`
      return expressions.get(dataTypeID)?.(column) ?? column
    })
  }

  #wayOf(type: number): TextOf {
    if (this.#arrays.has(type)) return (text) => joined(text, this.#separator)
    return ways.get(type) ?? asItIs
  }
}

/** Elements of an array with one dimension or more; those that are NULL are left out. */
export function joined(text: string, separator: string): string {
  const elements: string[] = []
  // Bounds that do not begin at 1 stand before it.
  const inner = text.slice(text.indexOf('{'))
  for (const [, quoted, plain] of inner.matchAll(/"((?:[^"\\]|\\.)*)"|([^{},"]+)/gs)) {
    if (quoted !== undefined) elements.push(quoted.replaceAll(/\\(.)/gs, '$1'))
    else if (plain !== undefined && plain !== 'NULL') elements.push(plain)
  }
  return elements.join(separator)
}
