/**
 * What a source asserts of links that were ordered of it, where columns of its open tables hold them.
 *
 * What a row says counts, and not what stands in the repository: a person's link takes the place of a source's, and a row that says
 * nothing leaves its links as they are.
 *
 * @module
 */
import { type Association, canName, groupBy, parseLinkSet } from '@sluice/model'
import {
  columnOfRow,
  type Display,
  run,
  type Session,
  type SQL,
  type Statement,
  sql,
  statement,
  unionAll,
} from '@sluice/repository'
import { entityTypeOf, familyNames } from '../context/run-context.ts'
import { type End, singleEnd } from '../sql/link-shape.ts'
import { byId, lookupBeforeRun } from '../sql/lookups.ts'
import { namesAs, resourcesNamedBy } from '../sql/named-by.ts'
import { resourcesOf } from '../sql/tables.ts'
import { displayedBy, displayOf, type Known } from './shown-values.ts'
import type { LinksSubject, OwnedLinkSet } from './subject.ts'
import { endName } from './what-files-assert.ts'
import { isSaid } from './what-rows-assert.ts'

/** `ordered`: query of orders. */
export async function whatLinkSetsAssert(
  session: Session,
  context: Known,
  links: LinksSubject,
  ordered: SQL,
): Promise<SQL> {
  const entries: Entry[] = []
  for (const owned of links.sets) {
    const { rows } = await run(session, textsOf(owned, ordered))
    entries.push(...rows.flatMap((row) => entriesOf(context, owned, row)))
  }
  const { association } = links
  const end = (which: End) => endsNamed(context, links, which, ordered)
  const ends = new Set(links.sets.map(({ set }) => set.mapping.end))
  // Each of them once, however many orders there are.
  return sql`with stated as materialized (${entriesAs(context, association, entries)}),
    named as materialized (
      select o.*, f.resource_id as now_from_id, t.resource_id as now_to_id from (${ordered}) o
      left join ${end('from')} f on f.value = o.key left join ${end('to')} t on t.value = o.linked_to),
    found as (
      select x.position, bool_or(x.is_meant) as is_there, min(x.shown) as shown
      from (${unionAll([...ends].map(entriesOfOrders))}) x group by x.position)
    select n.*, coalesce(l.is_there, false) as now_there, ${singleEnd(association) === undefined ? sql`null::text` : sql`case when not l.is_there then l.shown end`} as now_asserted,
      null::text as now_named
    from named n left join found l on l.position = n.position`
}

/** Query (position, is_meant, shown) of what the row at this end says beside each order that names it; `is_meant`: the link that was ordered. */
function entriesOfOrders(end: End): SQL {
  const other = otherEnd(end)
  const target = { from: sql`n.now_from_id`, to: sql`n.now_to_id` }[other]
  return sql`select n.position, coalesce(e.target = ${target} or e.raw = n.${endName[other]}, false) as is_meant, e.shown
    from named n join stated e on e.own = n.${endName[end]} and e.own_end = ${sql.literal(end)}`
}

interface TextRow {
  readonly own: string
  readonly text: string
}

/** What rows say of which something was ordered. */
function textsOf({ shape, set }: OwnedLinkSet, ordered: SQL): Statement<TextRow> {
  const text = columnOfRow(sql`v`, set.column)
  return statement(
    `orders/read-link-sets ${shape.mapping.name}`,
    sql`select v.primary_key as own, ${text} as text from ${shape.asserted} v left join ${shape.replicas} r on r.key = v.primary_key
    where v.primary_key in (select o.${endName[set.mapping.end]} from (${ordered}) o) and ${isSaid} and ${text} <> ''`,
  )
}

interface Entry {
  /** Key of the row, and the end at which its resource stands. */
  readonly own: string
  readonly own_end: End
  /** By what the target is named, and how it is called so. */
  readonly names: readonly string[]
  readonly by: readonly string[]
  /** Where it has one name: that. */
  readonly raw: string | null
  readonly text: string
}

