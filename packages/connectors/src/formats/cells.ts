/**
 * Records as the rows of a table: one for each record, or one for each item of a list in it.
 *
 * @module
 */
import { isMap, type SourceRecord, textOf, valueAt } from './record.ts'

type Cell = string | undefined

export interface CellOptions {
  /** What stands between the values of a list. */
  readonly separator: string
  /** A list: each item is a row. */
  readonly links?: string | undefined
  /** Names are the same in capitals and small letters, and stand in small letters in the records. */
  readonly caseless?: boolean | undefined
}

interface Column {
  readonly name: string
  readonly path: string
}

export class Cells {
  readonly #columns: readonly Column[]
  readonly #links: string | undefined
  readonly #separator: string
  /** Columns that no record has had. */
  readonly #unseen: Set<string>
  /** Names of the first record. */
  #names: readonly string[] = []
  #records = 0
  readonly #doubtful = new Set<string>()

  constructor(columns: readonly string[], { separator, links, caseless = false }: CellOptions) {
    const pathOf = (name: string) => (caseless ? name.toLowerCase() : name)
    this.#columns = columns.map((name) => ({ name, path: pathOf(name) }))
    this.#links = links === undefined ? undefined : pathOf(links)
    this.#separator = separator
    this.#unseen = new Set(columns)
  }

  rowsOf(record: SourceRecord): readonly (readonly Cell[])[] {
    if (this.#records++ === 0) this.#names = namesIn(record)
    const links = this.#links
    if (links === undefined) return [this.#columns.map((column) => this.#cell(column, record, column.path))]
    const found = valueAt(record, links)
    const items = Array.isArray(found) ? found : found === undefined || found === null ? [] : [found]
    return items.map((item) => this.#columns.map((column) => this.#linkCell(column, record, item)))
  }

  /** Columns that none of the records has; none where there are no records. */
  get missing(): readonly string[] {
    return this.#records === 0 ? [] : [...this.#unseen]
  }

  /** What the first record has, for who looks for a name. */
  get names(): readonly string[] {
    return this.#names
  }

  /** What people should know of the values, in sentences. */
  get notes(): readonly string[] {
    return [...this.#doubtful].map(
      (name) =>
        `A value of ${name} holds ${JSON.stringify(this.#separator)}, so it looks like two: choose another separator.`,
    )
  }

  #linkCell(column: Column, record: SourceRecord, item: unknown): Cell {
    const links = this.#links ?? ''
    if (column.path === links) return this.#text(column, item)
    if (column.path.startsWith(`${links}.`))
      return this.#cell(column, item, column.path.slice(links.length + 1))
    return this.#cell(column, record, column.path)
  }

  #cell(column: Column, value: unknown, path: string): Cell {
    const found = valueAt(value, path)
    return found === undefined ? undefined : this.#text(column, found)
  }

  #text({ name }: Column, value: unknown): Cell {
    this.#unseen.delete(name)
    if (!Array.isArray(value)) return textOf(value)
    const texts = value.map(textOf).filter((text) => text !== undefined)
    if (texts.length > 1 && texts.some((text) => text.includes(this.#separator))) this.#doubtful.add(name)
    return texts.length === 0 ? undefined : texts.join(this.#separator)
  }
}

/** Names that columns may have: of what lies deeper with points between. */
export function namesIn(record: SourceRecord): readonly string[] {
  return Object.entries(record).flatMap(([name, value]) => {
    const of = Array.isArray(value) ? value.find(isMap) : value
    if (!isMap(of)) return [name]
    return namesIn(of).map((below) => (below.startsWith('#') ? name : `${name}.${below}`))
  })
}
