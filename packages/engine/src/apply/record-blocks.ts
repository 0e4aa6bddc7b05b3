/**
 * Lays the history of a run with many changes out in blocks, in the order in which they are shown: who looks through them later sorts
 * nothing. An index of the history would do the same; it would cost every run, the small ones too, and a fifth of the room of the history.
 *
 * @module
 */
import type { ChangeCounts } from '@sluice/model'
import { commas, more, run, type SQL, type Statement, sql, statement } from '@sluice/repository'
import { type Operation, operations, operationsIn } from '../changes/change-filter.ts'
import { type ChangeSet, propertiesOf, sizeOf } from '../changes/change-set.ts'
import { comparedKey } from '../changes/history-order.ts'
import { manyRows } from '../context/work-tables.ts'
import type { Applying } from './apply-change-set.ts'

/** Changes in a block. */
const blockSize = 250

/** After all histories are written. */
export async function recordBlocks(
  { session, model, runId, together }: Applying,
  { entities, links }: Pick<ChangeSet, 'entities' | 'links'>,
): Promise<void> {
  const size = [...entities, ...links].reduce((sum, entry) => sum + sizeOf(entry), 0)
  // Edits that are applied together are few.
  if (size < manyRows || together !== undefined) return
  const lay = async (blocks: Blocks, counts: readonly ChangeCounts[]) => {
    for (const operation of operations)
      if (counts.some((one) => operationsIn(blocks.type, one, {}).includes(operation)))
        await run(session, layOut(runId, blocks, operation))
  }
  for (const entry of entities.filter((one) => sizeOf(one) > 0))
    await lay(
      {
        kind: 'entity',
        type: entry.entityType,
        table: sql`sluice_history`,
        ofType: sql`h.entity_type`,
        key: comparedKey(sql`h.key`),
        id: sql`h.resource_id`,
        to: sql`0::bigint`,
        properties: propertiesOf(model, entry).map(({ name }) => name),
      },
      [entry.counts],
    )
  // Those of several sources may be of one association.
  for (const association of new Set(links.filter((one) => sizeOf(one) > 0).map((one) => one.association)))
    await lay(
      {
        kind: 'link',
        type: association,
        table: sql`sluice_link_history`,
        ofType: sql`h.association`,
        key: sql`''::text`,
        id: sql`h.from_id`,
        to: sql`h.to_id`,
        properties: (model.associations.get(association)?.properties ?? []).map(({ name }) => name),
      },
      links.filter((one) => one.association === association).map(({ counts }) => counts),
    )
}

interface Blocks {
  readonly kind: 'entity' | 'link'
  readonly type: string
  /** History; its rows are `h`. */
  readonly table: SQL
  readonly ofType: SQL
  readonly key: SQL
  readonly id: SQL
  readonly to: SQL
  /** Names. */
  readonly properties: readonly string[]
}

/** An operation by itself: all of them together would be compared by their operation first, which is most often the same. */
function layOut(runId: number, of: Blocks, operation: Operation): Statement {
  const names = of.properties.map((name) => sql.value(name))
  const changes = names.map(
    (name, index) =>
      sql`coalesce(jsonb_exists(h.before, ${name}), false) or coalesce(jsonb_exists(h.after, ${name}), false) as ${changed(index)}`,
  )
  const counts = names.map((_, index) => sql`count(*) filter (where ${changed(index)})`)
  const size = sql.literal(blockSize)
  const isFirst = sql`n.number % ${size} = 0`
  const isLast = sql`(n.number % ${size} = ${sql.literal(blockSize - 1)} or n.next is null)`
  const order = of.kind === 'entity' ? sql`r.key, r.id` : sql`r.id, r.to_id`
  return statement(
    `apply/record-blocks ${of.type}`,
    sql`insert into sluice_history_block (run_id, kind, type, operation, first_key, first_id, first_to, last_key, last_id, last_to, ids, properties)
    select ${sql.literal(runId)}, ${sql.literal(of.kind)}, ${sql.literal(of.type)}, ${sql.literal(operation)}, b.first_key, b.first_id, b.first_to,
      b.last_key, b.last_id, b.last_to, ${of.kind === 'entity' ? sql`b.ids` : sql`array(select distinct unnest(b.ids))`},
      coalesce((select jsonb_object_agg(p.name, p.changes) from unnest(array[${commas(names)}]::text[], b.counts) p(name, changes) where p.changes > 0), '{}')
    from (select min(n.key) as first_key, min(n.id) filter (where ${isFirst}) as first_id, min(n.to_id) filter (where ${isFirst}) as first_to,
        max(n.key) as last_key, max(n.id) filter (where ${isLast}) as last_id, max(n.to_id) filter (where ${isLast}) as last_to,
        array_agg(n.id) as ids, array[${commas(counts)}]::bigint[] as counts
      from (select r.*, row_number() over w - 1 as number, lead(r.id) over w as next
        from (select ${of.key} collate "C" as key, ${of.id} as id, ${of.to} as to_id${more(changes)}
          from ${of.table} h where h.run_id = ${sql.literal(runId)} and ${of.ofType} = ${sql.literal(of.type)}
            and h.operation = ${sql.literal(operation)}) r
        window w as (order by ${order})) n
      group by n.number / ${size}) b`,
  )
}

function changed(index: number): SQL {
  return sql.identifier(`changed_${index}`)
}
