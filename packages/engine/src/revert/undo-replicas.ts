/**
 * What becomes of the replicas that sources have, when a run is taken back: `docs/decisions/0035-undo.md`.
 *
 * A replica says that a source has brought a resource, or has found it. Of one whose resource goes, nothing is left where its source owns the
 * type whole: the next complete brings the row again, as new. Of a shared type its row stays, as it still is asserted, and looks for a resource
 * again. One that the run took away comes back as it was, so that its source knows the resource again, and takes it away again where it has no
 * row for it any more. What a source asserts of a resource that stays is not touched.
 *
 * @module
 */
import { fills, ownershipOf, type Source, scopeOf } from '@sluice/model'
import {
  anyOf,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  unionAll,
} from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import type { EntityChanges } from '../changes/entity-changes.ts'
import { type RunContext, sourcesByName } from '../context/run-context.ts'
import { noPlace } from '../sql/row-version.ts'
import { assertedOf, replicasOf, resourcesOf } from '../sql/tables.ts'
import { movedByMerge } from './undo-merges.ts'
import type { UndoneChanges, UndoneType } from './undone-changes.ts'

/** By source and entity type, how many replicas lose their resource, and how many come back. */
export interface ReplicaMoves {
  readonly source: string
  readonly entityType: string
  readonly shared: boolean
  readonly lost: number
  readonly back: number
  /** operation, key, resource_id of each. */
  readonly table: Table
}

export interface UndoneReplicas {
  readonly replicas: ChangeSet['replicas']
  readonly undone: NonNullable<ChangeSet['undone']>
  readonly moves: readonly ReplicaMoves[]
}

export async function undoReplicas(
  context: RunContext,
  undone: UndoneChanges,
  changes: EntityChanges,
): Promise<UndoneReplicas> {
  const replicas: ChangeSet['replicas'] = []
  const ofShared: NonNullable<ChangeSet['undone']> = []
  const moves: ReplicaMoves[] = []
  const named = await typesOfReplicas(context, undone)
  for (const of of mappingsOf(context, named)) {
    const moved = await moveReplicas(context, undone, changes, of)
    if (moved === undefined) continue
    const about = { source: of.source.name, entityType: of.entityType }
    moves.push({ ...about, shared: of.shared, ...moved })
    if (of.shared) {
      const asserted = assertedOf(of.entityType, of.id).name
      ofShared.push({ ...about, asserted, table: moved.table.name })
    } else replicas.push({ ...about, rows: { kind: 'table', table: moved.table.name } })
    for (const name of of.types) {
      const changed = changes.tables.get(name)
      if (changed !== undefined) await run(context.session, nameDeleted(name, changed, moved.table))
    }
  }
  return { replicas, undone: ofShared, moves }
}

/** Every mapping whose rows may have resources of one of the types, once. */
function mappingsOf({ sources }: RunContext, named: readonly string[]): readonly ReplicasOf[] {
  const filling = (name: string) =>
    [...sources.values()].flatMap(({ source, id }) =>
      source.entities
        .filter((mapping) => fills(mapping, name))
        .map((mapping) => ({ source, id, entityType: mapping.entityType, types: scopeOf(mapping) })),
    )
  const found = named.flatMap((name) => {
    const { shared } = ownershipOf(sourcesByName(sources), name)
    return filling(name).map((one): ReplicasOf => ({ ...one, shared, owners: one.types.flatMap(filling) }))
  })
  return [...new Map(found.map((one) => [`${one.source.name} ${one.entityType}`, one])).values()]
}

/** Types of which resources are undone, and those whose replicas alone the run has touched: of a row that found its resource as it is no history tells. */
async function typesOfReplicas(
  { session, model, sources }: RunContext,
  { of, types }: UndoneChanges,
): Promise<readonly string[]> {
  const recorded = statement<{ type: string }>(
    'revert/types-of-replicas',
    sql`select distinct entity_type as type from sluice_replica_history where run_id = ${sql.literal(of.runId)}`,
  )
  const mapped = new Set((await run(session, recorded)).rows.map(({ type }) => type))
  const touched = [...sources.values()].flatMap(({ source }) =>
    source.entities.filter(({ entityType }) => source.name === of.source || mapped.has(entityType)),
  )
  const all = new Set([...types.map(({ type }) => type.name), ...mapped, ...touched.flatMap(scopeOf)])
  return [...model.entityTypes.keys()].filter((name) => all.has(name))
}

