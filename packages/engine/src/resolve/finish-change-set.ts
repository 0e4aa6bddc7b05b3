/**
 * Closes a change set: rows in which nothing differs and orphans of deleted resources go, and everything is counted.
 *
 * @module
 */
import type { ChangeCounts } from '@sluice/model'
import type { ChangeSet } from '../terms/change-set.ts'
import { type ChangeTables, indexEntityChanges } from '../terms/change-tables.ts'
import { changeOrphanReferences } from '../terms/orphan-changes.ts'
import type { Work } from '../terms/work.ts'
import { analyzeTable, manyRows } from '../terms/work-tables.ts'

export async function finishChangeSet(
  work: Work,
  tables: ChangeTables,
  endsChain: boolean,
): Promise<ChangeSet> {
  const entities: ChangeSet['entities'] = []
  for (const [entityType, table] of tables.entities) {
    const counts = await countChanges(work, table)
    if (counts.deleted > 0) await forgetOrphans(work, table)
    // Histories and plans ask one by one what arriving resources are called.
    if (counts.inserted > 0) await indexEntityChanges(work, tables, table)
    entities.push({ entityType, table, counts })
  }
  const links: ChangeSet['links'] = []
  for (const { source, association, table } of tables.links.values()) {
    links.push({ source, association, table, counts: await countChanges(work, table) })
  }
  return {
    prefix: work.prefix,
    entities,
    replicas: [...tables.replicas].map(([entityType, rows]) => ({
      source: work.source.name,
      entityType,
      rows,
    })),
    links,
    endsChain,
  }
}

async function forgetOrphans(work: Work, change: string): Promise<void> {
  await changeOrphanReferences(
    work,
    `select 'delete', s.source_id, s.entity_type, s.resource_id, s.property, s.value
    from sluice_orphan_reference s join ${change} c on c.resource_id = s.resource_id where c._operation = 'delete'`,
  )
}

/** Until here rows in which nothing differs told who is held by the source. */
async function countChanges(work: Work, table: string): Promise<ChangeCounts> {
  const { rows } = await work.session.query<{ operation: string; count: string }>(
    `select _operation as operation, count(*) as count from ${table} group by _operation`,
  )
  const all = rows.reduce((sum, { count }) => sum + Number(count), 0)
  if (all >= manyRows) await analyzeTable(work.session, table, all, '_operation')
  const of = (operation: string) => Number(rows.find((row) => row.operation === operation)?.count ?? 0)
  if (of('same') > 0) await work.session.execute(`delete from ${table} where _operation = 'same'`)
  return { inserted: of('insert'), updated: of('update'), deleted: of('delete') }
}
