/**
 * Finds the replicas that have disappeared, and what becomes of their resources: design.md section 6, disappearance.
 *
 * @module
 */
import {
  anyOf,
  columnOf,
  columnOfRow,
  columnsOf,
  isA,
  one,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  typeOf,
  unionAll,
} from '@sluice/repository'
import { analyzeTable } from '../context/work-tables.ts'
import type { SharedProperty, SharedShape } from '../sql/shared-shape.ts'
import { resourcesOf } from '../sql/tables.ts'
import { isWanted } from './actions.ts'
import type { KnownReplicas } from './known-replicas.ts'
import { isMissing } from './last-seen.ts'
import { hasQueue, isUnlinking } from './queue.ts'
import type { SharedPart } from './shared-part.ts'

export interface Missing {
  /**
   * key, resource_id, status, creator, revision; action: `delete` (the resource), `release` (the row goes, the resource stays), `pass_on` (a new row
   * takes the resource over: `keep-rekeyed.ts`), `mark`
   * (the update is written), `refuse` (it would be deleted, and something requires it), `unattached`, `gone`, `locked` (of a `mark`); or `unlink`, `detach`,
   * `renew`: the row is there, and leaves its resource: a decision was taken back, somebody has unlinked it, or it shall look anew.
   */
  readonly table: Table
  readonly count: number
  /** Attached replicas that are not obsolete; and those of them that have disappeared now. */
  readonly attached: number
  readonly disappeared: number
}

export async function findMissing(part: SharedPart, known: KnownReplicas): Promise<Missing> {
  const { session, workTables, shape } = part
  const { action } = shape.federation.deletePolicy
  const { attached } = known
  const table = workTables.named('missing', shape.mapping.name)
  const { count } = await workTables.fill(table, missingRows(part, known))
  await analyzeTable(session, table, count, 'resource_id')
  if (count === 0) return { table, count, attached, disappeared: 0 }
  const { disappeared } = await one(session, countDisappeared(part, table))
  if (action !== 'update') await refuseRequired(part, table)
  return { table, count, attached, disappeared }
}

/** Those that were marked or refused before do not disappear again. */
function countDisappeared({ shape }: SharedPart, table: Table): Statement<{ disappeared: number }> {
  return statement(
    `replicas/count-disappeared ${shape.mapping.name}`,
    sql`select count(*)::int as disappeared from ${table} g where g.resource_id is not null and g.status <> 'obsolete' and g.action not in ('unlink', 'detach', 'renew')`,
  )
}

function missingRows(part: SharedPart, { total, seen }: KnownReplicas): Statement {
  const { shape } = part
  const { action } = shape.federation.deletePolicy
  const { gone, over } = disappearing(part)
  const marks = sql`case when r.resource_id is null then 'unattached' when o.resource_id is null then 'gone'
    when ${isLockedByOthers(part)} then 'locked' else 'mark' end`
  const mayGo = part.leaving === 'sparing' ? sql.false : sql`r.creator`
  const deletes = sql`case when ${mayGo} and o.resource_id is not null and not ${isHeld(part)} then 'delete' else 'release' end`
  const rows = {
    ignore: [],
    delete: [[deletes, sql`(${gone} or ${over})`]],
    update: [[marks, gone]],
    update_then_delete: [
      [marks, gone],
      [deletes, over],
    ],
  } as const
  const queued = hasQueue(shape) && part.ageing !== true
  const spared = part.decided === true || part.acted === true || total === seen
  const leaving = spared ? [] : rows[action]
  const parts = [
    ...leaving,
    ...(queued ? [[sql`'unlink'`, sql`r.resource_id is not null and ${isUnlinking(part)}`] as const] : []),
    ...(part.acted === true ? wantedToLeave(part) : []),
  ].map(
    ([
      what,
      which,
    ]) => sql`select r.key, r.resource_id, r.status, r.creator, r.revision, r.seq, ${what} as action
      from ${shape.replicas} r left join ${shape.resources} o on o.resource_id = r.resource_id where ${which}`,
  )
  const none = sql`select r.key, r.resource_id, r.status, r.creator, r.revision, r.seq, 'release' as action from ${shape.replicas} r where false`
  return statement(`replicas/find-missing ${shape.mapping.name}`, parts.length === 0 ? none : unionAll(parts))
}

/** Conditions on the replica `r`: it has disappeared now; it was marked, or could not be deleted, and its time is over. */
export function disappearing(part: SharedPart): { readonly gone: SQL; readonly over: SQL } {
  const { action, retention } = part.shape.federation.deletePolicy
  const stands = sql`r.status in ('new', 'synchronized', 'modified', 'orphan')`
  const longer = action === 'update_then_delete' ? retention : 0
  return {
    gone: sql`${stands} and ${isMissing(part)}`,
    over: sql`r.status = 'obsolete' and ${isMissing(part, longer)}`,
  }
}

