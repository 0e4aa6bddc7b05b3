/**
 * The change set of one association mapping under a complete delivery: the source's links become the
 * pairs of the file, as far as both ends are known.
 *
 * @module
 */
import { columnsOf, identifier, literal } from '@sluice/repository'
import { type ChangeTables, linkChangeTable } from '../terms/change-tables.ts'
import { type LinkShape, linkProperties, singleEnd } from '../terms/link-shape.ts'
import { becomingLookup } from '../terms/lookups.ts'
import { changeOrphanLinks } from '../terms/orphan-changes.ts'
import { countOf, single, tableOf, type Work } from '../terms/work.ts'
import { createWorkTable, workTable } from '../terms/work-tables.ts'

export interface DesiredLinks {
  /** _row (null of a link that is kept), _from_value, _to_value, _bad, from_id, to_id, the association's columns. */
  readonly table: string
  readonly orphan: number
}

/** Resolves both ends of every staged pair; `_bad` rows (rejected values) change nothing. */
export async function resolveLinks(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  bad: string | undefined,
): Promise<DesiredLinks> {
  const staging = workTable(work, 'staging', shape.mapping.name)
  const table = workTable(work, 'desired', shape.mapping.name)
  const end = (entityType: string, by: string, staged: string) =>
    becomingLookup(work, tables, entityType, by, `select ${staged} from ${staging}`)
  const { association, mapping } = shape
  const columns = association.properties.map((property) => {
    const value = shape.values.find((candidate) => candidate.property === property.name)
    const [column] = columnsOf(property)
    if (value === undefined) return `null::${column.sqlType} as ${identifier(column.name)}`
    const guarded = bad === undefined ? value.value : `case when ${bad} then null else ${value.value} end`
    return `${guarded} as ${identifier(value.column)}`
  })
  await createWorkTable(
    work,
    table,
    `select d.*, f.resource_id as from_id, t.resource_id as to_id
    from (select row as _row, ${shape.from} as _from_value, ${shape.to} as _to_value,
        ${bad === undefined ? 'false' : `(${bad})`} as _bad${columns.map((column) => `, ${column}`).join('')}
      from ${staging}) d
    left join ${end(association.from, mapping.from.by, shape.from)} f on f.value = d._from_value
    left join ${end(association.to, mapping.to.by, shape.to)} t on t.value = d._to_value`,
  )
  await work.session.execute(`analyze ${table}`)
  const orphan = await countOf(work.session, `${table} where not _bad and (from_id is null or to_id is null)`)
  return { table, orphan }
}

/** Compares the desired links with those the source holds, and its orphans with those it left. */
export async function addLinkChanges(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  desired: DesiredLinks,
): Promise<void> {
  const { session, sourceId } = work
  const name = shape.association.name
  const link = tableOf(name)
  const change = await linkChangeTable(work, tables, work.source.name, name)
  const columns = shape.values.map(({ column }) => identifier(column))
  const list = columns.map((column) => `, ${column}`).join('')
  const whole = 'not d._bad and d.from_id is not null and d.to_id is not null'
  const same = `l.source_id = ${sourceId} and l.from_id = d.from_id and l.to_id = d.to_id`
  const differs = columns.map((column) => `l.${column} is distinct from d.${column}`).join(' or ')
  await session.execute(`insert into ${change} (_operation, source_id, from_id, to_id${list})
    select case when l.from_id is null then 'insert' else 'update' end, ${sourceId}, d.from_id, d.to_id${columns.map((column) => `, d.${column}`).join('')}
    from ${desired.table} d left join ${link} l on ${same}
    where ${whole} and (l.from_id is null${differs === '' ? '' : ` or ${differs}`})`)
  // Where an end has one link, a row that is rejected leaves that link alone, whatever it pointed to.
  const end = singleEnd(shape.association)
  const said =
    end === undefined
      ? 'false'
      : `exists (select from ${desired.table} d where d._bad and d.${end}_id = l.${end}_id)`
  await session.execute(`insert into ${change} (_operation, source_id, from_id, to_id${list})
    select 'delete', l.source_id, l.from_id, l.to_id${columns.map((column) => `, l.${column}`).join('')}
    from ${link} l where l.source_id = ${sourceId}
      and not exists (select from ${desired.table} d where d.from_id = l.from_id and d.to_id = l.to_id) and not ${said}`)
  await addOrphanChanges(work, shape, desired)
}

/** Changes that come from rows of the file, where there are others. */
export async function countRowChanges(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  desired: DesiredLinks,
): Promise<{ readonly inserted: number; readonly updated: number }> {
  const change = await linkChangeTable(work, tables, work.source.name, shape.association.name)
  const said = `exists (select from ${desired.table} d
    where d._row is not null and not d._bad and d.from_id = c.from_id and d.to_id = c.to_id)`
  return await single(
    work.session,
    `select (count(*) filter (where _operation = 'insert'))::int as inserted,
       (count(*) filter (where _operation = 'update'))::int as updated from ${change} c where ${said}`,
  )
}

async function addOrphanChanges(work: Work, shape: LinkShape, desired: DesiredLinks): Promise<void> {
  const name = literal(shape.association.name)
  const orphan = 'not d._bad and (d.from_id is null or d.to_id is null)'
  const pair = 's.from_value = d._from_value and s.to_value = d._to_value'
  const stored = `s.source_id = ${work.sourceId} and s.association = ${name}`
  const properties = linkProperties(shape.association, 'd')
  await changeOrphanLinks(
    work,
    `select 'insert', ${work.sourceId}, ${name}, d._from_value, d._to_value, ${properties} from ${desired.table} d
    where ${orphan} and not exists (select from sluice_orphan_link s where ${stored} and ${pair} and s.properties is not distinct from ${properties})`,
  )
  await changeOrphanLinks(
    work,
    `select 'delete', s.source_id, s.association, s.from_value, s.to_value, s.properties from sluice_orphan_link s
    where ${stored} and not exists (select from ${desired.table} d
      where ${pair} and ${orphan} and s.properties is not distinct from ${properties})`,
  )
}
