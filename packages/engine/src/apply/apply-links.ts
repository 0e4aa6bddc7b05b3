/**
 * The change set of an association's links, written.
 *
 * @module
 */
import { columnOfRow, more, run, type Statement, sql, statement, Table } from '@sluice/repository'
import type { LinkChangeEntry } from '../changes/change-set.ts'
import { columnNames, linksOf } from '../sql/tables.ts'
import type { Applying } from './apply-change-set.ts'
import { sameLink } from './find-stored.ts'
import { measureGrown } from './measure-grown.ts'

export async function applyLinkChanges(
  { session, model, runId }: Applying,
  entry: LinkChangeEntry,
): Promise<void> {
  const association = model.associations.get(entry.association)
  if (association === undefined) return
  const names = columnNames(association)
  const { counts } = entry
  if (counts.deleted > 0) await run(session, deleteLinks(entry))
  if (counts.updated > 0) await run(session, updateLinks(runId, entry, names))
  if (counts.inserted === 0) return
  await run(session, insertLinks(runId, entry, names))
  await measureGrown(session, {
    table: linksOf(entry.association),
    count: counts.inserted,
    columns: ['source_id', 'from_id', 'to_id'],
  })
}

function deleteLinks({ association, table }: LinkChangeEntry): Statement {
  return statement(
    `apply/delete-links ${association}`,
    sql`delete from ${linksOf(association)} l using ${new Table(table)} c where c._operation = 'delete' and ${sameLink}`,
  )
}

function updateLinks(
  runId: number,
  { association, table }: LinkChangeEntry,
  names: readonly string[],
): Statement {
  const sets = names.map((name) => sql`${sql.identifier(name)} = ${columnOfRow(sql`c`, name)}`)
  return statement(
    `apply/update-links ${association}`,
    sql`update ${linksOf(association)} l set ${sql.join([...sets, sql`_changed_run = ${sql.literal(runId)}`], ', ')}
      from ${new Table(table)} c where c._operation = 'update' and ${sameLink}`,
  )
}

function insertLinks(
  runId: number,
  { association, table }: LinkChangeEntry,
  names: readonly string[],
): Statement {
  return statement(
    `apply/insert-links ${association}`,
    sql`insert into ${linksOf(association)} (source_id, from_id, to_id, _created_run${more(names.map((name) => sql.identifier(name)))})
    select c.source_id, c.from_id, c.to_id, ${sql.literal(runId)}${more(names.map((name) => columnOfRow(sql`c`, name)))}
    from ${new Table(table)} c where c._operation = 'insert'`,
  )
}
