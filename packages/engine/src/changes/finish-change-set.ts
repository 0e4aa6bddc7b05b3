/**
 * Closes the tables of a change set: everything is counted, rows in which nothing differs and orphans of deleted resources go.
 *
 * @module
 */
import type { ChangeCounts } from '@sluice/model'
import { run, type SQL, type Statement, sql, statement, type Table, unionAll } from '@sluice/repository'
import type { RunContext } from '../context/run-context.ts'
import { analyze, manyRows } from '../context/work-tables.ts'
import { orphanReferences } from '../sql/tables.ts'
import type { EntityChangeEntry, LinkChangeEntry } from './change-set.ts'
import { type ChangeOperation, type EntityChanges, indexChanges } from './entity-changes.ts'
import { changeOrphanReferences } from './orphan-changes.ts'

/** The link changes of one source, or of people, and association. */
export interface LinkChangeTable {
  readonly source: string | null
  readonly association: string
  readonly table: Table
}

export async function finishChanges(
  context: RunContext,
  { tables }: EntityChanges,
  links: readonly LinkChangeTable[],
): Promise<{ readonly entities: EntityChangeEntry[]; readonly links: LinkChangeEntry[] }> {
  const all = [...tables.values(), ...links.map(({ table }) => table)]
  const counted = await countOperations(context, all)
  const entities: EntityChangeEntry[] = []
  for (const [entityType, table] of tables) {
    const counts = await close(context, table, counted(table))
    if (counts.deleted > 0) await run(context.session, forgetOrphans(context.runId, entityType, table))
    // Histories and plans ask one by one what arriving resources are called.
    if (counts.inserted > 0) await run(context.session, indexChanges(table))
    entities.push({ entityType, table: table.name, counts })
  }
  const closed: LinkChangeEntry[] = []
  for (const { source, association, table } of links) {
    const counts = await close(context, table, counted(table))
    closed.push({ source, association, table: table.name, counts })
  }
  return { entities, links: closed }
}

type Counts = (operation: ChangeOperation) => number

async function countOperations(
  { session }: RunContext,
  tables: readonly Table[],
): Promise<(table: Table) => Counts> {
  const rows = tables.length === 0 ? [] : (await run(session, operationsOf(tables))).rows
  return ({ name }) =>
    (operation) =>
      Number(rows.find((row) => row.name === name && row.operation === operation)?.count ?? 0)
}

function operationsOf(
  tables: readonly Table[],
): Statement<{ name: string; operation: string; count: string }> {
  const each = tables.map(
    (table): SQL =>
      sql`select ${sql.literal(table.name)} as name, _operation as operation, count(*) as count from ${table} group by _operation`,
  )
  return statement('changes/count', unionAll(each))
}

/** Rows in which nothing differs were needed until here: they named what the source owns. */
async function close({ session }: RunContext, table: Table, of: Counts): Promise<ChangeCounts> {
  const counts = { inserted: of('insert'), updated: of('update'), deleted: of('delete') }
  const rows = counts.inserted + counts.updated + counts.deleted + of('same')
  if (rows >= manyRows) await run(session, analyze(table))
  if (of('same') > 0) await run(session, dropSame(table))
  return counts
}

function dropSame(table: Table): Statement {
  return statement('changes/drop-same', sql`delete from ${table} where _operation = 'same'`)
}

function forgetOrphans(runId: number, entityType: string, changes: Table): Statement {
  return changeOrphanReferences(
    `changes/forget-orphans ${entityType}`,
    runId,
    sql`select 'delete', w.source_id, w.entity_type, w.resource_id, w.property, w.value
    from ${orphanReferences} w join ${changes} c on c.resource_id = w.resource_id where c._operation = 'delete'`,
  )
}
