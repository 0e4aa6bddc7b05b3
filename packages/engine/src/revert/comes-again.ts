/**
 * What sources still say otherwise than it is when a run is taken back, and bring again: told before anybody is surprised by it.
 *
 * @module
 */
import { type ComesAgain, ownershipOf } from '@sluice/model'
import { run, type SQL, type Statement, sql, statement, Table } from '@sluice/repository'
import type { ChangeSet, EntityChangeEntry, LinkChangeEntry } from '../changes/change-set.ts'
import { entityTypeOf, type RunContext, sourcesByName } from '../context/run-context.ts'
import { locksOf } from '../edit/locks-of.ts'
import { resourcesOf } from '../sql/tables.ts'
import { changedProperty } from './lay-out-former.ts'
import type { ReplicaMoves } from './undo-replicas.ts'

export async function whatComesAgain(
  context: RunContext,
  { entities, links }: Pick<ChangeSet, 'entities' | 'links'>,
  moves: readonly ReplicaMoves[],
): Promise<readonly ComesAgain[]> {
  const found: ComesAgain[] = []
  for (const entry of entities)
    for (const { source, values } of await lockedValues(context, entry, moves))
      found.push({ ...nothing, source, at: 'complete', values })
  // A row of a shared type waits, and any run looks at it; what a source owns whole is compared by a complete.
  for (const { source, shared, lost, back } of moves)
    found.push({ ...nothing, source, at: shared ? 'run' : 'complete', resources: lost, deletions: back })
  for (const { source, counts } of links.filter((entry) => assertsLinks(context, entry)))
    found.push({
      ...nothing,
      source: source ?? '',
      at: 'complete',
      links: counts.inserted + counts.updated + counts.deleted,
    })
  return summed(found)
}

const nothing = { values: 0, resources: 0, deletions: 0, links: 0 }

function summed(all: readonly ComesAgain[]): readonly ComesAgain[] {
  const sums = new Map<string, ComesAgain>()
  for (const one of all) {
    const name = `${one.source} ${one.at}`
    const before = sums.get(name) ?? { ...one, ...nothing }
    sums.set(name, {
      source: one.source,
      at: one.at,
      values: before.values + one.values,
      resources: before.resources + one.resources,
      deletions: before.deletions + one.deletions,
      links: before.links + one.links,
    })
  }
  return [...sums.values()]
    .filter(({ values, resources, deletions, links }) => values + resources + deletions + links > 0)
    .sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0))
}

function assertsLinks({ sources }: RunContext, { source, association }: LinkChangeEntry): boolean {
  if (source === null) return false
  const known = sources.get(source)?.source
  return known?.associations.some((mapping) => mapping.association === association) === true
}

async function lockedValues(
  context: RunContext,
  { entityType, table, counts }: EntityChangeEntry,
  moves: readonly ReplicaMoves[],
): Promise<readonly { readonly source: string; readonly values: number }[]> {
  if (counts.updated === 0) return []
  const { properties } = entityTypeOf(context.model, entityType)
  const { owners } = ownershipOf(sourcesByName(context.sources), entityType)
  if (owners.length === 0 || properties.length === 0) return []
  const changes = new Table(table)
  const locks = locksOf(context, entityType, {
    properties: properties.map(({ name }) => name),
    resources: sql`select c.resource_id from ${changes} c where c._operation = 'update'`,
  })
  if (locks === undefined) return []
  const differs = properties.map(
    (property) => sql`when ${sql.literal(property.name)} then ${changedProperty(property, sql`c`, sql`o`)}`,
  )
  const held = new Set(owners.map((owner) => owner.entityType))
  // A row that looks for its resource again locks nothing until it has found it.
  const searching = moves
    .filter((one) => one.shared && held.has(one.entityType))
    .map(
      ({ source, table: moved }) =>
        sql` and not (x.source = ${sql.literal(source)} and x.key in (select m.key from ${moved} m where m.operation = 'detach'))`,
    )
  const locking = sql`(select x.* from ${locks} x where true${sql.join(searching, '')})`
  return (await run(context.session, countLocked(entityType, changes, locking, differs))).rows
}

function countLocked(
  entityType: string,
  changes: Table,
  locks: SQL,
  differs: readonly SQL[],
): Statement<{ source: string; values: number }> {
  return statement(
    `revert/count-locked ${entityType}`,
    sql`select x.source, count(*)::int as values from ${locks} x
    join ${changes} c on c.resource_id = x.resource_id and c._operation = 'update'
    join ${resourcesOf(entityType)} o on o.resource_id = c.resource_id
    where case x.property ${sql.join(differs, ' ')} end group by x.source order by x.source`,
  )
}