interface ReplicasOf {
  readonly source: Source
  readonly id: number
  /** Of the mapping. */
  readonly entityType: string
  /** Of which its rows have resources. */
  readonly types: readonly string[]
  readonly shared: boolean
  /** All mappings of which rows may have resources of these. */
  readonly owners: readonly Pick<ReplicasOf, 'source' | 'id' | 'entityType'>[]
}

interface Moved {
  readonly table: Table
  readonly lost: number
  readonly back: number
}

async function moveReplicas(
  { session, workTables }: RunContext,
  { of: reverted, types }: UndoneChanges,
  changes: EntityChanges,
  of: ReplicasOf,
): Promise<Moved | undefined> {
  const moving: Moving = {
    ...of,
    runId: reverted.runId,
    reverted: reverted.source,
    changed: of.types.flatMap((name) => changes.tables.get(name) ?? []),
    undone: types.filter(({ type }) => of.types.includes(type.name)),
  }
  const query = of.shared ? sharedMoves(moving) : ownedMoves(moving)
  const { table, count } = await workTables.fill(
    workTables.named('undone_replicas', `${of.source.name}_${of.entityType}`),
    statement(`revert/move-replicas ${of.entityType}`, query),
  )
  if (count === 0) {
    await workTables.drop([table])
    return undefined
  }
  const { rows } = await run(session, countMoves(of.entityType, table))
  return { table, lost: rows[0]?.lost ?? 0, back: rows[0]?.back ?? 0 }
}

interface Moving extends ReplicasOf {
  /** The run that is taken back, and its source. */
  readonly runId: number
  readonly reverted: string | null
  readonly changed: readonly Table[]
  readonly undone: readonly UndoneType[]
}

function countMoves(entityType: string, table: Table): Statement<{ lost: number; back: number }> {
  return statement(
    `revert/count-moves ${entityType}`,
    sql`select (count(*) filter (where operation in ('delete', 'detach', 'update')))::int as lost,
      (count(*) filter (where operation in ('insert', 'update', 'restore', 'attach')))::int as back from ${table}`,
  )
}

/** Query (resource_id) of what the change set does to resources of the type. */
function changedIds({ changed }: Moving, operation: 'insert' | 'update' | 'delete'): SQL {
  return changed.length === 0
    ? sql`select null::bigint as resource_id where false`
    : unionAll(
        changed.map(
          (table) => sql`select c.resource_id from ${table} c where c._operation = ${sql.literal(operation)}`,
        ),
      )
}

/** Rows of the history of replicas of the run and source, as `g`. */
function remembered(
  { runId, id, entityType }: Pick<Moving, 'runId' | 'id' | 'entityType'>,
  ...operations: readonly string[]
): SQL {
  return sql`sluice_replica_history g where g.run_id = ${sql.literal(runId)} and g.source_id = ${sql.literal(id)}
    and g.entity_type = ${sql.literal(entityType)} and g.operation in (${sql.join(operations.map(sql.literal), ', ')})`
}

/** Condition: the resource is stored, of whatever type of the scope it is. */
function isStored({ types }: Moving, id: SQL): SQL {
  return anyOf(
    types.map((name) => sql`exists (select from ${resourcesOf(name)} o where o.resource_id = ${id})`),
  )
}

/** Condition: the resource of `g` is there when the run is taken back. */
function resourceIsThere(moving: Moving): SQL {
  return sql`(g.resource_id in (${changedIds(moving, 'insert')})
    or (${isStored(moving, sql`g.resource_id`)}
      and g.resource_id not in (${changedIds(moving, 'delete')})))`
}

/** Condition: the key of `g` stands for a resource that stays. */
function keyIsTaken(moving: Moving): SQL {
  return sql`exists (select from ${replicasOf(moving.source.name, moving.entityType)} r where r.key = g.key
    and (r.resource_id is null or r.resource_id not in (${changedIds(moving, 'delete')})))`
}

/**
 * Query (operation, key, resource_id, digest, place): replicas that are a key, a resource and a digest. Without one, the next complete reads
 * the row anew. A key whose resource the run replaced stands for the former one again.
 */
function ownedMoves(moving: Moving): SQL {
  const replicas = replicasOf(moving.source.name, moving.entityType)
  const back = sql`${remembered(moving, 'delete')} and ${resourceIsThere(moving)} and not ${keyIsTaken(moving)}`
  return sql`select 'delete'::text as operation, r.key, r.resource_id, null::bigint as digest, ${noPlace} as place
    from ${replicas} r where r.resource_id in (${changedIds(moving, 'delete')}) and r.key not in (select g.key from ${back})
  union all
  select case when exists (select from ${replicas} r where r.key = g.key) then 'update' else 'insert' end,
    g.key, g.resource_id, null, ${noPlace} from ${back}
  union all
  select 'update', r.key, g.resource_id, r.digest, ${noPlace} from ${returning(moving)}`
}

