/**
 * Links of resources that are merged are links of the ones they became.
 *
 * Links that a source's rows name by values of both ends are looked up again like all whose ends are renamed; these are the others: people's, and
 * those of sets of links.
 *
 * @module
 */
import type { Association } from '@sluice/model'
import {
  columnOfRow,
  commas,
  more,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import type { LinkChangeTable } from '../changes/finish-change-set.ts'
import type { RunContext } from '../context/run-context.ts'
import { filledAssociations } from '../resolve/links/filled-association.ts'
import { endId, singleEnd } from '../sql/link-shape.ts'
import { columnNames, linkColumns, linksOf } from '../sql/tables.ts'
import { type Merged, pairsIn } from './move-references.ts'

export async function moveLinks(context: RunContext, merged: Merged): Promise<readonly LinkChangeTable[]> {
  const { session, workTables } = context
  const moved: LinkChangeTable[] = []
  for (const association of context.model.associations.values()) {
    const moves = movesOf(context, association, merged)
    if (moves === undefined) continue
    const all = await workTables.fill(
      workTables.named('affected_pairs', `merged_${association.name}`),
      statement(`merge/move-links ${association.name}`, moves),
    )
    const { rows } = all.count === 0 ? { rows: [] } : await run(session, sourcesIn(association, all.table))
    for (const source of new Set(rows.map(({ source_id }) => nameOf(context, source_id)))) {
      const ids = rows.map(({ source_id }) => source_id).filter((id) => nameOf(context, id) === source)
      const of = statement(
        `merge/moved-links ${association.name}`,
        sql`select * from ${all.table} c where c.source_id in (${commas(ids.map((id) => sql.literal(id)))})`,
      )
      const named = workTables.named('link_changes', `${source ?? 'people'}_${association.name}`)
      const { table } = await workTables.fill(named, of)
      moved.push({ source, association: association.name, table })
    }
    await workTables.drop([all.table])
  }
  return moved
}

function sourcesIn({ name }: Association, moves: Table): Statement<{ source_id: number }> {
  return statement(
    `merge/sources-of-links ${name}`,
    sql`select distinct source_id::int as source_id from ${moves} order by 1`,
  )
}

/** `null`: people's, and what is left of sources that are configured no more. */
function nameOf({ sources }: RunContext, id: number): string | null {
  return [...sources.values()].find((known) => known.id === id)?.source.name ?? null
}

/** Query of link changes: every link of an end that is merged goes, and comes as one of what it became, unless that has it already. */
function movesOf(context: RunContext, association: Association, merged: Merged): SQL | undefined {
  const from = pairsIn(context, merged, association.from)
  const to = pairsIn(context, merged, association.to)
  if (from === undefined && to === undefined) return undefined
  const none = sql`(select null::bigint as merged_id, null::bigint as kept_id where false)`
  const links = linksOf(association.name)
  const lookedUp = filledAssociations(context)
    .filter((filled) => filled.association.name === association.name)
    .map(({ sourceId }) => sql.literal(sourceId))
  const others = lookedUp.length === 0 ? sql.blank : sql` and l.source_id not in (${commas(lookedUp)})`
  const columns = columnNames(association).map((name) => columnOfRow(sql`l`, name))
  const moving = sql`select l.source_id, l.from_id, l.to_id, coalesce(f.kept_id, l.from_id) as new_from, coalesce(t.kept_id, l.to_id) as new_to${more(columns)}
    from ${links} l left join ${from ?? none} f on f.merged_id = l.from_id left join ${to ?? none} t on t.merged_id = l.to_id
    where (f.kept_id is not null or t.kept_id is not null)${others}`
  const values = linkColumns(association).map((column) => sql`x.${column}`)
  return sql`with moving as materialized (${moving})
    select 'delete'::text as _operation, null::boolean as _drift, x.source_id, x.from_id, x.to_id${more(values)} from moving x
    union all
    select 'insert', null::boolean, x.source_id, x.new_from, x.new_to${more(values)} from (${arriving(association)}) x`
}

/** Of `moving`, what is not there already; a link between two that become one is none any more. */
function arriving(association: Association): SQL {
  const links = linksOf(association.name)
  const single = singleEnd(association)
  const end = single === undefined ? undefined : sql.identifier(`new_${single}`)
  const alone =
    single === undefined || end === undefined
      ? sql.blank
      : sql` and not exists (select from ${links} y where y.${endId(single)} = x.${end}
          and not exists (select from moving z where z.source_id = y.source_id and z.from_id = y.from_id and z.to_id = y.to_id))`
  const each = end === undefined ? sql`x.source_id, x.new_from, x.new_to` : sql`x.${end}`
  return sql`select distinct on (${each}) x.* from moving x
    where (x.new_from <> x.new_to or x.from_id = x.to_id)
      and not exists (select from ${links} y where y.source_id = x.source_id and y.from_id = x.new_from and y.to_id = x.new_to)${alone}
    order by ${each}, x.source_id, x.from_id, x.to_id`
}
