/**
 * Reads the changes of an applied run from its history, as people look at them; what a first load inserted is counted, not listed.
 *
 * @module
 */
import type { Change, EntityModel } from '@sluice/model'
import { run, type Session, type SQL, type Statement, sql, statement } from '@sluice/repository'
import { displayName } from '../sql/display-values.ts'
import {
  amongHistory,
  amongLinkHistory,
  type ChangeFilter,
  isAsked,
  type Operation,
  operations,
} from './change-filter.ts'
import { behindOf, type ChangePage, growingPages, slice } from './change-pages.ts'
import {
  type EntityRow,
  type LinkRow,
  type PlacedChange,
  placedEntity,
  placedLink,
  type Read,
  type Sample,
} from './change-rows.ts'

export async function* appliedChanges(
  read: Read,
  model: EntityModel,
  runId: number,
  filter: ChangeFilter,
): AsyncGenerator<Change> {
  const among = amongHistory(filter)
  for (const page of growingPages()) {
    const changes = await read((session) => historyPage(session, model, { runId, among }, page))
    for (const { change } of changes) yield change
    if (changes.length < page.limit) break
  }
  for (const association of await read((session) => linkedAssociations(session, runId, filter))) {
    const of = { runId, association, filter }
    for (const page of growingPages()) {
      const changes = await read((session) => linkHistoryPage(session, model, of, page))
      for (const { change } of changes) yield change
      if (changes.length < page.limit) break
    }
  }
}

/** As `sampleChanges`, of an applied run. */
export async function sampleApplied(
  session: Session,
  model: EntityModel,
  runId: number,
  of: Sample,
): Promise<readonly Change[]> {
  const changes: Change[] = []
  const page = { limit: of.sample, offset: 0 }
  const { rows: kinds } = await run(session, kindsOf(runId))
  for (const { type, operation } of kinds) {
    if (!isAsked(of, { type, operation })) continue
    const among = amongHistory({ ...of, type, operation })
    changes.push(...(await historyPage(session, model, { runId, among }, page)).map(({ change }) => change))
  }
  for (const association of await linkedAssociations(session, runId, of)) {
    for (const operation of operations) {
      if (!isAsked(of, { type: association, operation })) continue
      const filter = { ...of, operation }
      const found = await linkHistoryPage(session, model, { runId, association, filter }, page)
      changes.push(...found.map(({ change }) => change))
    }
  }
  return changes
}

function kindsOf(runId: number): Statement<{ type: string; operation: Operation }> {
  return statement(
    'changes/kinds-in-history',
    sql`select distinct entity_type as type, operation from sluice_history
    where run_id = ${sql.literal(runId)} order by entity_type, operation`,
  )
}

/** Of resources: a key that is not known comes before all others. By bytes, because a hundred thousand are compared for a page. */
export const historyOrder = sql`h.entity_type, h.operation collate "C", coalesce(h.key, ''), h.resource_id`

export async function historyPage(
  session: Session,
  model: EntityModel,
  { runId, among }: { readonly runId: number; readonly among: SQL },
  page: ChangePage,
): Promise<readonly PlacedChange[]> {
  const read = statement<EntityRow & { entity_type: string }>(
    'changes/read-history',
    sql`select h.entity_type, h.operation, h.resource_id, h.key, h.before::text, h.after::text, h.drift from sluice_history h
     where h.run_id = ${sql.literal(runId)} and ${among} and ${behindOf(page)} order by ${historyOrder} ${slice(page)}`,
  )
  const { rows } = await run(session, read)
  return rows.map((row) =>
    placedEntity(row.entity_type, row, model.entityTypes.get(row.entity_type)?.properties ?? []),
  )
}

export async function linkedAssociations(
  session: Session,
  runId: number,
  { type }: ChangeFilter,
): Promise<readonly string[]> {
  const read = statement<{ association: string }>(
    'changes/associations-in-history',
    sql`select distinct association from sluice_link_history where run_id = ${sql.literal(runId)} order by association`,
  )
  const { rows } = await run(session, read)
  return rows.flatMap(({ association }) => (type === undefined || type === association ? [association] : []))
}

export async function linkHistoryPage(
  session: Session,
  model: EntityModel,
  {
    runId,
    association,
    filter,
  }: { readonly runId: number; readonly association: string; readonly filter: ChangeFilter },
  page: ChangePage,
): Promise<readonly PlacedChange[]> {
  const ends = endNames(model, association)
  const properties = model.associations.get(association)?.properties ?? []
  const read = statement<LinkRow>(
    'changes/read-link-history',
    sql`select h.operation, h.from_id, h.to_id, ${ends.from} as from_key, ${ends.to} as to_key, h.before::text, h.after::text, h.drift
     from (select h.* from sluice_link_history h where h.run_id = ${sql.literal(runId)} and h.association = ${sql.literal(association)}
       and ${amongLinkHistory([ends.from, ends.to], filter)} and ${behindOf(page)} order by h.operation, h.from_id, h.to_id ${slice(page)}) h
     order by h.operation, h.from_id, h.to_id`,
  )
  const { rows } = await run(session, read)
  return rows.map((row) => placedLink(association, row, properties))
}

/** SQL of what the ends of a link in the history are called, or were when they were deleted. */
function endNames(model: EntityModel, name: string): { readonly from: SQL; readonly to: SQL } {
  const association = model.associations.get(name)
  if (association === undefined) return { from: sql`h.from_id::text`, to: sql`h.to_id::text` }
  const displays = { model, changes: [] }
  const gone = (id: SQL) =>
    sql`(select past.key from sluice_history past where past.resource_id = ${id} order by past.run_id desc limit 1)`
  return {
    from: displayName(displays, association.from, sql`h.from_id`, [gone(sql`h.from_id`)]),
    to: displayName(displays, association.to, sql`h.to_id`, [gone(sql`h.to_id`)]),
  }
}
