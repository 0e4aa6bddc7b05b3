/**
 * Reads the changes of an applied run from its history, as people look at them; what a first load inserted is counted, not listed.
 *
 * A run with many changes has them in blocks, of which those are looked through that a page may lie in; the changes of any other are sorted.
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
import { growingPages } from './change-pages.ts'
import {
  type EntityRow,
  type LinkRow,
  type PlacedChange,
  placedEntity,
  placedLink,
  type Read,
  type Sample,
} from './change-rows.ts'
import { type BlocksOf, findBlocks, growingBlocks, rowsOfBlocks, typesInBlocks } from './history-blocks.ts'
import { behindEntity, behindLink, entityOrder, type HistoryPlace, linkOrder } from './history-order.ts'

/** A run, read by whoever knows the model. */
export interface AppliedRun {
  readonly model: EntityModel
  readonly runId: number
  readonly inBlocks: boolean
}

/** So many of them, behind a place. */
export interface HistoryPage {
  readonly limit: number
  readonly behind?: HistoryPlace | undefined
  readonly until?: HistoryPlace | undefined
}

export async function* appliedChanges(
  read: Read,
  applied: AppliedRun,
  filter: ChangeFilter,
): AsyncGenerator<Change> {
  const associations = await read((session) => linkedAssociations(session, applied, filter))
  const readers = [
    (page: HistoryPage) => read((session) => historyPage(session, applied, filter, page)),
    ...associations.map(
      (association) => (page: HistoryPage) =>
        read((session) => linkHistoryPage(session, applied, { association, filter }, page)),
    ),
  ]
  for (const readPage of readers) {
    let behind: HistoryPlace | undefined
    for (const { limit } of growingPages()) {
      const changes = await readPage({ limit, behind })
      for (const { change } of changes) yield change
      const last = changes.at(-1)
      if (last === undefined || changes.length < limit) break
      behind = placeOf(last)
    }
  }
}

/** As `sampleChanges`, of an applied run. */
export async function sampleApplied(
  session: Session,
  applied: AppliedRun,
  of: Sample,
): Promise<readonly Change[]> {
  const changes: Change[] = []
  const page = { limit: of.sample }
  for (const { type, operation } of await kindsOf(session, applied)) {
    if (!isAsked(of, { type, operation })) continue
    const found = await historyPage(session, applied, { ...of, type, operation }, page)
    changes.push(...found.map(({ change }) => change))
  }
  for (const association of await linkedAssociations(session, applied, of)) {
    for (const operation of operations) {
      if (!isAsked(of, { type: association, operation })) continue
      const filter = { ...of, operation }
      const found = await linkHistoryPage(session, applied, { association, filter }, page)
      changes.push(...found.map(({ change }) => change))
    }
  }
  return changes
}

async function kindsOf(
  session: Session,
  { runId, inBlocks }: AppliedRun,
): Promise<readonly { type: string; operation: Operation }[]> {
  const id = sql.literal(runId)
  const kinds = inBlocks
    ? sql`select distinct type, operation from sluice_history_block where run_id = ${id} and kind = 'entity' order by type, operation`
    : sql`select distinct entity_type as type, operation from sluice_history where run_id = ${id} order by entity_type, operation`
  const read = statement<{ type: string; operation: Operation }>('changes/kinds-in-history', kinds)
  return (await run(session, read)).rows
}

export async function historyPage(
  session: Session,
  { model, ...applied }: AppliedRun,
  filter: ChangeFilter,
  page: HistoryPage,
): Promise<readonly PlacedChange[]> {
  const { runId } = applied
  const read = async (rest: HistoryPage, of?: SQL) =>
    (await run(session, entityHistory({ runId, among: amongHistory(filter), of }, rest))).rows.map((row) =>
      placedEntity(row.entity_type, row, model.entityTypes.get(row.entity_type)?.properties ?? []),
    )
  if (!applied.inBlocks) return await read(page)
  return await throughBlocks(session, { runId, kind: 'entity', filter }, page, read)
}

