/**
 * The contents of files that a change set replaces or removes, kept so that the run can be taken back: each content once.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import { columnOf, columnOfRow, run, type Statement, sql, statement } from '@sluice/repository'
import { type EntityChangeEntry, propertiesOf } from '../changes/change-set.ts'
import { hasPrecision, keptDifference } from '../sql/history-precision.ts'
import { resourcesOf } from '../sql/tables.ts'
import type { Applying } from './apply-change-set.ts'
import { byId, changesIn, runOf } from './find-stored.ts'

/** Before anything is written. */
export async function keepFiles(applying: Applying, entry: EntityChangeEntry): Promise<void> {
  const { session, model } = applying
  if (entry.counts.updated + entry.counts.deleted === 0) return
  for (const property of propertiesOf(model, entry))
    if (property.type === 'file') await run(session, keepContents(applying, entry, property))
}

function keepContents(applying: Applying, entry: EntityChangeEntry, property: Property): Statement {
  const { entityType } = entry
  const runId = runOf(applying)
  const column = columnOf(property)
  const rows = { before: sql`o`, after: sql`c` }
  const kept = hasPrecision([property]) ? sql` and ${keptDifference(runId)(property, rows)}` : sql.blank
  const former = columnOfRow(sql`o`, column)
  return statement(
    `apply/keep-files ${entityType}`,
    sql`insert into sluice_kept_file (sha256, content)
      select distinct on (sha256(${former})) sha256(${former}), ${former}
      from ${changesIn(applying, entry)} c join ${resourcesOf(entityType)} o on ${byId}
      where ${former} is not null and (c._operation = 'delete'
        or (c._operation = 'update' and ${former} is distinct from ${columnOfRow(sql`c`, column)}${kept}))
      on conflict do nothing`,
  )
}
