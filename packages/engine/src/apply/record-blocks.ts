/**
 * Lays the history of a run with many changes out in blocks, in the order in which they are shown: who looks through them later sorts
 * nothing. An index of the history would do the same, and cost every run several times as much.
 *
 * @module
 */
import { commas, more, run, type Session, type SQL, type Statement, sql, statement } from '@sluice/repository'
import { type ChangeSet, propertiesOf, sizeOf } from '../changes/change-set.ts'
import { comparedKey } from '../changes/history-order.ts'
import { manyRows } from '../context/work-tables.ts'
import type { Applying } from './apply-change-set.ts'

/** Changes in a block. */
const blockSize = 250

/** After all histories are written. */
export async function recordBlocks(
  { session, model, runId, runOfChange }: Applying,
  { entities, links }: Pick<ChangeSet, 'entities' | 'links'>,
): Promise<void> {
  const size = [...entities, ...links].reduce((sum, entry) => sum + sizeOf(entry), 0)
  // Edits that are applied together are few.
  if (size < manyRows || runOfChange !== undefined) return
  const lay = (session: Session, blocks: Blocks) => run(session, layOut(runId, blocks))
  for (const entry of entities.filter((one) => sizeOf(one) > 0))
    await lay(session, {
      kind: 'entity',
      type: entry.entityType,
      table: sql`sluice_history`,
      ofType: sql`h.entity_type`,
      key: comparedKey(sql`h.key`),
      id: sql`h.resource_id`,
      to: sql`0::bigint`,
      properties: propertiesOf(model, entry).map(({ name }) => name),
    })
  // Those of several sources may be of one association.
  for (const association of new Set(links.filter((one) => sizeOf(one) > 0).map((one) => one.association)))
    await lay(session, {
      kind: 'link',
      type: association,
      table: sql`sluice_link_history`,
      ofType: sql`h.association`,
      key: sql`''::text`,
      id: sql`h.from_id`,
      to: sql`h.to_id`,
      properties: (model.associations.get(association)?.properties ?? []).map(({ name }) => name),
    })
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

function layOut(runId: number, of: Blocks): Statement {
  const names = of.properties.map((name) => sql.value(name))
  const changes = names.map(
    (name, index) =>
      sql`coalesce(jsonb_exists(h.before, ${name}), false) or coalesce(jsonb_exists(h.after, ${name}), false) as ${changed(index)}`,
  )
  const counts = names.map((_, index) => sql`count(*) filter (where ${changed(index)})`)
  const number = sql`row_number() over (partition by r.operation order by r.key, r.id, r.to_id) - 1`
  return statement(
    `apply/record-blocks ${of.type}`,
    sql`insert into sluice_history_block (run_id, kind, type, operation, first_key, first_id, first_to, last_key, last_id, last_to, ids, properties)
    select ${sql.literal(runId)}, ${sql.literal(of.kind)}, ${sql.literal(of.type)}, b.operation, b.first_key, b.ids[1], b.tos[1],
      b.last_key, b.ids[cardinality(b.ids)], b.tos[cardinality(b.tos)], ${of.kind === 'entity' ? sql`b.ids` : sql`array(select distinct unnest(b.ids))`},
      coalesce((select jsonb_object_agg(p.name, p.changes) from unnest(array[${commas(names)}]::text[], b.counts) p(name, changes) where p.changes > 0), '{}')
    from (select n.operation, min(n.key) as first_key, max(n.key) as last_key, array_agg(n.id order by n.number) as ids,
        array_agg(n.to_id order by n.number) as tos, array[${commas(counts)}]::bigint[] as counts
      from (select r.*, ${number} as number
        from (select h.operation collate "C" as operation, ${of.key} collate "C" as key, ${of.id} as id, ${of.to} as to_id${more(changes)}
          from ${of.table} h where h.run_id = ${sql.literal(runId)} and ${of.ofType} = ${sql.literal(of.type)}) r) n
      group by n.operation, n.number / ${sql.literal(blockSize)}) b`,
  )
}

function changed(index: number): SQL {
  return sql.identifier(`changed_${index}`)
}
