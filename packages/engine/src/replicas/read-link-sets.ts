/**
 * Reads the sets of links that rows of a run hold in their columns, and finds what their entries name. A mistake in one of them is a fault
 * of its row.
 *
 * @module
 */
import { type Association, canName, type LinkSetEntry, legalValue, parseLinkSet } from '@sluice/model'
import { columnOfRow, run, type Statement, sql, statement, type Table } from '@sluice/repository'
import { entityTypeOf } from '../context/run-context.ts'
import { analyzeTable } from '../context/work-tables.ts'
import { namesAs, resourcesNamedBy } from '../sql/named-by.ts'
import type { SharedLinkSet } from '../sql/shared-shape.ts'
import type { ReplicaRows } from './read-rows.ts'
import type { SharedPart } from './shared-part.ts'

/** _seq, position, text, names (by which properties, in the order of `by`), by (their values), target (resource_id), properties: one row of each entry. */
export interface ReadLinkSet {
  readonly set: SharedLinkSet
  readonly entries: Table
}

/** So many texts are read at once. */
const batch = 2_000

export async function readLinkSets(
  part: SharedPart,
  rows: ReplicaRows,
  faults: Table,
): Promise<readonly ReadLinkSet[]> {
  const read: ReadLinkSet[] = []
  for (const set of part.shape.linkSets) read.push(await readLinkSet(part, set, { rows: rows.table, faults }))
  return read
}

interface Reading {
  readonly rows: Table
  readonly faults: Table
}

async function readLinkSet(part: SharedPart, set: SharedLinkSet, of: Reading): Promise<ReadLinkSet> {
  const { session, workTables, shape } = part
  const entries = workTables.named('link_entries', `${shape.mapping.name}_${set.mapping.name}`)
  await workTables.create(
    `replicas/begin-link-entries ${shape.mapping.name}`,
    entries,
    sql`_seq bigint, position int, text text, names text[], by text[], target bigint, found int, properties jsonb`,
  )
  const combinations = new Map<string, readonly string[]>()
  let after = -1
  let count = 0
  for (;;) {
    const { rows } = await run(session, textsAfter(set, of.rows, after))
    if (rows.length === 0) break
    const parsed = rows.map((row) => parsedRow(part, set, row))
    after = Number(rows.at(-1)?.seq)
    const good = parsed.flatMap((row) => row.entries)
    for (const { names } of good) combinations.set(names.join(), names)
    count += good.length
    await run(session, addEntries(shape.mapping.name, entries, good))
    await run(
      session,
      addFaults(
        shape.mapping.name,
        of.faults,
        parsed.flatMap((row) => row.faults),
      ),
    )
  }
  await analyzeTable(session, entries, count, '_seq')
  for (const names of combinations.values()) await run(session, findTargets(part, set, entries, names))
  if (count > 0) await run(session, recordUnknown(shape.mapping.name, set, entries, of.faults))
  return { set, entries }
}

interface TextRow {
  readonly seq: string
  readonly text: string
}

function textsAfter({ column, mapping }: SharedLinkSet, rows: Table, after: number): Statement<TextRow> {
  const text = columnOfRow(sql`a`, column)
  return statement(
    `replicas/read-link-sets ${mapping.name}`,
    sql`select a._seq as seq, ${text} as text from ${rows} a where ${text} <> '' and a._seq > ${sql.value(after)}
    order by a._seq limit ${sql.literal(batch)}`,
  )
}

interface EntryRow {
  readonly seq: string
  readonly position: number
  readonly text: string
  /** Properties of the target; none: it is named by its id. */
  readonly names: readonly string[]
  readonly by: readonly string[]
  readonly properties: Readonly<Record<string, string>>
}

interface FaultRow {
  readonly seq: string
  readonly text: string
}

interface ParsedRow {
  readonly entries: readonly EntryRow[]
  readonly faults: readonly FaultRow[]
}

function parsedRow(part: SharedPart, set: SharedLinkSet, { seq, text }: TextRow): ParsedRow {
  const wrong = (fault: string): ParsedRow => ({
    entries: [],
    faults: [{ seq, text: `${set.mapping.name}: ${fault}` }],
  })
  const parsed = parseLinkSet(text, set.mapping)
  if ('fault' in parsed) return wrong(parsed.fault)
  const single = set.association.cardinality === (set.mapping.end === 'from' ? 'many-to-one' : 'one-to-many')
  if (single && parsed.entries.length > 1)
    return wrong(`"${text}" holds several links, and only one is possible`)
  const faults = parsed.entries.flatMap((entry) => faultOf(part, set, entry) ?? [])
  if (faults[0] !== undefined) return wrong(faults[0])
  const entries = parsed.entries.map((entry, position) => ({ seq, position, ...rowOf(entry) }))
  return { entries, faults: [] }
}

