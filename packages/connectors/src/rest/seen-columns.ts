/**
 * The columns of records, as some of them show them.
 *
 * @module
 */
import { isLosslessNumber } from 'lossless-json'
import type { DiscoveredColumn } from '../contract/discovered.ts'
import { isRecord } from './value-path.ts'

type ColumnType = DiscoveredColumn['type']

interface SeenColumn {
  readonly types: Set<ColumnType>
  count: number
}

/** How deep records are looked into. */
const deepest = 3

export class SeenColumns {
  readonly #columns = new Map<string, SeenColumn>()
  readonly #lists = new Set<string>()
  readonly #records: number

  constructor(records: readonly unknown[]) {
    this.#records = records.length
    for (const record of records) this.#look(record, '', 0)
  }

  columns(): readonly DiscoveredColumn[] {
    return [...this.#columns].map(([name, { types, count }]) => ({
      name,
      type: commonOf(types),
      ...(count * 2 < this.#records || isOfTheSystem(name) ? { minor: true as const } : {}),
    }))
  }

  /** Paths of lists of records: no column holds them. */
  lists(): readonly string[] {
    return [...this.#lists]
  }

  #look(value: unknown, path: string, depth: number): void {
    if (isRecord(value) && depth < deepest) {
      for (const [name, part] of Object.entries(value))
        this.#look(part, path === '' ? name : `${path}.${name}`, depth + 1)
      return
    }
    if (path === '' || value === null || value === undefined) return
    if (Array.isArray(value) && value.some(isRecord)) {
      this.#lists.add(path)
      return
    }
    const column = this.#columns.get(path) ?? { types: new Set(), count: 0 }
    column.types.add(typeOf(value))
    column.count++
    this.#columns.set(path, column)
  }
}

function typeOf(value: unknown): ColumnType {
  if (typeof value === 'boolean') return 'boolean'
  if (isLosslessNumber(value)) return /^-?\d+$/.test(value.value) ? 'integer' : 'decimal'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'decimal'
  if (typeof value !== 'string') return 'text'
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(value)) return 'datetime'
  return /^\d{4}-\d\d-\d\d$/.test(value) ? 'date' : 'text'
}

function commonOf(types: ReadonlySet<ColumnType>): ColumnType {
  const [first = 'text', ...others] = types
  if (others.length === 0) return first
  return [...types].every((type) => type === 'integer' || type === 'decimal') ? 'decimal' : 'text'
}

/** What a protocol adds to each record. */
function isOfTheSystem(name: string): boolean {
  return name.includes('@') || name.startsWith('_') || name.startsWith('meta.')
}