/** Values become texts only of the rows that are shown. `of`: SQL of the type, operation and id of those among which they are. */
function entityHistory(
  { runId, among, of }: { readonly runId: number; readonly among: SQL; readonly of: SQL | undefined },
  { limit, behind }: HistoryPage,
): Statement<EntityRow & { entity_type: string }> {
  const id = sql.literal(runId)
  const history = sql`sluice_history h`
  const from =
    of === undefined
      ? history
      : sql`${of} of join ${history} on h.resource_id = of.id and h.entity_type = of.type and h.operation = of.operation`
  const after = behind === undefined ? sql.true : behindEntity(behind)
  return statement(
    'changes/read-history',
    sql`select h.entity_type, h.operation, h.resource_id, h.key, h.before::text, h.after::text, h.drift from (
      select h.* from ${from} where h.run_id = ${id} and ${among} and ${after} order by ${entityOrder} limit ${sql.literal(limit)}) h
    order by ${entityOrder}`,
  )
}

type ReadRows = (page: HistoryPage, of: SQL) => Promise<readonly PlacedChange[]>

/** Looks through blocks until enough is found, or none is left. */
async function throughBlocks(
  session: Session,
  of: BlocksOf,
  { limit, behind }: HistoryPage,
  read: ReadRows,
): Promise<readonly PlacedChange[]> {
  const found: PlacedChange[] = []
  let place = behind
  for (const count of growingBlocks(limit)) {
    const blocks = await findBlocks(session, of, count, place)
    if (blocks === undefined) break
    // Links of one end may lie in several blocks.
    const rest = { limit: limit - found.length, behind: place, until: blocks.last }
    found.push(...(await read(rest, rowsOfBlocks(of, blocks))))
    if (found.length >= limit || blocks.count < count) break
    place = blocks.last
  }
  return found
}

export async function linkedAssociations(
  session: Session,
  { runId, inBlocks }: AppliedRun,
  { type }: ChangeFilter,
): Promise<readonly string[]> {
  const read = statement<{ association: string }>(
    'changes/associations-in-history',
    sql`select distinct association from sluice_link_history where run_id = ${sql.literal(runId)} order by association`,
  )
  const found = inBlocks
    ? await typesInBlocks(session, { runId, kind: 'link' })
    : (await run(session, read)).rows.map(({ association }) => association)
  return found.filter((association) => type === undefined || type === association)
}

export async function linkHistoryPage(
  session: Session,
  { model, ...applied }: AppliedRun,
  { association, filter }: { readonly association: string; readonly filter: ChangeFilter },
  page: HistoryPage,
): Promise<readonly PlacedChange[]> {
  const { runId } = applied
  const ends = endNames(model, association)
  const properties = model.associations.get(association)?.properties ?? []
  const among = amongLinkHistory([ends.from, ends.to], filter)
  const read = async (rest: HistoryPage, of?: SQL) =>
    (await run(session, linkHistory({ runId, association, ends, among, of }, rest))).rows.map((row) =>
      placedLink(association, row, properties),
    )
  if (!applied.inBlocks) return await read(page)
  const blocks: BlocksOf = { runId, kind: 'link', filter: { ...filter, type: association } }
  return await throughBlocks(session, blocks, page, read)
}

interface LinksOf {
  readonly runId: number
  readonly association: string
  readonly ends: Ends
  readonly among: SQL
  readonly of: SQL | undefined
}

function linkHistory(
  { runId, association, ends, among, of }: LinksOf,
  { limit, behind, until }: HistoryPage,
): Statement<LinkRow> {
  const history = sql`sluice_link_history h`
  const from =
    of === undefined
      ? history
      : sql`${of} of join ${history} on h.from_id = of.id and h.operation = of.operation`
  const after = behind === undefined ? sql.true : behindLink(behind)
  const before = until === undefined ? sql.true : sql`not ${behindLink(until)}`
  return statement<LinkRow>(
    'changes/read-link-history',
    sql`select h.operation, h.from_id, h.to_id, ${ends.from} as from_key, ${ends.to} as to_key, h.before::text, h.after::text, h.drift
     from (select h.* from ${from} where h.run_id = ${sql.literal(runId)} and h.association = ${sql.literal(association)}
       and ${among} and ${after} and ${before} order by ${linkOrder} limit ${sql.literal(limit)}) h
     order by ${linkOrder}`,
  )
}

/** Where a change stands in the history. */
export function placeOf({ change, place: [key, id] }: PlacedChange): HistoryPlace {
  return change.kind === 'entity'
    ? { type: change.entityType, operation: change.operation, key: key ?? '', id, to: '0' }
    : { type: change.association, operation: change.operation, key: '', id: key ?? '0', to: id }
}

interface Ends {
  readonly from: SQL
  readonly to: SQL
}

/** SQL of what the ends of a link in the history are called, or were when they were deleted. */
function endNames(model: EntityModel, name: string): Ends {
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