function rowOf({ text, id, by, properties }: LinkSetEntry): Omit<EntryRow, 'seq' | 'position'> {
  const named = id === undefined ? by : [['resource_id', id] as const, ...by]
  return {
    text,
    names: named.map(([name]) => name),
    by: named.map(([, value]) => value),
    properties: Object.fromEntries(properties.filter(([, value]) => value !== '')),
  }
}

function faultOf(
  { model }: SharedPart,
  { association, mapping }: SharedLinkSet,
  { text, id, by, properties }: LinkSetEntry,
): string | undefined {
  const target = entityTypeOf(model, association[mapping.end === 'from' ? 'to' : 'from'])
  if (id !== undefined && !/^[0-9]+$/.test(id)) return `"${id}" is not an id in "${text}"`
  for (const [name] of by) {
    const property = target.properties.find((candidate) => candidate.name === name)
    if (property === undefined || !canName(property)) {
      return `"${name}" is not a property by which ${target.name} is named, in "${text}"`
    }
  }
  for (const [name, value] of properties) {
    const property = association.properties.find((candidate) => candidate.name === name)
    if (property === undefined) return `"${name}" is not a property of the link, in "${text}"`
    const { isLegal, expected } = legalValue(property, {})
    if (value === '' ? property.required : !isLegal(value))
      return `${name}: "${value}" is not ${expected}, in "${text}"`
  }
  return missingProperty(association, properties, text)
}

function missingProperty(
  association: Association,
  properties: LinkSetEntry['properties'],
  text: string,
): string | undefined {
  const stated = new Set(properties.map(([name]) => name))
  const missing = association.properties.find(({ name, required }) => required && !stated.has(name))
  return missing === undefined ? undefined : `"${missing.name}" of the link is required, in "${text}"`
}

function addEntries(about: string, table: Table, entries: readonly EntryRow[]): Statement {
  return statement(
    `replicas/add-link-entries ${about}`,
    sql`insert into ${table} (_seq, position, text, names, by, properties)
    select j.seq, j.position, j.text, j.names, j.by, j.properties
    from jsonb_to_recordset(${sql.value(JSON.stringify(entries))}::jsonb)
      j(seq bigint, position int, text text, names text[], by text[], properties jsonb)`,
  )
}

function addFaults(about: string, table: Table, faults: readonly FaultRow[]): Statement {
  return statement(
    `replicas/add-link-faults ${about}`,
    sql`insert into ${table} (_seq, code, text)
    select j.seq, 'bad_link_set', j.text from jsonb_to_recordset(${sql.value(JSON.stringify(faults))}::jsonb) j(seq bigint, text text)`,
  )
}

/** Of the entries that name their target by these properties. */
function findTargets(
  { model }: SharedPart,
  { association, mapping }: SharedLinkSet,
  entries: Table,
  names: readonly string[],
): Statement {
  const entityType = association[mapping.end === 'from' ? 'to' : 'from']
  const list = namesAs(names)
  const among = sql`select by from ${entries} where names = ${list}`
  return statement(
    `replicas/find-link-targets ${mapping.name}`,
    sql`update ${entries} a set target = x.resource_id, found = x.count
    from ${resourcesNamedBy(model, { entityType, names, among })} x
    where a.names = ${list} and a.by = x.by`,
  )
}

function recordUnknown(about: string, { mapping }: SharedLinkSet, entries: Table, faults: Table): Statement {
  const none = sql.literal(`${mapping.name}: "%s" names no resource`)
  const many = sql.literal(`${mapping.name}: "%s" names %s resources`)
  return statement(
    `replicas/record-unknown-targets ${about}`,
    sql`insert into ${faults} (_seq, code, text)
    select a._seq, 'bad_link_set', case when coalesce(a.found, 0) = 0 then format(${none}, a.text) else format(${many}, a.text, a.found) end
    from ${entries} a where coalesce(a.found, 0) <> 1`,
  )
}
