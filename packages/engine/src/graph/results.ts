/**
 * What evaluation gave, a table for each mapping; what of it is other than before; and the staged rows that follow from it.
 *
 * @module
 */
import { associationColumns, entityColumns, type PreparedColumn } from '@sluice/model'
import {
  columnOfRow,
  copyTarget,
  one,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import { measure } from '../context/work-tables.ts'
import { createStaging } from '../intake/staging.ts'
import type { StagedRows } from '../rows/staged-rows.ts'
import { type EntityShape, entityShape } from '../sql/entity-shape.ts'
import { type LinkShape, linkShape } from '../sql/link-shape.ts'
import { storedResults } from './tables.ts'

/** What roots give of one mapping. */
interface MappingResults {
  readonly shape: EntityShape | LinkShape
  /** _row, _root, and the columns of the shape. */
  readonly table: Table
  /** What `COPY` copies into: the root, then the columns of prepared files in their order. */
  readonly target: string
}

/** By mapping. */
export type Results = ReadonlyMap<string, MappingResults>

export async function createResults(part: SourcePart): Promise<Results> {
  const { source, model } = part
  const shapes = [
    ...source.entities.map((mapping) => entityShape(model, mapping, new Set())),
    ...source.associations.map((mapping) => linkShape(model, mapping)),
  ]
  const created = new Map<string, MappingResults>()
  for (const shape of shapes) created.set(shape.mapping.name, await createTable(part, shape))
  return created
}

async function createTable(
  { workTables }: SourcePart,
  shape: EntityShape | LinkShape,
): Promise<MappingResults> {
  const { name } = shape.mapping
  const table = workTables.named('graph_results', name)
  const text = sql`text collate "C"`
  const columns = [
    sql`_row integer generated always as identity (cache 1000)`,
    sql`_root ${text} not null`,
    ...shape.columns.map((column) => sql`${sql.identifier(column)} ${text}`),
  ]
  await workTables.create(`graph/create-results ${name}`, table, sql.join(columns, ', '))
  return {
    shape,
    table,
    target: copyTarget(`graph/copy-results ${name}`, table, ['_root', ...shape.columns]),
  }
}

/** Of which roots a run says what they give. */
export interface Evaluating {
  readonly results: Results
  /** root: those that failed; what they gave before stays. */
  readonly failed: Table
  /** root: the others say nothing, and give what they gave before. Absent: these are all roots there are. */
  readonly roots: Table | undefined
}

/**
 * What changes of the stored results: _operation (put, delete), mapping, root, key, fields, digest. Of an incremental also what it is about:
 * the keys of which some root says something else than before.
 */
export async function compareResults(part: SourcePart, evaluating: Evaluating): Promise<Table> {
  const { session, workTables } = part
  const text = sql`text collate "C"`
  const table = workTables.named('graph_changed_results')
  const columns = sql`_operation ${text}, mapping ${text}, root ${text}, key ${text}, fields jsonb, digest bigint`
  await workTables.create('graph/create-changed-results', table, columns)
  for (const one of evaluating.results.values()) {
    await run(session, measure(one.table))
    await run(session, addChanged(part, table, one, evaluating))
  }
  await run(session, statement('graph/analyze-changed-results', sql`analyze ${table}`))
  return table
}

function addChanged(
  part: SourcePart,
  changed: Table,
  { shape, table }: MappingResults,
  { failed, roots }: Evaluating,
): Statement {
  const { name } = shape.mapping
  const r = sql`r`
  const columns = columnsIn(part, shape)
  const among = roots === undefined ? sql.true : sql`exists (select from ${roots} a where a.root = s.root)`
  return statement(
    `graph/compare-results ${name}`,
    sql`with before as (select s.root, s.key, s.digest from ${storedResults} s
        where s.source_id = ${sql.literal(part.sourceId)} and s.mapping = ${sql.value(name)} and ${among}
        and not exists (select from ${failed} x where x.root = s.root)),
      now as (select r._root as root, ${columns.key(r)} as key, ${digestOf(shape, r)} as digest, r._row from ${table} r)
    insert into ${changed} (_operation, mapping, root, key, fields, digest)
    select case when n.key is null then 'delete' else 'put' end, ${sql.value(name)}, coalesce(n.root, b.root), coalesce(n.key, b.key),
      case when n.key is not null then ${columns.fields(r)} end, n.digest
    from now n full join before b on b.root = n.root and b.key = n.key
      left join ${table} r on r._row = n._row
    where n.digest is distinct from b.digest`,
  )
}

function digestOf({ columns }: EntityShape | LinkShape, row: SQL): SQL {
  const fields = columns.map((name) => columnOfRow(row, name))
  return sql`hash_record_extended(row(${sql.join(fields, ', ')}), 0)`
}

/** Stages what all roots together say of a mapping. */
export async function stageResults(
  part: SourcePart,
  shape: EntityShape | LinkShape,
  of: { readonly evaluating: Evaluating; readonly changed: Table },
): Promise<StagedRows> {
  const commands = of.evaluating.roots !== undefined
  const table = commands
    ? await stageChanged(part, shape, of.changed)
    : await stageAll(part, shape, of.evaluating)
  const { count: rows } = await one(
    part.session,
    statement<{ count: number }>('graph/count-staged', sql`select count(*)::int as count from ${table}`),
  )
  const counts = { rows, read: rows, rejected: 0, nullKey: 0, duplicate: 0, noLink: 0, unchanged: 0 }
  return { table, commands, counts }
}

/** Of a complete: the results themselves, but for keys that several roots give, or that a root gave that has failed now. */
async function stageAll(
  part: SourcePart,
  shape: EntityShape | LinkShape,
  { results, failed }: Evaluating,
): Promise<Table> {
  const { session, workTables } = part
  const { name } = shape.mapping
  const table = results.get(name)?.table
  if (table === undefined) throw new Error(`${name} is not a mapping of the graph source.`)
  const together = workTables.named('graph_together', name)
  const { count } = await workTables.fill(together, findTogether(part, { shape, table, failed }))
  if (count === 0) return table
  await run(session, statement('graph/analyze-together', sql`analyze ${together}`))
  // Rows are numbered without a gap.
  const { table: merged, columns } = await createStaging(part, shape, { commands: false })
  const from = sql`(select t.root, t.key, t.fields from ${together} t)`
  await run(session, insertAlone(part, shape, { table, together, into: merged, columns }))
  await run(session, insertMerged(part, shape, { table: merged, columns, from, command: undefined }))
  return merged
}

interface FindingTogether {
  readonly shape: EntityShape | LinkShape
  readonly table: Table
  readonly failed: Table
}

/** root, key, fields: everything that is given of such keys. */
function findTogether(part: SourcePart, { shape, table, failed }: FindingTogether): Statement {
  const { name } = shape.mapping
  const r = sql`r`
  const columns = columnsIn(part, shape)
  return statement(
    `graph/find-results-together ${name}`,
    sql`with kept as materialized (select s.root, s.key, s.fields from ${storedResults} s join ${failed} x on x.root = s.root
        where s.source_id = ${sql.literal(part.sourceId)} and s.mapping = ${sql.value(name)}),
      keys as materialized (select ${columns.key(r)} as key from ${table} r group by ${columns.names(r)} having count(*) > 1
        union select k.key from kept k)
    select r._root as root, ${columns.key(r)} as key, ${columns.fields(r)} as fields from ${table} r
      where exists (select from keys) and ${columns.key(r)} in (select k.key from keys k)
    union all select k.root, k.key, k.fields from kept k`,
  )
}

interface InsertingAlone {
  readonly table: Table
  readonly together: Table
  readonly into: Table
  readonly columns: readonly string[]
}

function insertAlone(
  part: SourcePart,
  shape: EntityShape | LinkShape,
  { table, together, into, columns }: InsertingAlone,
): Statement {
  const key = columnsIn(part, shape).key(sql`r`)
  const names = columns.map((name) => sql.identifier(name))
  return statement(
    `graph/stage-alone ${shape.mapping.name}`,
    sql`insert into ${into} (${sql.join(names, ', ')})
    select ${sql.join(
      columns.map((name) => columnOfRow(sql`r`, name)),
      ', ',
    )} from ${table} r where ${key} not in (select t.key from ${together} t) order by r._row`,
  )
}

/** Of an incremental: commands about keys of which something has changed. */
async function stageChanged(
  part: SourcePart,
  shape: EntityShape | LinkShape,
  changed: Table,
): Promise<Table> {
  const { table, columns } = await createStaging(part, shape, { commands: true })
  const command = sql`case when m.fields is null then 'delete' else 'merge' end`
  await run(
    part.session,
    insertMerged(part, shape, { table, columns, from: ofChanged(part.sourceId, shape, changed), command }),
  )
  return table
}

/** Relation (root, key, fields): everything that is given of changed keys; a null in place of fields where nobody gives anything any more. */
function ofChanged(sourceId: number, { mapping }: EntityShape | LinkShape, changed: Table): SQL {
  const name = sql.value(mapping.name)
  const keys = sql`(select distinct c.key from ${changed} c where c.mapping = ${name}) k`
  const stays = sql`not exists (select from ${changed} c where c.mapping = s.mapping and c.root = s.root and c.key = s.key)`
  return sql`(select n.root, n.key, n.fields from ${changed} n where n.mapping = ${name} and n._operation = 'put'
    union all select s.root, s.key, s.fields from ${keys} join ${storedResults} s
      on s.source_id = ${sql.literal(sourceId)} and s.mapping = ${name} and s.key = k.key where ${stays}
    union all select '', k.key, null from ${keys})`
}

interface Merging {
  readonly table: Table
  /** The first one is for the command, where there is one. */
  readonly columns: readonly string[]
  /** Relation (root, key, fields). */
  readonly from: SQL
  readonly command: SQL | undefined
}

/** One row for each key: what several roots give is laid over one another, in the order of their names. */
function insertMerged(
  part: SourcePart,
  shape: EntityShape | LinkShape,
  { table, columns, from, command }: Merging,
): Statement {
  const names = columns.map((name) => sql.identifier(name))
  const merged = columnsIn(part, shape).ofMerged(sql`m`)
  const values = command === undefined ? merged : [command, ...merged]
  return statement(
    `graph/stage-results ${shape.mapping.name}`,
    sql`insert into ${table} (${sql.join(names, ', ')})
    select ${sql.join(values, ', ')} from (
      select key, case when count(fields) < 2 then (array_agg(fields) filter (where fields is not null))[1] else
        (select jsonb_object_agg(f.key, f.value order by o.n) from unnest(array_agg(fields order by root) filter (where fields is not null))
          with ordinality o(fields, n), jsonb_each(o.fields) f) end as fields
      from ${from} x group by key order by key) m`,
  )
}

/** What of a mapping's columns is its key, and what else they hold, in the terms of stored results. */
interface ResultColumns {
  /** SQL: the columns that name a row of results. */
  names(row: SQL): SQL
  /** SQL (text): as stored results have it; of a link a JSON array of its ends. */
  key(row: SQL): SQL
  /** SQL (jsonb): the others, without nulls. */
  fields(row: SQL): SQL
  /** SQL: the columns, of a row with key and fields. */
  ofMerged(row: SQL): readonly SQL[]
}

function columnsIn({ model }: SourcePart, shape: EntityShape | LinkShape): ResultColumns {
  if ('type' in shape) {
    const { all, key } = entityColumns(shape.mapping, model)
    return resultColumns(shape, all, {
      named: [key],
      key: ([name = sql.null]) => name,
      ofKey: (row) => [sql`${row}.key`],
    })
  }
  const { all, from, to } = associationColumns(shape.mapping, model)
  return resultColumns(shape, all, {
    named: [from, to],
    key: (names) => sql`json_build_array(${sql.join([...names], ', ')})::text`,
    ofKey: (row) => [sql`(${row}.key::json) ->> 0`, sql`(${row}.key::json) ->> 1`],
  })
}

interface KeyColumns {
  readonly named: readonly PreparedColumn[]
  readonly key: (names: readonly SQL[]) => SQL
  readonly ofKey: (row: SQL) => readonly SQL[]
}

function resultColumns(
  shape: EntityShape | LinkShape,
  all: readonly PreparedColumn[],
  { named, key, ofKey }: KeyColumns,
): ResultColumns {
  const staged = new Map(all.map(({ name }, index) => [name, shape.columns[index] ?? name]))
  const namesIn = (row: SQL) => named.map(({ name }) => columnOfRow(row, staged.get(name) ?? name))
  const others = all.filter(({ name }) => !named.some((one) => one.name === name))
  return {
    names: (row) => sql.join(namesIn(row), ', '),
    key: (row) => key(namesIn(row)),
    fields: (row) => {
      if (others.length === 0) return sql`'{}'::jsonb`
      const columns = others.map(({ column }) => sql`${sql.literal(column)}`)
      const values = others.map(({ name }) => columnOfRow(row, staged.get(name) ?? name))
      return sql`jsonb_strip_nulls(jsonb_object(array[${sql.join(columns, ', ')}]::text[], array[${sql.join(values, ', ')}]::text[]))`
    },
    ofMerged: (row) =>
      all.map(({ name, column }) => {
        const position = named.findIndex((one) => one.name === name)
        return ofKey(row)[position] ?? sql`${row}.fields ->> ${sql.literal(column)}`
      }),
  }
}
