/**
 * The change set of an entity type, written.
 *
 * @module
 */
import { columnOfRow, more, run, type SQL, type Statement, sql, statement } from '@sluice/repository'
import { type EntityChangeEntry, propertiesOf } from '../changes/change-set.ts'
import { isKnown } from '../sql/row-version.ts'
import { columnNames, resourcesOf } from '../sql/tables.ts'
import type { Applying } from './apply-change-set.ts'
import { byId, changesIn, runOf, whereItLay } from './find-stored.ts'
import { measureGrown } from './measure-grown.ts'

export async function applyEntityChanges(applying: Applying, entry: EntityChangeEntry): Promise<void> {
  const { session, model } = applying
  const names = columnNames({ properties: propertiesOf(model, entry) })
  const { counts } = entry
  if (counts.deleted > 0) {
    const { count } = await run(session, deleteResources(applying, entry, whereItLay))
    if (count < counts.deleted) await run(session, deleteResources(applying, entry, byId))
  }
  if (counts.updated > 0) await updateAll(applying, entry, names)
  if (counts.inserted === 0) return
  await run(session, insertResources(applying, entry, names))
  await measureGrown(session, { table: resourcesOf(entry.entityType), count: counts.inserted })
}

function deleteResources(applying: Applying, entry: EntityChangeEntry, stored: SQL): Statement {
  const { entityType } = entry
  return statement(
    `apply/delete ${entityType}`,
    sql`delete from ${resourcesOf(entityType)} o using ${changesIn(applying, entry)} c where c._operation = 'delete' and ${stored}`,
  )
}

/**
 * A row that somebody else wrote may be written for another reason: a reference of it finds its target. It has to
 * stay recognisable, or no complete would ever compare it, so it is written in a subtransaction: PostgreSQL marks its
 * version with that one's number, which is not remembered as ours.
 */
async function updateAll(
  applying: Applying,
  entry: EntityChangeEntry,
  names: readonly string[],
): Promise<void> {
  const { session } = applying
  const known = isKnown(sql`c._base_version`, entry.entityType)
  for (const stored of [whereItLay, byId]) {
    const { count: ours } = await run(
      session,
      updateResources(applying, entry, names, sql`${stored} and ${known}`),
    )
    if (ours === entry.counts.updated) return
    await session.execute('savepoint external')
    const others = sql`${stored} and (${known}) is not true`
    const { count: external } = await run(session, updateResources(applying, entry, names, others))
    await session.execute('release savepoint external')
    if (ours + external === entry.counts.updated) return
  }
}

function updateResources(
  applying: Applying,
  entry: EntityChangeEntry,
  names: readonly string[],
  stored: SQL,
): Statement {
  const { entityType } = entry
  const sets = names.map((name) => sql`${sql.identifier(name)} = ${columnOfRow(sql`c`, name)}`)
  return statement(
    `apply/update ${entityType}`,
    sql`update ${resourcesOf(entityType)} o set ${sql.join([...sets, sql`_changed_run = ${runOf(applying)}`], ', ')}
      from ${changesIn(applying, entry)} c where c._operation = 'update' and ${stored}`,
  )
}

function insertResources(applying: Applying, entry: EntityChangeEntry, names: readonly string[]): Statement {
  const { entityType } = entry
  return statement(
    `apply/insert ${entityType}`,
    sql`insert into ${resourcesOf(entityType)} (resource_id, _created_run${more(names.map((name) => sql.identifier(name)))})
      select c.resource_id, ${runOf(applying)}${more(names.map((name) => columnOfRow(sql`c`, name)))}
      from ${changesIn(applying, entry)} c where c._operation = 'insert'`,
  )
}
