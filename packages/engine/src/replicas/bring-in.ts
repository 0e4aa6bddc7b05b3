/**
 * Brings what a delivery says of a shared type into the table of what its source asserts, and what that means for the replicas that are known.
 * Those that are not yet are written with what becomes of them (`arrivals.ts`).
 *
 * A row whose digest is that of last time is not read any further, and nothing is written of it.
 *
 * @module
 */
import { primaryKeyColumn } from '@sluice/model'
import {
  commas,
  more,
  one,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import { expectFew } from '../context/few-of-many.ts'
import { analyzeColumns, measure } from '../context/work-tables.ts'
import { type ComparedRows, noRows, type StagedEntity } from '../rows/entity-rows.ts'
import { rejectBadValues, rejectingEntities } from '../rows/reject-bad-values.ts'
import { digestOf } from '../sql/digest.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import { placeOf } from '../sql/row-version.ts'
import type { Arrivals } from './arrivals.ts'
import { assertedTexts } from './asserted-texts.ts'
import { countReplicas, type KnownReplicas } from './known-replicas.ts'
import { lastSeen } from './last-seen.ts'
import type { SharedPart } from './shared-part.ts'

/** What a delivery said anew of a mapping. */
export interface BroughtIn {
  readonly entity: StagedEntity
  readonly found: ComparedRows
  /** Rows of keys that were not known, and of those that say something else than before. */
  readonly inserted: number
  readonly updated: number
  /** The rows of keys that were not known; `undefined`: there are none. */
  readonly arrivals: Arrivals | undefined
  /** The replicas as they are by now; `undefined`: they were not counted. */
  readonly known?: KnownReplicas | undefined
}

const key = sql.identifier(primaryKeyColumn)

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
  await analyzeColumns(session, table, count, ['_row', shape.keyName])
  const rejected = await rejectBadValues(part, table, rejectingEntities(shape, rows))
  const brought = await bringIn(part, entity, {
    candidates: table,
    found: { ...noRows, rejected },
    gone: undefined,
  })
  const { withheld, known } = await followPresence(part, { entity, arrived: brought.inserted }, unreadable)
  const { fullLoadInterval, deletePolicy } = part.shape.federation
  if (fullLoadInterval + deletePolicy.retention > 0) await run(session, rememberLoad(part))
  return { ...brought, found: { ...brought.found, withheld }, known }
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
  const { candidates, found } = news
  const { inserted, updated } = await one(session, countNews(shape, candidates))
  if (inserted + updated > 0) {
    await expectFew(session, inserted + updated, entity.rows.counts.rows)
    await run(session, setTriggers(part, 'disable'))
    if (inserted > 0) await run(session, assertArrivals(part, shape, candidates))
    if (updated > 0) await run(session, assertUpdates(part, shape, candidates))
    await run(session, setTriggers(part, 'enable'))
  }
  const arrivals = inserted === 0 ? undefined : { shape, candidates, count: inserted }
  return { entity, found, inserted, updated, arrivals }
}

/** What they do for an SQL client is done here with what else is known of the rows, in one statement. */
function setTriggers({ shape: { asserted } }: SharedPart, what: 'disable' | 'enable'): Statement {
  const does = what === 'disable' ? sql`disable` : sql`enable`
  return statement(
    `replicas/${what}-triggers ${asserted.name}`,
    sql`alter table ${asserted} ${does} trigger inserted, ${does} trigger updated`,
  )
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

function assertArrivals({ shape: shared }: SharedPart, shape: EntityShape, candidates: Table): Statement {
  const columns = assertedTexts(shape)
  const names = columns.map(({ name }) => sql.identifier(name))
  return statement(
    `replicas/assert-arrivals ${shape.mapping.name}`,
    sql`insert into ${shared.asserted} (${commas([key, ...names])})
    select a.${shape.key}, ${commas(columns.map(({ text }) => text))} from ${candidates} a where a._replica_place is null order by a._row`,
  )
}

/** A digest may be another though the texts are the same: then nothing was said anew. */
function assertUpdates({ shape: shared }: SharedPart, shape: EntityShape, candidates: Table): Statement {
  const texts = assertedTexts(shape)
  const names = texts.map(({ name }) => sql.identifier(name))
  const rowOf = (alias: SQL) => sql`row(${commas(names.map((name) => sql`${alias}.${name}`))})`
  const news = sql`(select ${shape.key} as _key${more(texts.map(({ name, text }) => sql`${text} as ${sql.identifier(name)}`))}
      from ${candidates} where _replica_place is not null) a`
  const wasWritten = sql`w.${key} is not null`
  return statement(
    `replicas/assert-updates ${shape.mapping.name}`,
    sql`with written as (
      update ${shared.asserted} v set ${commas(names.map((name) => sql`${name} = a.${name}`))}
      from ${news} where v.${key} = a._key and ${rowOf(sql`v`)} is distinct from ${rowOf(sql`a`)} returning v.${key})
    update ${shared.replicas} r set digest = a._digest, absent_since = null,
      status = case when r.status = 'obsolete' or (${wasWritten} and r.status = 'synchronized') then 'modified' else r.status end,
      last_seen = case when ${wasWritten} then clock_timestamp() else r.last_seen end,
      revision = r.revision + (${wasWritten})::int
    from ${candidates} a left join written w on w.${key} = a.${shape.key}
    where a._replica_place is not null and r.key = a.${shape.key}`,
  )
}

/** By a command, and so at once, whatever interval absences are given. */
function takeAway({ shape }: SharedPart, gone: Table): Statement {
  return statement(
    `replicas/take-away ${shape.mapping.name}`,
    sql`update ${shape.replicas} r set absent_since = to_timestamp(0) from ${gone} g where r.key = g.key`,
  )
}

interface Presence {
  readonly entity: StagedEntity
  /** How many of its rows are of keys that were not known. */
  readonly arrived: number
}

/** Notes of each replica whether the rows mention it; how many they do not, but may: a row with their key could not be read. */
async function followPresence(
  part: SharedPart,
  { entity, arrived }: Presence,
  unreadable: Table | undefined,
): Promise<{ readonly withheld: number; readonly known: KnownReplicas | undefined }> {
  const { session } = part
  const known = await countReplicas(part)
  if (known.present + arrived === entity.rows.counts.rows && known.absent === 0) return { withheld: 0, known }
  await run(session, noteReturned(part, entity))
  const withheld =
    unreadable === undefined ? 0 : (await one(session, countWithheld(part, entity, unreadable))).count
  await run(session, noteAbsent(part, entity, unreadable))
  return { withheld, known: undefined }
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
