/**
 * The rows that a record gives to its file.
 *
 * @module
 */
import { firstName, textOf, valueAt } from './value-path.ts'

/** Records of the tables above, by the names of these. */
export type Above = ReadonlyMap<string, unknown>

type Cells = readonly (string | undefined)[]

export interface Row {
  readonly cells: Cells
  /** What it was made of: the record, or a value of `each`. */
  readonly of: unknown
}

interface Read {
  readonly each?: string | undefined
  readonly columns?: Readonly<Record<string, string>> | undefined
}

export class TableRows {
  readonly #columns: readonly string[]
  readonly #paths: readonly string[]
  readonly #each: string | undefined
  readonly #separator: string
  readonly #seen: boolean[]

  constructor({ each, columns: named = {} }: Read, columns: readonly string[], separator: string) {
    this.#columns = columns
    this.#paths = columns.map((name) => (Object.hasOwn(named, name) ? (named[name] ?? name) : name))
    this.#each = each
    this.#separator = separator
    this.#seen = columns.map(() => false)
  }

  /** None, where `each` of the record has no values. */
  of(record: unknown, above: Above): readonly Row[] {
    if (this.#each === undefined) return [{ cells: this.#cells(record, undefined, above), of: record }]
    const list = valueAt(record, this.#each)
    if (list === undefined || list === null) return []
    const values: readonly unknown[] = Array.isArray(list) ? list : [list]
    return values.map((value) => ({ cells: this.#cells(record, { value }, above), of: value }))
  }

  /** Columns that no record had a value for. */
  get empty(): readonly string[] {
    return this.#columns.filter((_, index) => this.#seen[index] === false)
  }

  #cells(record: unknown, one: { readonly value: unknown } | undefined, above: Above): Cells {
    return this.#paths.map((path, index) => {
      const text = textOf(this.#valueAt(record, path, { one, above }), this.#separator)
      if (text !== undefined) this.#seen[index] = true
      return text
    })
  }

  #valueAt(
    record: unknown,
    path: string,
    { one, above }: { readonly one: { readonly value: unknown } | undefined; readonly above: Above },
  ): unknown {
    const each = this.#each
    if (one !== undefined && each !== undefined) {
      if (path === each) return one.value
      if (path.startsWith(`${each}.`)) return valueAt(one.value, path.slice(each.length + 1))
    }
    const name = firstName(path)
    return above.has(name) ? valueAt(above.get(name), path.slice(name.length + 1)) : valueAt(record, path)
  }
}