/** None where the set has a fault: its row is told so, and asserts no links. */
function entriesOf({ model }: Known, { set }: OwnedLinkSet, { own, text }: TextRow): readonly Entry[] {
  const { end } = set.mapping
  const target = entityTypeOf(model, set.association[otherEnd(end)])
  const mayName = (name: string) =>
    name === byId || target.properties.some((one) => one.name === name && canName(one))
  const parsed = parseLinkSet(text, set.mapping)
  if ('fault' in parsed) return []
  return parsed.entries.flatMap(({ text, id, by }): readonly Entry[] => {
    const named = id === undefined ? by : [[byId, id] as const, ...by]
    if (!named.every(([name]) => mayName(name))) return []
    const [first, ...others] = named
    const raw = others.length === 0 ? (first?.[1] ?? null) : null
    const names = named.map(([name]) => name)
    return [{ own, own_end: end, names, by: named.map(([, value]) => value), raw, text }]
  })
}

/** Query (own, own_end, target, raw, shown) of entries: `shown` is what people call the target. */
function entriesAs(context: Known, association: Association, entries: readonly Entry[]): SQL {
  const kinds = groupBy(entries, ({ own_end, names }) => JSON.stringify([own_end, names]))
  const parts = [...kinds.values()].flatMap(([first, ...others]): readonly SQL[] => {
    if (first === undefined) return []
    const entityType = association[otherEnd(first.own_end)]
    const document = sql`jsonb_to_recordset(${sql.value(JSON.stringify([first, ...others]))}::jsonb)
      e(own text, own_end text, names text[], by text[], raw text, text text)`
    const among = sql`select e.by from ${document}`
    const found = resourcesNamedBy(context.model, { entityType, names: first.names, among })
    const target = sql`case when x.count = 1 then x.resource_id end`
    return [
      sql`select e.own, e.own_end, ${target} as target, e.raw, coalesce(${displayOf(context, { to: entityType }, target)}, e.raw, e.text) as shown
        from ${document} left join ${found} x on x.by = e.by and e.names = ${namesAs(first.names)}`,
    ]
  })
  return parts.length === 0 ? nothing : unionAll(parts)
}

const nothing = sql`select null::text as own, null::text as own_end, null::bigint as target, null::text as raw, null::text as shown where false`

/** Relation (value, resource_id) of what orders call an end: the key of a row whose resource stands there, what the resource is called, `#1001`. */
function endsNamed(context: Known, { association, sets }: LinksSubject, end: End, ordered: SQL): SQL {
  const names = sql`select o.${endName[end]} as name from (${ordered}) o`
  const keys = sets
    .filter(({ set }) => set.mapping.end === end)
    .map(
      ({ shape }) =>
        sql`select 1 as rank, r.key as value, r.resource_id from ${shape.replicas} r where r.key in (${names})`,
    )
  const display = displayedBy(context, association[end])
  const called =
    display === undefined
      ? []
      : [
          sql`select 2 as rank, d.value, d.resource_id from ${calledSo(context, association[end], { display, names })} d`,
        ]
  const ids = sql`select 3 as rank, n.name as value, substr(n.name, 2)::bigint as resource_id from (${names}) n where n.name ~ '^#[0-9]{1,18}$'`
  return sql`(select distinct on (a.value) a.value, a.resource_id from (
      select c.rank, c.value, case when count(distinct c.resource_id) = 1 then min(c.resource_id) end as resource_id
      from (${unionAll([...keys, ...called, ids])}) c group by c.rank, c.value) a
    where a.resource_id is not null order by a.value, a.rank)`
}

/** Relation (value, resource_id): what is called by one of the names. */
function calledSo(
  context: Known,
  entityType: string,
  { display, names }: { readonly display: Display; readonly names: SQL },
): SQL {
  const { property, named } = display
  if (property !== undefined) return lookupBeforeRun(context, { entityType, by: property.name }, names)
  const value = named(sql`t`)
  const parts = familyNames(context.model, entityType).map(
    (name) =>
      sql`select ${value} as value, t.resource_id from ${resourcesOf(name)} t where ${value} in (${names})`,
  )
  return parts.length === 0
    ? sql`(select null::text as value, null::bigint as resource_id where false)`
    : sql`(${unionAll(parts)})`
}

function otherEnd(end: End): End {
  return end === 'from' ? 'to' : 'from'
}
