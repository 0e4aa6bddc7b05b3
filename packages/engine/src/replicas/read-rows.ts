/**
 * Reads the replicas that a run applies: those that are new or modified, those of which a part was left out before, and those whose
 * resource is gone.
 *
 * What comes out is the size of the change, and every later step works on that alone.
 *
 * @module
 */
import {
  columnOfRow,
  commas,
  more,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import { analyzeColumns } from '../context/work-tables.ts'
import { isReference, type SharedReference, textsOf } from '../sql/shared-shape.ts'
import { targetsOf } from '../sql/targets.ts'
import { hasActions, isApart, isWanted } from './actions.ts'
import { type Arrivals, addArrivals, arrivingRows } from './arrivals.ts'
import { isOpen, type KnownReplicas } from './known-replicas.ts'
import { isMissing } from './last-seen.ts'
import { hasQueue, isDue, isUnlinking } from './queue.ts'
import type { SharedPart } from './shared-part.ts'

/**
 * _key, _seq, _status, _resource_id (none of one that is new: what it found and could not be applied to, it searches again), _creator, _revision, _attached_run, _changed_run, _let_go; _digest, of one whose replica is written with what becomes of it; the asserted texts under their columns' names; of the reference number n
 * (`referencesOf`) what it names: _target_n, and how many answer to that name: _targets_n.
 */
export interface ReplicaRows {
  readonly table: Table
  readonly count: number
}

export interface Readable {
  readonly known: KnownReplicas
  /** Rows whose resource is gone. */
  readonly vanished: Table | undefined
  /** Rows that no replica is known of. */
  readonly arrivals: Arrivals | undefined
  /** Of the types that were worked on before, which references may name already. */
  readonly changes: EntityChanges
}

export async function readRows(
  part: SharedPart,
  { known, vanished, arrivals, changes }: Readable,
): Promise<ReplicaRows> {
  const { session, workTables, shape } = part
  const plain = await workTables.fill(
    workTables.named('replica_rows', shape.mapping.name),
    changedRows(part, { known, vanished, arrivals }),
  )
  await analyzeColumns(session, plain.table, plain.count, ['_seq', '_resource_id'])
  if (arrivals !== undefined && mayBeLeftAlone(part)) {
    const { open } = openRows(part, undefined)
    await run(session, addArrivals(shape, arrivals, sql`not (${open}${amongDecided(part)})`))
  }
  return await findReferences(part, plain, changes)
}

/** The rows with what their references name. */
export async function findReferences(
  part: SharedPart,
  { table: plain, count }: ReplicaRows,
  changes: EntityChanges,
): Promise<ReplicaRows> {
  const { session, workTables, shape } = part
  const about = shape.mapping.name
  const references = referencesOf(part)
  if (references.length === 0) return { table: plain, count }
  const { table } = await workTables.fill(
    workTables.named('replica_rows', `${about}_targets`),
    withTargets(part, plain, references, changes),
  )
  await analyzeColumns(session, table, count, ['_seq', '_resource_id'])
  return { table, count }
}

export function referencesOf({ shape }: SharedPart): readonly SharedReference[] {
  return shape.properties.filter(isReference)
}

/** The columns of the reference number `n`, from 0, in the row `alias`. */
export function targetOf(alias: SQL, n: number): { readonly id: SQL; readonly count: SQL } {
  return { id: columnOfRow(alias, `_target_${n}`), count: columnOfRow(alias, `_targets_${n}`) }
}

function changedRows(part: SharedPart, { known, vanished, arrivals }: Omit<Readable, 'changes'>): Statement {
  const { shape } = part
  const names = [
    ...shape.properties.flatMap(({ asserted }) => asserted),
    ...shape.linkSets.map(({ column }) => column),
  ]
  const { open, status, resource } = openRows(part, vanished)
  const rows = (
    from: SQL,
    digest: SQL,
    which: SQL,
  ) => sql`select r.key as _key, r.seq as _seq, ${status} as _status, ${resource} as _resource_id,
      r.creator as _creator, r.revision as _revision, r.attached_run as _attached_run, r.changed_run as _changed_run, r.let_go as _let_go,
      ${digest} as _digest${more(names.map((name) => columnOfRow(sql`v`, name)))}
    from ${from} where ${open}${which}${amongDecided(part)}`
  const none = part.ageing === true || (known.open === 0 && vanished === undefined && !hasActions(part))
  const before = rows(
    sql`${shape.replicas} r join ${shape.asserted} v on v.primary_key = r.key`,
    sql`null::bigint`,
    sql` and ${none ? sql.false : sql`not ${isMissing(part)}`}`,
  )
  const name = `replicas/read-rows ${shape.mapping.name}`
  if (arrivals === undefined) return statement(name, before)
  return statement(
    name,
    sql`${before} union all ${rows(arrivingRows(shape, arrivals), sql`r.digest`, sql.blank)}`,
  )
}

/** What people have decided of a key outlives its row. */
function mayBeLeftAlone(part: SharedPart): boolean {
  return hasActions(part) || hasQueue(part.shape)
}

/** A row whose resource is gone looks for another one when somebody wants that. */
function openRows(
  part: SharedPart,
  vanished: Table | undefined,
): { readonly open: SQL; readonly status: SQL; readonly resource: SQL } {
  const due = vanished === undefined ? isOpen : sql`(${isOpen} or r.key in (select g.key from ${vanished} g))`
  const found = sql`case when r.status not in ('new', 'orphan') then r.resource_id end`
  const resource = sql`case when r.status <> 'new' then r.resource_id end`
  if (!hasActions(part)) return { open: due, status: sql`r.status`, resource }
  const again = isWanted(part, ['retry'])
  return {
    open: sql`${part.acted === true ? again : sql`(${due} or ${again})`} and not ${isApart(part)}`,
    status: sql`case when r.status = 'orphan' then 'new' else r.status end`,
    resource: found,
  }
}

/** A row that leaves its resource says nothing of it any more; the next run looks for another one. */
function amongDecided(part: SharedPart): SQL {
  if (!hasQueue(part.shape)) return sql.blank
  const decided = part.decided === true ? sql` and ${isDue(part)}` : sql.blank
  return sql` and not ${isUnlinking(part)}${decided}`
}

function withTargets(
  part: SharedPart,
  rows: Table,
  references: readonly SharedReference[],
  changes: EntityChanges,
): Statement {
  const found = references.map((reference, n) => {
    const alias = sql.identifier(`found_${n}`)
    const name = (of: SQL) => sql`nullif(${textsOf(reference, of)[0]}, '')`
    const needed = sql`select ${name(sql`b`)} from ${rows} b`
    return {
      columns: sql`${alias}.resource_id as ${sql.identifier(`_target_${n}`)}, coalesce(${alias}.count, 0) as ${sql.identifier(`_targets_${n}`)}`,
      join: sql`left join ${targetsOf(part, reference, needed, changes)} ${alias} on ${alias}.value = ${name(sql`a`)}`,
    }
  })
  return statement(
    `replicas/find-targets ${part.shape.mapping.name}`,
    sql`select a.*, ${commas(found.map(({ columns }) => columns))} from ${rows} a ${sql.join(
      found.map(({ join }) => join),
      ' ',
    )}`,
  )
}
