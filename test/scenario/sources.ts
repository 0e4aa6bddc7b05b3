/**
 * Two managed systems as they change, and what a repository must hold once it has taken them up: a small, obvious model
 * of cleansing, to hold agent and server to.
 *
 * Each has resources and links, and they refer to one another both ways. Rows come twice, without a key, unreadable for
 * the agent (too many fields) or for the engine (no number).
 *
 * @module
 */
import {
  type AssertedRow,
  type AssertedValues,
  expectedLines,
  type LinkRule,
  type ReferenceRule,
} from '../../packages/engine/test/expected-lines.ts'

export const sourceNames = ['hr', 'it'] as const
export type SourceName = (typeof sourceNames)[number]

export const mappings = {
  Person: { source: 'hr', key: ['number'], columns: ['number', 'name', 'grade', 'manager', 'unit'] },
  Mentorship: { source: 'hr', key: ['from', 'to'], columns: ['from', 'to', 'weight'] },
  Unit: { source: 'it', key: ['code'], columns: ['code', 'name', 'lead'] },
  Membership: { source: 'it', key: ['from', 'to'], columns: ['from', 'to', 'weight'] },
} as const satisfies Record<
  string,
  { source: SourceName; key: readonly string[]; columns: readonly string[] }
>
export type MappingName = keyof typeof mappings
export const mappingNames = [
  'Person',
  'Mentorship',
  'Unit',
  'Membership',
] as const satisfies readonly MappingName[]

/** The configuration but for `repository` and `agent`. */
export const yamlOf = (thresholds: string): string => `
entityTypes:
  Person:
    properties: { number: string, name: string, grade: integer, manager: { type: reference, to: Person }, unit: { type: reference, to: Unit } }
  Unit: { properties: { code: string, name: string, lead: { type: reference, to: Person } } }
associations:
  Mentorship: { from: Person, to: Person, properties: { weight: integer } }
  Membership: { from: Person, to: Unit, properties: { weight: integer } }
sources:
  hr:
    folder: data
    mode: incremental
    thresholds: ${thresholds}
    entities:
      Person:
        file: Person.csv
        key: number
        properties: { number: number, name: name, grade: grade, manager: { column: manager, by: number }, unit: { column: unit, by: code } }
    associations:
      Mentorship: { file: Mentorship.csv, from: { column: from, by: number }, to: { column: to, by: number }, properties: { weight: weight } }
  it:
    folder: data
    mode: incremental
    thresholds: ${thresholds}
    entities:
      Unit: { file: Unit.csv, key: code, properties: { code: code, name: name, lead: { column: lead, by: number } } }
    associations:
      Membership: { file: Membership.csv, from: { column: from, by: number }, to: { column: to, by: code }, properties: { weight: weight } }
`

const references: Readonly<Record<string, readonly ReferenceRule[]>> = {
  Person: [
    { property: 'manager', family: ['Person'], by: 'number' },
    { property: 'unit', family: ['Unit'], by: 'code' },
  ],
  Unit: [{ property: 'lead', family: ['Person'], by: 'number' }],
}
const person: ReferenceRule = { property: '', family: ['Person'], by: 'number' }
const unit: ReferenceRule = { property: '', family: ['Unit'], by: 'code' }

function endsOf({ name: association }: AssertedRow): LinkRule {
  return { association, from: person, to: association === 'Mentorship' ? person : unit }
}

/** A value that neither a grade nor a weight may have. */
export const bad = 'bad'

/** One line of a source file. */
export type Line = { readonly row: AssertedValues } | { readonly tooLong: string }

export type Edit =
  /** Every line of the row's key makes place for this one. */
  | { readonly kind: 'set'; readonly mapping: MappingName; readonly row: AssertedValues }
  /** One more line, whatever there is of its key. */
  | { readonly kind: 'add'; readonly mapping: MappingName; readonly row: AssertedValues }
  | { readonly kind: 'remove'; readonly mapping: MappingName; readonly key: string }
  /** The row of the key gets more fields than there are columns. */
  | { readonly kind: 'spoil'; readonly mapping: MappingName; readonly key: string }
  | { readonly kind: 'empty'; readonly mapping: MappingName }

export function keyOf(mapping: MappingName, row: AssertedValues): string {
  return mappings[mapping].key.map((column) => row[column] ?? '').join(' ')
}

/** The files of one source, as they are. */
export type Files = Readonly<Partial<Record<MappingName, readonly Line[]>>>

/** What the sources hold at first. */
export const firstFiles: Readonly<Record<SourceName, Files>> = {
  hr: {
    Person: [
      { row: { number: '1', name: 'Ann', grade: '1', manager: '', unit: 'u' } },
      { row: { number: '2', name: 'Bob', grade: '', manager: '1', unit: 'v' } },
      { row: { number: '3', name: 'Cid', grade: '2', manager: '4', unit: '' } },
    ],
    Mentorship: [{ row: { from: '1', to: '2', weight: '1' } }, { row: { from: '1', to: '4', weight: '' } }],
  },
  it: {
    Unit: [
      { row: { code: 'u', name: 'Ideas', lead: '1' } },
      { row: { code: 'w', name: 'Sales', lead: '4' } },
    ],
    Membership: [{ row: { from: '1', to: 'u', weight: '1' } }, { row: { from: '2', to: 'v', weight: '' } }],
  },
}

