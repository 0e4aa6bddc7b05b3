/**
 * The deletions among edits: who may, what stands in their way, and which replicas go along.
 *
 * @module
 */
import type { EditorRole } from '@sluice/model'
import { columnOf, columnOfRow, run, type SQL, sql, statement, type Table } from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import type { EntityChanges } from '../changes/entity-changes.ts'
import { entityTypeOf, type RunContext } from '../context/run-context.ts'
import { referencesIn } from '../resolve/redirect-references.ts'
import { goneOf } from '../resolve/release-referring.ts'
import { displayText } from '../sql/display-values.ts'
import { resourcesOf } from '../sql/tables.ts'
import { deletePolicyOf, permitsDeletion, type ReplicasGoing, replicasGoing } from './delete-policy.ts'
import { DeleteNotAllowedError, StillRequiredError } from './edit-errors.ts'
import { idsOf, type ResourceEdit, type TypeEdits } from './lay-out-edits.ts'
import { lockBy } from './locks-of.ts'

/** Of each mapping, how many replicas go, and where their changes are. */
export interface Deleted {
  readonly replicas: ChangeSet['replicas']
  readonly statuses: ChangeSet['statuses']
  readonly going: readonly { readonly source: string; readonly entityType: string; readonly count: number }[]
}

export async function layOutDeletions(
  context: RunContext,
  changes: EntityChanges,
  types: readonly TypeEdits[],
  role: EditorRole,
): Promise<Deleted> {
  const replicas: ChangeSet['replicas'] = []
  const statuses: ChangeSet['statuses'] = []
  const going: Deleted['going'][number][] = []
  for (const { type, edits } of types) {
    const deletions = edits.filter(({ operation }) => operation === 'delete')
    const table = changes.tables.get(type.name)
    if (deletions.length === 0 || table === undefined) continue
    for (const one of replicasGoing(context, type.name, idsOf(deletions))) {
      const taken = await takeReplicas(context, { type: type.name, deletions, table }, one, role)
      if (taken === undefined) continue
      const { source, asserted, entityType } = one
      const of = { source: source.name, entityType }
      const { name } = taken.table
      if (asserted === undefined) replicas.push({ ...of, rows: { kind: 'table', table: name } })
      else statuses.push({ ...of, asserted: asserted.name, table: name })
      going.push({ ...of, count: taken.count })
    }
    await refuseRequired(context, changes, deletions)
  }
  return { replicas, statuses, going }
}

interface TypeDeletions {
  readonly type: string
  readonly deletions: readonly ResourceEdit[]
  /** Their changes. */
  readonly table: Table
}

/** The source's replicas of deleted resources, `undefined` where it has none; throws where it does not let them go. */
async function takeReplicas(
  context: RunContext,
  { type, deletions, table: changes }: TypeDeletions,
  { source, rows }: ReplicasGoing,
  role: EditorRole,
): Promise<{ readonly table: Table; readonly count: number } | undefined> {
  const { session, workTables } = context
  const taken = await workTables.fill(
    workTables.named('disappeared', `${source.name}_${type}`),
    statement(`edit/find-replicas-going ${type}`, rows),
  )
  if (taken.count === 0) {
    await workTables.drop([taken.table])
    return undefined
  }
  if (!permitsDeletion(source, role)) {
    const created = statement<{ resource_id: string; key: string }>(
      `edit/find-creator ${type}`,
      sql`select resource_id, key from ${taken.table} where creator order by resource_id, key limit 1`,
    )
    const [replica] = (await run(session, created)).rows
    const subject = deletions.find(({ resourceId }) => resourceId === replica?.resource_id)
    if (replica !== undefined && subject !== undefined)
      throw new DeleteNotAllowedError(subject, lockBy(context, source.name, replica), deletePolicyOf(source))
  }
  // Of what is gone, its history is found by the name that its source gave it.
  await run(
    session,
    statement(
      `edit/name-deleted ${type}`,
      sql`update ${changes} c set _key = r.key from ${taken.table} r
      where r.resource_id = c.resource_id and c._operation = 'delete'`,
    ),
  )
  return taken
}

const shownResources = 5

/** What has to point somewhere, and would point nowhere. */
async function refuseRequired(
  context: RunContext,
  changes: EntityChanges,
  deletions: readonly ResourceEdit[],
): Promise<void> {
  const losing = [...new Set(deletions.map(({ entityType }) => entityType))]
  for (const { entityType, property } of referencesIn(context)) {
    const gone = property.required ? goneOf(context, changes, property.to, losing) : undefined
    if (gone === undefined) continue
    const column = columnOf(property)
    const type = entityTypeOf(context.model, entityType)
    const pointing = (row: SQL) =>
      sql`select ${row}.resource_id, ${columnOfRow(row, column)} as target, coalesce(${displayText(context.model, type, row)}, '#' || ${row}.resource_id) as shown`
    const table = changes.tables.get(entityType)
    const changing =
      table === undefined
        ? sql.blank
        : sql` union all ${pointing(sql`c`)} from ${table} c where c._operation <> 'delete'`
    const unchanged =
      table === undefined
        ? sql.blank
        : sql` where not exists (select from ${table} c where c.resource_id = o.resource_id)`
    const found = statement<{ target: string; shown: string }>(
      `edit/find-requiring ${entityType}.${property.name}`,
      sql`select x.target, x.shown from (${pointing(sql`o`)} from ${resourcesOf(entityType)} o${unchanged}${changing}) x
      where x.target in (${gone}) order by x.target, x.resource_id limit ${sql.literal(shownResources)}`,
    )
    const { rows } = await run(context.session, found)
    const subject = deletions.find(({ resourceId }) => resourceId === rows[0]?.target)
    if (subject === undefined) continue
    const resources = rows.filter(({ target }) => target === subject.resourceId).map(({ shown }) => shown)
    throw new StillRequiredError(subject, { entityType, property: property.name, resources })
  }
}
