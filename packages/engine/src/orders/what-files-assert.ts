/**
 * What a source asserts of links that were ordered of it, where its files hold them: links that stand, and pairs that wait for an end.
 *
 * @module
 */
import type { Association, AssociationMapping } from '@sluice/model'
import { type SQL, sql } from '@sluice/repository'
import type { KnownSource } from '../context/run-context.ts'
import { type End, endId, singleEnd } from '../sql/link-shape.ts'
import { lookupBeforeRun, lookupValue } from '../sql/lookups.ts'
import { linksOf, orphanLinks } from '../sql/tables.ts'
import { type Known, ofTarget } from './shown-values.ts'

export interface FiledLinks {
  readonly known: KnownSource
  readonly association: Association
  readonly mapping: AssociationMapping
}

/** Column of an order that names the resource at an end. */
export const endName = { from: sql`key`, to: sql`linked_to` } as const satisfies Record<End, SQL>

/** `ordered`: query of orders. */
export function whatFilesAssert(context: Known, links: FiledLinks, ordered: SQL): SQL {
  const end = (which: End) => endsNamed(context, links, which, ordered)
  return sql`select o.*, l.now_there, case when not l.now_there then ${inItsPlace(context, links)} end as now_asserted,
      null::text as now_named, f.resource_id as now_from_id, t.resource_id as now_to_id
    from (${ordered}) o
    left join ${end('from')} f on f.value = o.key left join ${end('to')} t on t.value = o.linked_to
    cross join lateral (select ${isThere(links)} as now_there) l`
}

/** Relation (value, resource_id) of what orders call an end; null where several answer to it. */
function endsNamed(context: Known, { association, mapping }: FiledLinks, end: End, ordered: SQL): SQL {
  const key = { entityType: association[end], by: mapping[end].by }
  const found = lookupBeforeRun(context, key, sql`select o.${endName[end]} from (${ordered}) o`)
  return sql`(select v.value, case when count(distinct v.resource_id) = 1 then min(v.resource_id) end as resource_id
    from ${found} v group by v.value)`
}

function isThere({ known, association }: FiledLinks): SQL {
  const id = sql.literal(known.id)
  return sql`(exists (select from ${linksOf(association.name)} l where l.source_id = ${id} and l.from_id = f.resource_id and l.to_id = t.resource_id)
    or exists (select from ${orphanLinks} w where w.source_id = ${id} and w.association = ${sql.literal(association.name)}
      and w.from_value = o.key and w.to_value = o.linked_to))`
}

/** What the source links to the end that may have one link. */
function inItsPlace(context: Known, { known, association, mapping }: FiledLinks): SQL {
  const single = singleEnd(association)
  if (single === undefined) return sql`null::text`
  const other = single === 'from' ? 'to' : 'from'
  const alias = { from: sql`f`, to: sql`t` }[single]
  const called = ofTarget(context, { to: association[other] }, sql`l.${endId(other)}`, (type, row) =>
    lookupValue(context, type, mapping[other].by, row),
  )
  const id = sql.literal(known.id)
  return sql`coalesce((select min(${called}) from ${linksOf(association.name)} l
      where l.source_id = ${id} and l.${endId(single)} = ${alias}.resource_id),
    (select min(w.${waiting[other]}) from ${orphanLinks} w where w.source_id = ${id}
      and w.association = ${sql.literal(association.name)} and w.${waiting[single]} = o.${endName[single]}))`
}

/** Column of a waiting pair. */
const waiting = { from: sql`from_value`, to: sql`to_value` } as const satisfies Record<End, SQL>
