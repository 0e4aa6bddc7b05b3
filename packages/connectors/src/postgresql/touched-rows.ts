/**
 * The rows of a table that were touched, each once: they are asked for as they are now, whatever has become of them in between. One that is
 * not there any more is deleted.
 *
 * @module
 */
import pg from 'pg'
import type { TableWriter } from '../contract/export-context.ts'
import type { PostgresqlDatabase } from './database.ts'
import type { Relation, Tuple } from './pgoutput.ts'

const rowsAtOnce = 500

/** As many are kept in memory; when more were touched, everything is read. */
const mostRows = 500_000

interface TouchedRow {
  /** By what it is known. */
  readonly key: readonly string[]
  /** What was told of it last. */
  readonly relation: Relation
  readonly tuple: Tuple
}

export class TouchedRows {
  readonly #key: readonly string[]
  readonly #rows = new Map<string, TouchedRow>()

  /** @param key Columns that identify a row, which every message tells. */
  constructor(key: readonly string[]) {
    this.#key = key
  }

  /** `false`: there are too many of them, or what identifies one is not told. */
  add(relation: Relation, tuple: Tuple): boolean {
    const key = this.#key.flatMap(
      (name) => tuple[relation.columns.findIndex((one) => one.name === name)] ?? [],
    )
    if (key.length === 0 || key.length !== this.#key.length) return false
    const text = JSON.stringify(key)
    // The end of the order is what was told last.
    this.#rows.delete(text)
    this.#rows.set(text, { key, relation, tuple })
    return this.#rows.size <= mostRows
  }

  async write(
    database: PostgresqlDatabase,
    { from, columns }: { readonly from: string; readonly columns: readonly string[] },
    writer: TableWriter,
  ): Promise<void> {
    const names = this.#key.map((name) => database.quote(name))
    const list = [...names, ...columns.map((name) => database.quote(name))].join(', ')
    let some: TouchedRow[] = []
    const flush = async () => {
      const keys = some.map(({ key }) => `(${key.map((value) => pg.escapeLiteral(value)).join(', ')})`)
      const select = `select ${list} from ${from} where (${names.join(', ')}) in (${keys.join(', ')})`
      const there = new Set<string>()
      for await (const rows of database.rowsOf(select))
        for (const row of rows) {
          there.add(JSON.stringify(row.slice(0, names.length)))
          await writer.write(['merge', ...row.slice(names.length)])
        }
      for (const row of some)
        if (!there.has(JSON.stringify(cellsOf(database, row, this.#key))))
          await writer.write(['delete', ...cellsOf(database, row, columns)])
      some = []
    }
    for (const row of this.#rows.values()) {
      some.push(row)
      if (some.length === rowsAtOnce) await flush()
    }
    if (some.length > 0) await flush()
  }
}

/** What was told of a row that is gone; of most of them that is no more than what it is known by. */
function cellsOf(
  { texts }: PostgresqlDatabase,
  { relation, tuple }: TouchedRow,
  columns: readonly string[],
): readonly (string | undefined)[] {
  return columns.map((name) => {
    const index = relation.columns.findIndex((one) => one.name === name)
    const column = relation.columns[index]
    return column && texts.of([[tuple[index] ?? null]], [column])[0]?.[0]
  })
}
