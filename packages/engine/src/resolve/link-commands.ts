/**
 * The change set of one association mapping under an incremental delivery.
 *
 * Pairs that are said or taken back are laid over what the source said before, as far as the delivery or
 * the changes of the run touch it: a pair is known by what its ends are called, taken back by what they were
 * called before the run, said by what they are called after it.
 *
 * @module
 */
import { columnsOf, identifier, literal } from '@sluice/repository'
import { type ChangeTables, linkChangeTable } from '../terms/change-tables.ts'
import { type LinkShape, linkProperties, singleEnd } from '../terms/link-shape.ts'
import { becomingLookup, storedLookup } from '../terms/lookups.ts'
import { changeOrphanLinks } from '../terms/orphan-changes.ts'
import { countOf, tableOf, type Work } from '../terms/work.ts'
import { createWorkTable, dropWorkTables, workTable } from '../terms/work-tables.ts'
import { collectMoving, collectStored, collectWaiting, type FilledAssociation } from './links-elsewhere.ts'

export interface LinkCommands {
  /** Rows with an end missing. */
  readonly nullKey: number
  /** Rows that a later row of the same pair overrules. */
  readonly overruled: number
  /** Rows that take a pair back. */
  readonly deletes: number
  /** Rows said of which an end is unknown. */
  readonly orphan: number
  /** Rows said that make or change a link. */
  readonly rowChanges: { readonly inserted: number; readonly updated: number }
}

/** `staging` holds the rows of the delta whose values are legal, or that take a pair back. */
export async function addLinkCommands(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  staging: string,
): Promise<LinkCommands> {
  const { session, source, sourceId } = work
  const filled = { source, sourceId, mapping: shape.mapping, association: shape.association }
  const staged = await countOf(session, staging)
  const netted = await netPerPair(work, shape, staging)
  const incomplete = await countOf(session, `${staging} where ${shape.from} is null or ${shape.to} is null`)
  const standing = await countOf(session, `${netted} where not _unlinked and (_taken_back or not _gone)`)
  const overruled = staged - incomplete - standing
  const deletes = await countOf(session, `${netted} where _taken_back`)
  const affected = await collectMoving(work, tables, filled)
  await collectMentioned(work, filled, netted, affected)
  const desired = await resolveDesired(work, tables, shape, netted, affected)
  await addDifferences(work, tables, shape, affected, desired)
  const orphan = await countOf(session, `${desired} where _said and (from_id is null or to_id is null)`)
  const change = await linkChangeTable(work, tables, source.name, shape.association.name)
  const said = `exists (select from ${desired} d where d._said and d.from_id = c.from_id and d.to_id = c.to_id)`
  const inserted = await countOf(session, `${change} c where _operation = 'insert' and ${said}`)
  const updated = await countOf(session, `${change} c where _operation = 'update' and ${said}`)
  await dropWorkTables(work, [affected])
  return { nullKey: incomplete, overruled, deletes, orphan, rowChanges: { inserted, updated } }
}

/**
 * Table of the last word on each pair: _from_value, _to_value, `_taken_back` (by a delete), `_gone` (that, or another
 * target was said later), `_unlinked` (a single end that is said to have no link), the association's columns.
 */
async function netPerPair(work: Work, shape: LinkShape, staging: string): Promise<string> {
  const netted = workTable(work, 'desired', `netted_${shape.mapping.name}`)
  const columns = shape.association.properties.map((property) => {
    const [column] = columnsOf(property)
    const value = shape.values.find((candidate) => candidate.property === property.name)
    const none = `null::${column.sqlType}`
    // What takes a pair back was not checked.
    const said =
      value === undefined ? none : `case when command = 'delete' then ${none} else ${value.value} end`
    return `, ${said} as ${identifier(column.name)}`
  })
  const single = singleEnd(shape.association)
  const other = single === 'from' ? 'to' : 'from'
  const unlinked =
    single === undefined
      ? 'false'
      : `command <> 'delete' and ${shape[single]} is not null and ${shape[other]} is null`
  await createWorkTable(
    work,
    netted,
    `select distinct on (_from_value, _to_value) * from (
      select row as _row, ${shape.from} as _from_value, ${shape.to} as _to_value, command = 'delete' as _gone,
        command = 'delete' as _taken_back,
        ${unlinked} as _unlinked${columns.join('')}
      from ${staging}) s
    where (_from_value is not null and _to_value is not null) or _unlinked
    order by _from_value, _to_value, _row desc`,
  )
  if (single !== undefined) {
    // Of several targets for one end the last one said stands.
    await work.session.execute(`update ${netted} n set _gone = true where not n._gone and exists (
      select from ${netted} later where later._${single}_value = n._${single}_value and not later._gone and later._row > n._row)`)
  }
  await work.session.execute(`analyze ${netted}`)
  return netted
}