/** Query (operation, key, resource_id, asserted, replica). */
function sharedMoves(moving: Moving): SQL {
  const replicas = replicasOf(moving.source.name, moving.entityType)
  const run = sql.literal(moving.runId)
  const none = sql`null::jsonb as asserted, null::jsonb as replica`
  const restored = sql`r.key in (select g.key from ${remembered(moving, 'restore')})`
  const attached = sql`r.key in (select g.key from ${remembered(moving, 'attach')})`
  const stays = isStored(moving, sql`r.resource_id`)
  const left = moving.undone.length === 0 ? sql.blank : sql` and not ${isLeftWhole(moving)}`
  const unattached = sql`exists (select from ${replicas} r where r.key = g.key and r.resource_id is null)`
  return sql`select case when ${restored} then 'delete' else 'detach' end as operation, r.key, r.resource_id, ${none}
    from ${replicas} r where r.resource_id in (${changedIds(moving, 'delete')})
      or ((r.attached_run = ${run} or ${restored} or ${attached}) and r.resource_id is not null and ${stays}${left})
  union all
  select 'restore', g.key, g.resource_id, g.asserted, g.replica from ${remembered(moving, 'delete')}
    and g.asserted is not null and ${resourceIsThere(moving)} and not exists (select from ${replicas} r where r.key = g.key)
  union all
  select 'attach', g.key, g.resource_id, null, g.replica from ${remembered(moving, 'delete', 'detach')}
    and g.replica is not null and ${resourceIsThere(moving)} and ${unattached}
  union all
  select 'reopen', r.key, r.resource_id, ${none} from ${replicas} r
    where ${sql.literal(moving.source.name === moving.reverted)} and r.status = 'obsolete' and r.resource_id in (${changedIds(moving, 'update')})
  union all
  select 'forgo', r.key, r.resource_id, ${none} from ${heirs(moving, 'inherit')} and r.creator and (${rightGoesBack(moving)})
  union all
  select 'inherit', r.key, r.resource_id, ${none} from ${heirs(moving, 'forgo')} and not r.creator
  union all
  select 'return', r.key, g.resource_id, ${none} from ${returning(moving)}`
}

/** Replicas `r` of which the run remembers that they inherited the right to delete their resource, or have given it back. */
function heirs(moving: Moving, operation: 'inherit' | 'forgo'): SQL {
  return sql`(select g.key, g.resource_id from ${remembered(moving, operation)}) g
    join ${replicasOf(moving.source.name, moving.entityType)} r on r.key = g.key and r.resource_id = g.resource_id where true`
}

/** Condition: the row of which `r` has inherited the right comes back. */
function rightGoesBack(moving: Moving): SQL {
  return anyOf(
    moving.owners.map(({ source, id, entityType }) => {
      const former = remembered({ ...moving, id, entityType }, 'delete')
      return sql`exists (select from (select g.key, g.resource_id, g.asserted, g.replica from ${former}) b
        where b.resource_id = r.resource_id and b.asserted is not null and (b.replica ->> 'creator')::boolean
          and not exists (select from ${replicasOf(source.name, entityType)} k where k.key = b.key))`
    }),
  )
}

/** Replicas `r` that the run has moved to the resource that theirs (`g`) became, and that are there still. */
function returning(moving: Moving): SQL {
  return sql`${movedByMerge(moving)} join ${replicasOf(moving.source.name, moving.entityType)} r on r.key = g.key and r.resource_id = g.kept_id
    where ${resourceIsThere(moving)}`
}

/** The run inserted the resource of `r`, and it is left. */
function isLeftWhole({ runId, types }: Moving): SQL {
  return anyOf(
    types.map(
      (name) =>
        sql`exists (select from ${resourcesOf(name)} o where o.resource_id = r.resource_id and o._created_run = ${sql.literal(runId)})`,
    ),
  )
}

/** Of what is gone, its history is found by the name that its source gave it. */
function nameDeleted(entityType: string, changes: Table, moved: Table): Statement {
  return statement(
    `revert/name-deleted ${entityType}`,
    sql`update ${changes} c set _key = m.key from ${moved} m
    where m.resource_id = c.resource_id and m.operation in ('delete', 'detach') and c._operation = 'delete'`,
  )
}
