/**
 * What a change set changes, as it will be shown for ever, and as the run can be taken back by: old and new values, before anything is
 * written.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import { anyOf, run, type SQL, type Statement, sql, statement, Table } from '@sluice/repository'
import { type EntityChangeEntry, type LinkChangeEntry, propertiesOf, sizeOf } from '../changes/change-set.ts'
import { type DisplayContext, valuesOfChange } from '../sql/display-values.ts'
import { exactValuesOfChange } from '../sql/exact-values.ts'
import { everKept, hasPrecision, type KeptDifference, keptDifference } from '../sql/history-precision.ts'
import { linksOf, resourcesOf } from '../sql/tables.ts'
import type { Applying } from './apply-change-set.ts'
import { byId, changesIn, runOf, sameLink, whereItLay } from './find-stored.ts'

export async function recordEntityHistory(
  applying: Applying,
  displays: DisplayContext,
  entry: EntityChangeEntry,
): Promise<void> {
  const { session } = applying
  const changes = changesIn(applying, entry)
  const runId = runOf(applying)
  const found = sql`c._operation = 'insert' or o.resource_id is not null`
  const { count } = await run(
    session,
    entityHistory(runId, displays, entry, { changes, stored: whereItLay, which: found }),
  )
  if (count === sizeOf(entry)) return
  const recorded = sql`select from sluice_history h where h.run_id = ${runId} and h.resource_id = c.resource_id`
  await run(
    session,
    entityHistory(runId, displays, entry, { changes, stored: byId, which: sql`not exists (${recorded})` }),
  )
}

function entityHistory(
  runId: SQL,
  displays: DisplayContext,
  entry: EntityChangeEntry,
  { changes, stored, which }: { readonly changes: SQL; readonly stored: SQL; readonly which: SQL },
): Statement {
  const { entityType, counts } = entry
  const properties = propertiesOf(displays.model, entry)
  const difference = hasPrecision(properties) ? keptDifference(runId) : undefined
  const values = valuesOfChange(displays, { properties, stored: sql`o`, counts }, difference)
  const exact = exactValuesOfChange(properties, sql`o`, counts, difference)
  const [column, value] = exact === undefined ? [sql.blank, sql.blank] : [sql`, exact`, sql`, ${exact}`]
  return statement(
    `apply/record-history ${entityType}`,
    sql`insert into sluice_history (run_id, entity_type, resource_id, operation, key, before, after, drift${column})
      select ${runId}, ${sql.literal(entityType)}, c.resource_id, c._operation, c._key, ${values}${value}
      from ${changes} c left join ${resourcesOf(entityType)} o on ${stored} where ${keptOf(properties, which, difference)}`,
  )
}

/** An update of which the history keeps nothing leaves no row in it. */
function keptOf(properties: readonly Property[], which: SQL, difference: KeptDifference | undefined): SQL {
  if (difference === undefined) return which
  const rows = { before: sql`o`, after: sql`c` }
  const kept = everKept(properties).map((property) => difference(property, rows))
  return sql`(${which}) and (c._operation <> 'update' or ${anyOf(kept)})`
}

export async function recordLinkHistory(
  { session, model, runId }: Applying,
  displays: DisplayContext,
  { association: name, table, counts }: LinkChangeEntry,
): Promise<void> {
  const association = model.associations.get(name)
  if (association === undefined) return
  const values = valuesOfChange(displays, { properties: association.properties, stored: sql`l`, counts })
  await run(
    session,
    statement(
      `apply/record-link-history ${name}`,
      sql`insert into sluice_link_history (run_id, association, operation, source_id, from_id, to_id, before, after, drift)
    select ${sql.literal(runId)}, ${sql.literal(name)}, c._operation, c.source_id, c.from_id, c.to_id, ${values}
    from ${new Table(table)} c left join ${linksOf(name)} l on ${sameLink}`,
    ),
  )
}
