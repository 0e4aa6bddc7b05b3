/**
 * Loads a CSV into what a source has staged: sections 4.1 and 4.2.
 *
 * @module
 */
import type { LoadStep, ScenarioProperty } from '../scenario.ts'
import { recordsOf } from './read-csv.ts'
import { filled, propertiesOf, type Replica, type Source, type State, sourceOf } from './state.ts'

type Row = ReadonlyMap<string, string | null>

interface Read {
  readonly rows: number
  readonly sound: ReadonlyMap<string, Row>
  readonly issues: number
  readonly duplicates: number
  readonly warnings: number
}

/** `false`: the load was refused, and nothing is staged. */
export function load(state: State, step: LoadStep): boolean {
  const source = sourceOf(state, step.source)
  const read = readRows(state, source, step)
  if (typeof read === 'string') {
    state.load = { refused: true, code: read, inserted: 0, changed: 0, identical: 0 }
    return false
  }
  const counts = { inserted: 0, changed: 0, identical: 0 }
  for (const [key, row] of read.sound) {
    counts[stage(state, source, key, row)]++
  }
  source.loaded = new Set(read.sound.keys())
  const { rows, issues, duplicates, warnings } = read
  state.load = { refused: false, code: null, rows, ...counts, issues, duplicates, warnings }
  return true
}

/** Writes a row, by a load or by a tool; columns that it does not have stay as they are. */
export function stage(
  state: State,
  { replicas }: Source,
  key: string,
  row: Row,
): 'inserted' | 'changed' | 'identical' {
  const known = replicas.find((replica) => replica.key === key)
  if (known === undefined) {
    replicas.push(newReplica(state, key, row))
    return 'inserted'
  }
  known.seen = state.now
  const changed = [...row].filter(([column, text]) => (known.staged[column] ?? null) !== text)
  const lost = changed.filter(([column, text]) => text === null && known.staged[column] !== null)
  const back = new Set(changed.filter(([, text]) => text !== null).map(([column]) => column))
  known.letGo = [...known.letGo.filter((column) => !back.has(column)), ...lost.map(([column]) => column)]
  Object.assign(known.staged, Object.fromEntries(changed))
  if (known.status === 'obsolete' || (known.status === 'synchronized' && changed.length > 0)) {
    known.status = 'modified'
  }
  return changed.length > 0 ? 'changed' : 'identical'
}

function newReplica(state: State, key: string, row: Row): Replica {
  return {
    key,
    staged: Object.fromEntries(row),
    status: 'new',
    resource: null,
    creator: false,
    errors: [],
    warnings: [],
    shadowed: undefined,
    seen: state.now,
    attached: 0,
    changed: 0,
    letGo: [],
  }
}

/** A text: why the load is refused. */
function readRows(state: State, source: Source, step: LoadStep): Read | string {
  const { csv, separator = ';', mode = 'stop', dateFormat = 'Y-m-d' } = step
  const [header = [], ...records] = recordsOf(filled(state, csv), separator)
  const columns = stagingColumns(propertiesOf(state, source.definition.entityType))
  if (header.some((name) => name !== 'key' && !columns.has(name))) return 'unknown_column'
  if (!header.includes('key')) return 'missing_key_column'
  const sound = new Map<string, Row>()
  const counts = { issues: 0, duplicates: 0, warnings: 0 }
  for (const cells of records) {
    const row = soundRow(header, cells, { columns, dateFormat })
    if (typeof row === 'string') {
      if (mode === 'stop') return row
      counts.issues++
      continue
    }
    counts.warnings += row.leftOut
    if (sound.has(row.key)) counts.duplicates++
    else sound.set(row.key, row.values)
  }
  return { rows: records.length, sound, ...counts }
}

/** A file has three columns. */
function stagingColumns(
  properties: Readonly<Record<string, ScenarioProperty>>,
): ReadonlyMap<string, ScenarioProperty> {
  const text: ScenarioProperty = { type: 'string' }
  return new Map(
    Object.entries(properties).flatMap(([name, property]) =>
      property.type === 'file'
        ? ['data', 'filename', 'mimetype'].map((part) => [`${name}_${part}`, text] as const)
        : [[name, property] as const],
    ),
  )
}

interface SoundRow {
  readonly key: string
  readonly values: Row
  /** Cells with a date that does not fit. */
  readonly leftOut: number
}

function soundRow(
  header: readonly string[],
  cells: readonly string[],
  of: { readonly columns: ReadonlyMap<string, ScenarioProperty>; readonly dateFormat: string },
): SoundRow | string {
  if (cells.length !== header.length) return 'malformed_csv'
  const key = cells[header.indexOf('key')] ?? ''
  if (key === '' || key === '<NULL>') return 'missing_key'
  const values = new Map<string, string | null>()
  let leftOut = 0
  for (const [index, column] of header.entries()) {
    const property = of.columns.get(column)
    if (property === undefined) continue
    const cell = readCell(property, cells[index] ?? '', of.dateFormat)
    if (cell === 'bad') return 'invalid_value'
    if (cell === 'left out') leftOut++
    else values.set(column, cell.text)
  }
  return { key, values, leftOut }
}

function readCell(
  property: ScenarioProperty,
  text: string,
  dateFormat: string,
): { readonly text: string | null } | 'bad' | 'left out' {
  if (text === '<NULL>') return { text: null }
  if (text === '') return { text }
  if (property.type !== 'date') return isLegal(property, text) ? { text } : 'bad'
  const date = dateOf(text, dateFormat)
  return date === undefined ? 'left out' : { text: date }
}

export function isLegal({ type, values = [] }: ScenarioProperty, text: string): boolean {
  if (type === 'integer') return /^[+-]?\d+$/.test(text)
  if (type === 'decimal') return /^[+-]?\d+(\.\d+)?$/.test(text)
  if (type === 'boolean') return text === 'true' || text === 'false'
  if (type === 'enum') return values.includes(text)
  if (type === 'date') return dateOf(text, 'Y-m-d') !== undefined
  return true
}

function dateOf(text: string, format: string): string | undefined {
  const parts = (format === 'd/m/Y' ? /^(\d\d)\/(\d\d)\/(\d{4})$/ : /^(\d{4})-(\d\d)-(\d\d)$/).exec(text)
  if (parts === null) return undefined
  const [, a = '', b = '', c = ''] = parts
  const date = format === 'd/m/Y' ? `${c}-${b}-${a}` : text
  const read = new Date(`${date}T00:00:00Z`)
  return Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== date ? undefined : date
}