export function edited(files: Files, edit: Edit): Files {
  const { mapping } = edit
  const lines = files[mapping] ?? []
  const others = (key: string) =>
    lines.filter((line) => ('row' in line ? keyOf(mapping, line.row) : line.tooLong) !== key)
  switch (edit.kind) {
    case 'set':
      return { ...files, [mapping]: [...others(keyOf(mapping, edit.row)), { row: edit.row }] }
    case 'add':
      return { ...files, [mapping]: [...lines, { row: edit.row }] }
    case 'remove':
      return { ...files, [mapping]: others(edit.key) }
    case 'spoil':
      return { ...files, [mapping]: [...others(edit.key), { tooLong: edit.key }] }
    case 'empty':
      return { ...files, [mapping]: [] }
  }
}

/** The same with every row readable. */
export function mended(files: Files): Files {
  const good = (row: AssertedValues): AssertedValues =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value === bad ? '1' : value]))
  return Object.fromEntries(
    Object.entries(files).map(([name, lines]) => [
      name,
      lines.flatMap((line) => ('row' in line ? [{ row: good(line.row) }] : [])),
    ]),
  )
}

export function textOf(mapping: MappingName, lines: readonly Line[]): string {
  const { columns } = mappings[mapping]
  const records = lines.map((line) =>
    'row' in line
      ? columns.map((column) => line.row[column] ?? '')
      : [...partsOf(line.tooLong), ...columns.map(() => 'too long')],
  )
  return [columns, ...records].map((record) => `${record.join(',')}\n`).join('')
}

/** The values that a key consists of. */
function partsOf(key: string): readonly string[] {
  return key.split(' ')
}

/** A mapping's rows by key; of the unreadable ones what their keys consist of. */
export interface Cleansed {
  readonly rows: ReadonlyMap<string, AssertedValues>
  readonly unreadable: ReadonlySet<string>
}

/** The first row of each key; none without a key. */
export function cleansed(mapping: MappingName, lines: readonly Line[]): Cleansed {
  const rows = new Map<string, AssertedValues>()
  const unreadable = new Set<string>()
  for (const line of lines) {
    if ('tooLong' in line) for (const part of partsOf(line.tooLong)) unreadable.add(part)
    else if (mappings[mapping].key.every((column) => line.row[column]) && !rows.has(keyOf(mapping, line.row)))
      rows.set(keyOf(mapping, line.row), line.row)
  }
  return { rows, unreadable }
}

/** What is stored of each mapping, by key. */
export type Stored = Readonly<Record<MappingName, ReadonlyMap<string, AssertedValues>>>

export const nothing: Stored = {
  Person: new Map(),
  Mentorship: new Map(),
  Unit: new Map(),
  Membership: new Map(),
}

/** A source is taken up: what could not be read stays as it was stored. */
export function takenUp(stored: Stored, source: SourceName, files: Files): Stored {
  const after = { ...stored }
  for (const mapping of mappingNames) {
    if (mappings[mapping].source !== source) continue
    const { rows, unreadable } = cleansed(mapping, files[mapping] ?? [])
    const before = stored[mapping]
    const read = [...rows].map(([key, row]) => [key, isBad(row) ? before.get(key) : row] as const)
    const mayBeUnread = (key: string) => partsOf(key).every((part) => unreadable.has(part))
    const kept = [...before].filter(([key]) => !rows.has(key) && mayBeUnread(key))
    after[mapping] = new Map(
      [...read, ...kept].flatMap(([key, row]) => (row === undefined ? [] : [[key, row]])),
    )
  }
  return after
}

/** Something is stored that the source, when it was taken up, had only in rows that cannot be read. */
export function keepsUnread(stored: Stored, source: SourceName, files: Files): boolean {
  return mappingNames
    .filter((mapping) => mappings[mapping].source === source)
    .some((mapping) => {
      const { rows } = cleansed(mapping, files[mapping] ?? [])
      return [...stored[mapping].keys()].some((key) => !rows.has(key))
    })
}

/** Makes the first row of each mapping of the files unreadable. */
export function spoilings(files: Files): readonly Edit[] {
  return mappingNames.flatMap((mapping) => {
    const [key] = cleansed(mapping, files[mapping] ?? []).rows.keys()
    return key === undefined ? [] : [{ kind: 'spoil' as const, mapping, key }]
  })
}

/** What leaves no row of the files that cannot be read by the agent, nor one of its key. */
export function removals(files: Files): readonly Edit[] {
  return mappingNames.flatMap((mapping) =>
    (files[mapping] ?? []).flatMap((line) =>
      'tooLong' in line ? [{ kind: 'remove' as const, mapping, key: line.tooLong }] : [],
    ),
  )
}

export function isBad(row: AssertedValues): boolean {
  return Object.values(row).includes(bad)
}

/** Resources, links and what waits for its target, as `storedLines` reads them from a repository. */
export function linesOf(stored: Stored): readonly string[] {
  const statements = mappingNames.flatMap((name) =>
    [...stored[name]].map(([key, row]): AssertedRow => ({ source: mappings[name].source, name, key, row })),
  )
  return expectedLines(statements, references, endsOf)
}
