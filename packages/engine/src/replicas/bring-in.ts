/**
 * Brings what a delivery says of a shared type into the table of what its source asserts; the replicas follow by its triggers, as they
 * do when an SQL client writes it.
 *
 * A row whose digest is that of last time is not read any further, and nothing is written of it.
 *
 * @module
 */
import { namesIn, primaryKeyColumn } from '@sluice/model'
import {
  assertedColumns,
  columnOf,
  commas,
  lookedUpAs,
  one,
  partColumns,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import { propertyOf } from '../context/run-context.ts'
import { analyzeTable, measure } from '../context/work-tables.ts'
import { type ComparedRows, noRows, type StagedEntity } from '../rows/entity-rows.ts'
import { rejectBadValues, rejectingEntities } from '../rows/reject-bad-values.ts'
import { digestOf } from '../sql/digest.ts'
import type { ComposedColumn, EntityShape } from '../sql/entity-shape.ts'
import { placeOf } from '../sql/row-version.ts'
import { lastSeen } from './last-seen.ts'
import type { SharedPart } from './shared-part.ts'

/** What a delivery said anew of a mapping. */
export interface BroughtIn {
  readonly entity: StagedEntity
  readonly found: ComparedRows
  /** Rows of keys that were not known, and of those that say something else than before. */
  readonly inserted: number
  readonly updated: number
}

/** Rows that say something new, and the keys of those that are gone. */
interface News {
  readonly candidates: Table
  readonly found: ComparedRows
  readonly gone: Table | undefined
}

/** Whole rows: what they do not mention has disappeared, unless a row with its key could not be read (`unreadable`). */
export async function bringInWhole(
  part: SharedPart,
  entity: StagedEntity,
  unreadable: Table | undefined,
): Promise<BroughtIn> {
  const { session, workTables } = part
  const { shape, rows } = entity
  await run(session, measure(rows.table))
  const { table, count } = await workTables.fill(
    workTables.named('candidates', shape.mapping.name),
    rowsThatDiffer(part, entity),
  )
  await analyzeTable(session, table, count, '_row')
  const rejected = await rejectBadValues(part, table, rejectingEntities(shape))
  const brought = await bringIn(part, entity, {
    candidates: table,
    found: { ...noRows, rejected },
    gone: undefined,
  })
  const withheld = await followPresence(part, entity, unreadable)
  return { ...brought, found: { ...brought.found, withheld } }
}

/** Netted commands. */
export async function bringInCommands(
  part: SharedPart,
  entity: StagedEntity,
  news: News,
): Promise<BroughtIn> {
  const brought = await bringIn(part, entity, news)
  if (news.gone !== undefined) await run(part.session, takeAway(part, news.gone))
  return brought
}

async function bringIn(part: SharedPart, entity: StagedEntity, news: News): Promise<BroughtIn> {
  const { session } = part
  const { shape } = entity
  const { inserted, updated } = await one(session, countNews(shape, news.candidates))
  if (inserted + updated > 0) {
    await run(session, assertRows(part, shape, news.candidates))
    await run(session, rememberDigests(part, shape, news.candidates))
  }
  return { entity, found: news.found, inserted, updated }
}

function rowsThatDiffer({ shape: shared }: SharedPart, { shape, rows }: StagedEntity): Statement {
  const digest = digestOf(shape, sql`s`)
  return statement(
    `replicas/compare-delivery ${shape.mapping.name}`,
    sql`select s.*, ${digest} as _digest, ${placeOf(sql`r`)} as _replica_place
    from ${rows.table} s left join ${shared.replicas} r on r.key = s.${shape.key} where r.digest is distinct from ${digest}`,
  )
}

function countNews(
  { mapping }: EntityShape,
  candidates: Table,
): Statement<{ inserted: number; updated: number }> {
  return statement(
    `replicas/count-news ${mapping.name}`,
    sql`select (count(*) filter (where _replica_place is null))::int as inserted,
      (count(*) filter (where _replica_place is not null))::int as updated from ${candidates}`,
  )
}

function assertRows({ shape: shared }: SharedPart, shape: EntityShape, candidates: Table): Statement {
  const columns = shape.mapping.properties.flatMap((entry) => textsOf(shape, entry.property))
  const names = columns.map(({ name }) => sql.identifier(name))
  const key = sql.identifier(primaryKeyColumn)
  const set = names.map((name) => sql`${name} = excluded.${name}`)
  const differs = sql`row(${commas(names.map((name) => sql`v.${name}`))}) is distinct from row(${commas(names.map((name) => sql`excluded.${name}`))})`
  return statement(
    `replicas/assert-rows ${shape.mapping.name}`,
    sql`insert into ${shared.asserted} as v (${commas([key, ...names])})
    select ${shape.key}, ${commas(columns.map(({ text }) => text))} from ${candidates} order by _row
    on conflict (${key}) do update set ${commas(set)} where ${differs}`,
  )
}

interface AssertedText {
  /** Column of asserted values, unquoted. */
  readonly name: string
  readonly text: SQL
}

/** A value that the row leaves empty is asserted to be none. */
function textsOf(shape: EntityShape, name: string): readonly AssertedText[] {
  const property = propertyOf(shape.type, name)
  const columns = assertedColumns(property)
  const asserted = (column: string, text: SQL): AssertedText => ({
    name: column,
    text: sql`coalesce(${text}, '')`,
  })
  if (property.type === 'reference') {
    const together = shape.composed.find((one) => one.name === columns[0])
    if (together !== undefined) return partTexts(shape, name, together)
    const reference = shape.references.find((one) => one.property.name === name)
    return [asserted(columns[0], reference?.staged ?? sql.null)]
  }
  const values = shape.values.filter((value) => value.property === name)
  if (property.type !== 'file') {
    const [value] = values
    return [asserted(columns[0], lookedUpAs(property, sql`(${value?.value ?? sql.null})`))]
  }
  const valueIn = (suffix: string) =>
    values.find(({ column }) => column === `${columnOf(property)}${suffix}`)?.value ?? sql.null
  const [content, fileName, mediaType] = columns
  return [
    asserted(content, sql`encode(${valueIn('')}, 'base64')`),
    asserted(
      fileName ?? '',
      sql`case when ${valueIn('')} is null then '' else coalesce(${valueIn('_filename')}, ${sql.literal(name)}) end`,
    ),
    asserted(
      mediaType ?? '',
      sql`case when ${valueIn('')} is null then '' else coalesce(${valueIn('_mediatype')}, 'application/octet-stream') end`,
    ),
  ]
}

/** The column that they make together follows from them. */
function partTexts({ mapping }: EntityShape, name: string, { of }: ComposedColumn): readonly AssertedText[] {
  const by = mapping.properties.find(({ property }) => property === name)?.by ?? ''
  return partColumns(name, namesIn(by)).map((column, n) => ({
    name: column,
    text: sql`coalesce(${sql.identifier(of[n] ?? '')}, '')`,
  }))
}

function rememberDigests({ shape: shared }: SharedPart, shape: EntityShape, candidates: Table): Statement {
  return statement(
    `replicas/remember-digests ${shape.mapping.name}`,
    sql`update ${shared.replicas} r set digest = a._digest,
      absent_since = null, status = case when r.status = 'obsolete' then 'modified' else r.status end
    from ${candidates} a where r.key = a.${shape.key}`,
  )
}

/** By a command, and so at once, whatever interval absences are given. */
function takeAway({ shape }: SharedPart, gone: Table): Statement {
  return statement(
    `replicas/take-away ${shape.mapping.name}`,
    sql`update ${shape.replicas} r set absent_since = to_timestamp(0) from ${gone} g where r.key = g.key`,
  )
}

/** Notes of each replica whether the rows mention it; how many they do not, but may: a row with their key could not be read. */
async function followPresence(
  part: SharedPart,
  entity: StagedEntity,
  unreadable: Table | undefined,
): Promise<number> {
  const { session, shape } = part
  const { keeps, absent } = await one(session, countPresent(part))
  let withheld = 0
  if (keeps !== entity.rows.counts.rows || absent > 0) {
    await run(session, noteReturned(part, entity))
    if (unreadable !== undefined)
      withheld = (await one(session, countWithheld(part, entity, unreadable))).count
    await run(session, noteAbsent(part, entity, unreadable))
  }
  const { fullLoadInterval, deletePolicy } = shape.federation
  if (fullLoadInterval + deletePolicy.retention > 0) await run(session, rememberLoad(part))
  return withheld
}

function countPresent({ shape }: SharedPart): Statement<{ keeps: number; absent: number }> {
  return statement(
    `replicas/count-present ${shape.mapping.name}`,
    sql`select (count(*) filter (where absent_since is null))::int as keeps, count(absent_since)::int as absent from ${shape.replicas}`,
  )
}

const mentions = (rows: Table, key: SQL) => sql`exists (select from ${rows} s where s.${key} = r.key)`

function noteReturned({ shape }: SharedPart, { shape: staged, rows }: StagedEntity): Statement {
  return statement(
    `replicas/note-returned ${shape.mapping.name}`,
    sql`update ${shape.replicas} r set absent_since = null, revision = r.revision + 1,
      status = case when r.status = 'obsolete' then 'modified' else r.status end
    where r.absent_since is not null and ${mentions(rows.table, staged.key)}`,
  )
}

function isUnread({ mapping }: EntityShape, unreadable: Table): SQL {
  return sql`exists (select from ${unreadable} u where u.mapping = ${sql.literal(mapping.name)} and u.field = r.key)`
}

function countWithheld(
  { shape }: SharedPart,
  { shape: staged, rows }: StagedEntity,
  unreadable: Table,
): Statement<{ count: number }> {
  return statement(
    `replicas/count-withheld ${shape.mapping.name}`,
    sql`select count(*)::int as count from ${shape.replicas} r
    where r.absent_since is null and not ${mentions(rows.table, staged.key)} and ${isUnread(staged, unreadable)}`,
  )
}

function noteAbsent(
  part: SharedPart,
  { shape: staged, rows }: StagedEntity,
  unreadable: Table | undefined,
): Statement {
  const kept = unreadable === undefined ? sql.blank : sql` and not ${isUnread(staged, unreadable)}`
  return statement(
    `replicas/note-absent ${staged.mapping.name}`,
    sql`update ${part.shape.replicas} r set absent_since = ${lastSeen(part)}
    where r.absent_since is null and not ${mentions(rows.table, staged.key)}${kept}`,
  )
}

function rememberLoad({ sourceId, shape }: SharedPart): Statement {
  return statement(
    `replicas/remember-load ${shape.mapping.name}`,
    sql`insert into sluice_load (source_id, mapping, loaded_at) values (${sql.literal(sourceId)}, ${sql.literal(shape.mapping.name)}, clock_timestamp())
    on conflict (source_id, mapping) do update set loaded_at = excluded.loaded_at`,
  )
}