/** (action, condition): what people want to leave its resource, or to go. */
function wantedToLeave(part: SharedPart): readonly (readonly [SQL, SQL])[] {
  const attached = sql`r.resource_id is not null`
  return [
    [sql`'detach'`, sql`${attached} and ${isWanted(part, ['unlink'])}`],
    [sql`'renew'`, sql`${attached} and ${isWanted(part, ['reconcile'])}`],
    [sql`'release'`, isWanted(part, ['delete'])],
  ]
}

/** Condition: of the resource `o` of `r` another source, which comes before this one, locks what the update would change. */
function isLockedByOthers(part: SharedPart): SQL {
  const { shape, owners } = part
  const locks = [...shape.federation.deletePolicy.update].flatMap(([name, text]) => {
    const property = shape.type.properties.find((one) => one.name === name)
    if (property === undefined) return []
    const own = shape.properties.find((one) => one.property.name === name && one.update)
    const [column] = columnsOf(property)
    const stored = columnOfRow(sql`o`, column.name)
    const written = text === '' ? sql.null : sql.literal(text)
    return owners
      .filter(({ sourceId }) => sourceId !== part.sourceId)
      .flatMap((owner) => locksBefore(owner, { name, own, precedence: shape.source.precedence ?? 0 }))
      .map((lock) => sql`(${stored} is distinct from ${written}::${typeOf(column)} and ${lock})`)
  })
  return anyOf(locks)
}

/** Condition, if it can hold at all: the source locks the property of the resource of `r` before `own` does. */
function locksBefore(
  owner: SharedShape,
  of: { readonly name: string; readonly own: SharedProperty | undefined; readonly precedence: number },
): readonly SQL[] {
  const theirs = owner.properties.find((one) => one.property.name === of.name && one.update)
  if (theirs === undefined || theirs.policy !== 'master_locked') return []
  const precedence = of.own?.precedence ?? of.precedence
  if (theirs.precedence < precedence) return []
  const first =
    theirs.precedence === precedence && of.own?.policy === 'master_locked'
      ? sql` and x.attached_run < r.attached_run`
      : sql.blank
  const heard = owner.source.obsoleteLocks === false ? sql` and x.status <> 'obsolete'` : sql.blank
  return [sql`exists (select from ${owner.replicas} x where x.resource_id = r.resource_id${first}${heard})`]
}

/** Condition: a replica of any source, which is neither obsolete nor disappearing itself, holds the resource of `r`, too. */
function isHeld(part: SharedPart): SQL {
  const others = part.owners.map(({ replicas, sourceId }) => {
    const own = sourceId === part.sourceId
    const stays = own ? sql` and x.key <> r.key and not ${onX(part)}` : sql.blank
    return sql`exists (select from ${replicas} x where x.resource_id = r.resource_id and x.status <> 'obsolete'${stays})`
  })
  return sql`(${sql.join(others, ' or ')})`
}

/** `isMissing` of the replica `x`. */
function onX(part: SharedPart): SQL {
  return sql`(select ${isMissing(part)} from (select x.absent_since, x.last_seen) r)`
}

/** A resource stays that another one requires which does not go itself; and then so does what that one requires. */
async function refuseRequired(part: SharedPart, missing: Table): Promise<void> {
  const required = requiredBy(part, missing)
  if (required === undefined) return
  while ((await run(part.session, required)).count > 0) {
    // Each pass may leave one that required another.
  }
}

function requiredBy({ model, shape }: SharedPart, missing: Table): Statement | undefined {
  const referring = [...model.entityTypes.values()]
    .filter(({ abstract }) => !abstract)
    .flatMap((type) =>
      type.properties.flatMap((property) =>
        property.type === 'reference' &&
        property.required &&
        shape.types.some(({ name }) => isA(model, name, property.to))
          ? [
              sql`exists (select from ${resourcesOf(type.name)} o where ${columnOfRow(sql`o`, columnOf(property))} = g.resource_id
              and not exists (select from ${missing} x where x.resource_id = o.resource_id and x.action = 'delete'))`,
            ]
          : [],
      ),
    )
  if (referring.length === 0) return undefined
  return statement(
    `replicas/refuse-required ${shape.mapping.name}`,
    sql`update ${missing} g set action = 'refuse' where g.action = 'delete' and (${sql.join(referring, ' or ')})`,
  )
}