/** Adds the stored links and orphans that the delivery speaks of, by the names their ends had before the run. */
async function collectMentioned(
  work: Work,
  filled: FilledAssociation,
  netted: string,
  affected: string,
): Promise<void> {
  const { association, mapping } = filled
  const lookup = (end: 'from' | 'to') =>
    storedLookup(work, association[end], mapping[end].by, `select _${end}_value from ${netted}`)
  await collectStored(
    work,
    filled,
    affected,
    `(l.from_id, l.to_id) in (select f.resource_id, t.resource_id from ${netted} n
      join ${lookup('from')} f on f.value = n._from_value join ${lookup('to')} t on t.value = n._to_value)`,
  )
  await collectWaiting(
    work,
    filled,
    affected,
    `(w.from_value, w.to_value) in (select _from_value, _to_value from ${netted})`,
  )
  const single = singleEnd(association)
  if (single === undefined) return
  await collectStored(
    work,
    filled,
    affected,
    `l.${single}_id in (select resource_id from ${lookup(single)} x)`,
  )
  await collectWaiting(
    work,
    filled,
    affected,
    `w.${single}_value in (select _${single}_value from ${netted} where not _gone)`,
  )
}

/**
 * Table of what the source says from now on, among what is affected: _from_value, _to_value, `_said` (by this
 * delivery), from_id, to_id, the association's columns.
 */
async function resolveDesired(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  netted: string,
  affected: string,
): Promise<string> {
  const { association, mapping } = shape
  const desired = workTable(work, 'desired', mapping.name)
  const columns = association.properties.map((property) => identifier(columnsOf(property)[0].name))
  const of = (row: string) => columns.map((column) => `, ${row}.${column}`).join('')
  const single = singleEnd(association)
  const replaced =
    single === undefined
      ? ''
      : `and not exists (select from ${netted} n where n._${single}_value = a._${single}_value and not n._gone)`
  const values = `select _from_value, _to_value, true as _said${of('n')} from ${netted} n where not _gone and not _unlinked
    union all
    select a._from_value, a._to_value, false${of('a')} from ${affected} a
    where a._from_value is not null and a._to_value is not null and not exists (
      select from ${netted} n where n._from_value = a._from_value and n._to_value = a._to_value) ${replaced}`
  const lookup = (end: 'from' | 'to') =>
    becomingLookup(work, tables, association[end], mapping[end].by, `select _${end}_value from (${values}) v`)
  await createWorkTable(
    work,
    desired,
    `select v.*, f.resource_id as from_id, t.resource_id as to_id from (${values}) v
    left join ${lookup('from')} f on f.value = v._from_value
    left join ${lookup('to')} t on t.value = v._to_value`,
  )
  await work.session.execute(`analyze ${desired}`)
  return desired
}

async function addDifferences(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  affected: string,
  desired: string,
): Promise<void> {
  const { session, sourceId } = work
  const { association } = shape
  const name = literal(association.name)
  const change = await linkChangeTable(work, tables, work.source.name, association.name)
  const columns = association.properties.map((property) => identifier(columnsOf(property)[0].name))
  const of = (row: string) => columns.map((column) => `, ${row}.${column}`).join('')
  const list = columns.map((column) => `, ${column}`).join('')
  const differs = columns.map((column) => ` or l.${column} is distinct from d.${column}`).join('')
  await session.execute(`insert into ${change} (_operation, source_id, from_id, to_id${list})
    select 'delete', ${sourceId}, a.from_id, a.to_id${of('a')} from ${affected} a
    where a.from_id is not null and not exists (
      select from ${desired} d where d.from_id = a.from_id and d.to_id = a.to_id)
    union all
    select case when l.from_id is null then 'insert' else 'update' end, ${sourceId}, d.from_id, d.to_id${of('d')}
    from ${desired} d
    left join ${tableOf(association.name)} l on l.source_id = ${sourceId} and l.from_id = d.from_id and l.to_id = d.to_id
    where d.from_id is not null and d.to_id is not null and (l.from_id is null${differs})`)
  const waits = '(d.from_id is null or d.to_id is null)'
  const properties = linkProperties(association, 'd')
  // A pair that is said again with other values waits with those.
  const asBefore = (stored: string) => `(not d._said or ${stored} is not distinct from ${properties})`
  await changeOrphanLinks(
    work,
    `select 'delete', ${sourceId}, ${name}, a._from_value, a._to_value, null from ${affected} a
    where a.from_id is null and not exists (
      select from ${desired} d where d._from_value = a._from_value and d._to_value = a._to_value
        and ${waits} and ${asBefore(linkProperties(association, 'a'))})
    union all
    select 'insert', ${sourceId}, ${name}, d._from_value, d._to_value, ${properties} from ${desired} d
    where ${waits} and not exists (select from sluice_orphan_link s
      where s.source_id = ${sourceId} and s.association = ${name}
        and s.from_value = d._from_value and s.to_value = d._to_value and ${asBefore('s.properties')})`,
  )
}
