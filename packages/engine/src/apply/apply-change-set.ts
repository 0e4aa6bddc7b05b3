/**
 * Writes a change set into the repository: history first, because it needs the old values, then
 * deletes, updates and inserts. The caller's transaction makes it all or nothing.
 *
 * @module
 */
import type { EntityModel } from '@sluice/model'
import { identifier, literal, type Session } from '@sluice/repository'
import type { ChangeSet } from '../terms/change-set.ts'
import { type Naming, toldOfChange } from '../terms/change-values.ts'
import { dropOrphanChanges, orphanLinkChanges, orphanReferenceChanges } from '../terms/orphan-changes.ts'
import { columnNames, entityTypeOf, replicasOf, single, tableOf } from '../terms/work.ts'

export interface Applying {
  readonly session: Session
  readonly model: EntityModel
  readonly runId: number
  readonly sourceId: number
  /** Entity types the source has a mapping for: their rows are checked from now on. */
  readonly verifies: readonly string[]
}

type EntityChanges = ChangeSet['entities'][number]

export async function applyChangeSet(applying: Applying, changes: ChangeSet): Promise<void> {
  const naming = { model: applying.model, changes: changes.entities }
  const entities = changes.entities.filter(
    ({ counts }) => counts.inserted + counts.updated + counts.deleted > 0,
  )
  const links = changes.links.filter(({ counts }) => counts.inserted + counts.updated + counts.deleted > 0)
  // All histories before the first write: they read old values, and names of resources that are about to go.
  for (const entry of entities) await recordEntityHistory(applying, naming, entry)
  for (const { association, table } of links) await recordLinkHistory(applying, naming, association, table)
  for (const entry of entities) await applyEntityChanges(applying, entry)
  for (const { source, entityType, rows } of changes.replicas) {
    await applyReplicaChanges(applying, replicasOf(source, entityType), rows)
  }
  for (const { association, table } of links) await applyLinkChanges(applying, association, table)
  await applyOrphanChanges(applying)
}

async function recordEntityHistory(
  { session, model, runId }: Applying,
  naming: Naming,
  { entityType, table: change, counts }: EntityChanges,
): Promise<void> {
  const told = toldOfChange(naming, entityTypeOf(model, entityType).properties)
  const record = (stored: string, which: string) =>
    session.query(`insert into sluice_history (run_id, entity_type, resource_id, operation, key, before, after, drift)
      select ${runId}, ${literal(entityType)}, c.resource_id, c._operation, c._key, ${told}
      from ${change} c left join ${tableOf(entityType)} o on ${stored} where ${which}`)
  const { count } = await record(inPlace, `c._operation = 'insert' or o.resource_id is not null`)
  if (count === counts.inserted + counts.updated + counts.deleted) return
  const recorded = `select from sluice_history h where h.run_id = ${runId} and h.resource_id = c.resource_id`
  await record(byId, `not exists (${recorded})`)
}

/**
 * A stored row `o` lies where it lay when it was compared, and is found there without an index, unless another hand
 * has written it since or the table was rewritten. What is not found there is looked for by its id.
 */
const inPlace = 'o.ctid = c._base_place and o.resource_id = c.resource_id'
const byId = 'o.resource_id = c.resource_id'

async function recordLinkHistory(
  { session, model, runId }: Applying,
  naming: Naming,
  name: string,
  change: string,
): Promise<void> {
  const association = model.associations.get(name)
  if (association === undefined) return
  const told = toldOfChange(naming, association.properties, 'l')
  await session.execute(`insert into sluice_link_history (run_id, association, operation, from_id, to_id, before, after, drift)
    select ${runId}, ${literal(name)}, c._operation, c.from_id, c.to_id, ${told}
    from ${change} c left join ${tableOf(name)} l on ${sameLink}`)
}

const sameLink = 'l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id'

async function applyEntityChanges(
  applying: Applying,
  { entityType, table: change, counts }: EntityChanges,
): Promise<void> {
  const { session, model, runId } = applying
  const type = entityTypeOf(model, entityType)
  const table = tableOf(entityType)
  const names = columnNames(type).map(identifier)
  if (counts.deleted > 0) {
    const remove = (stored: string) =>
      session.query(`delete from ${table} o using ${change} c where c._operation = 'delete' and ${stored}`)
    const { count } = await remove(inPlace)
    if (count < counts.deleted) await remove(byId)
  }
  if (counts.updated > 0) await applyUpdates(applying, entityType, change, counts.updated)
  if (counts.inserted > 0) {
    const columns = names.map((name) => `, ${name}`).join('')
    await session.execute(`insert into ${table} (resource_id, _created_run${columns})
      select c.resource_id, ${runId}${names.map((name) => `, c.${name}`).join('')} from ${change} c where c._operation = 'insert'`)
  }
}

/**
 * A row that another hand has touched may be written for another reason: a reference of it finds its target. It has to
 * stay recognisable, or no complete would ever compare it, so it is written in a subtransaction: PostgreSQL marks its
 * version with that one's number, which is not remembered as ours.
 */
async function applyUpdates(
  { session, model, runId, sourceId }: Applying,
  entityType: string,
  change: string,
  count: number,
): Promise<void> {
  const names = columnNames(entityTypeOf(model, entityType)).map(identifier)
  const sets = [...names.map((name) => `${name} = c.${name}`), `_changed_run = ${runId}`].join(', ')
  const update = (stored: string, condition: string) =>
    session.query(`update ${tableOf(entityType)} o set ${sets}
      from ${change} c where c._operation = 'update' and ${stored} and ${condition}`)
  const known = `c._base_xid in (select v.xid from sluice_verified v
    where v.source_id = ${sourceId} and v.entity_type = ${literal(entityType)})`
  for (const stored of [inPlace, byId]) {
    const { count: ours } = await update(stored, known)
    if (ours === count) return
    await session.execute('savepoint touched')
    const { count: touched } = await update(stored, `(${known}) is not true`)
    await session.execute('release savepoint touched')
    if (ours + touched === count) return
  }
}

async function applyReplicaChanges({ session }: Applying, replicas: string, change: string): Promise<void> {
  const update = (rows: string, stored: string) => `update ${replicas} r
    set resource_id = c.resource_id, digest = c.digest from ${rows} c where c.operation = 'update' and ${stored}`
  const { updated, found } = await single<{ updated: number; found: number }>(
    session,
    `with changes as materialized (select * from ${change} c),
       gone as (delete from ${replicas} r using changes c where c.operation = 'delete' and r.key = c.key),
       new as (insert into ${replicas} (key, resource_id, digest)
         select c.key, c.resource_id, c.digest from changes c where c.operation = 'insert'),
       found as (${update('changes', 'r.ctid = c.place and r.key = c.key')} returning 1)
     select (select count(*) from changes where operation = 'update')::int as updated,
       (select count(*) from found)::int as found`,
  )
  if (found < updated) await session.execute(update(change, 'r.key = c.key'))
}

async function applyLinkChanges(
  { session, model, runId }: Applying,
  name: string,
  change: string,
): Promise<void> {
  const association = model.associations.get(name)
  if (association === undefined) return
  const table = tableOf(name)
  const columns = columnNames({ ...association, abstract: false }).map(identifier)
  const list = columns.map((column) => `, ${column}`).join('')
  await session.execute(
    `delete from ${table} l using ${change} c where c._operation = 'delete' and ${sameLink}`,
  )
  if (columns.length > 0) {
    await session.execute(`update ${table} l set ${[...columns.map((column) => `${column} = c.${column}`), `_changed_run = ${runId}`].join(', ')}
      from ${change} c where c._operation = 'update' and ${sameLink}`)
  }
  await session.execute(`insert into ${table} (source_id, from_id, to_id, _created_run${list})
    select c.source_id, c.from_id, c.to_id, ${runId}${columns.map((column) => `, c.${column}`).join('')}
    from ${change} c where c._operation = 'insert'`)
}

async function applyOrphanChanges({ session, runId }: Applying): Promise<void> {
  const references = orphanReferenceChanges(runId)
  const links = orphanLinkChanges(runId)
  const arriving = (changes: string) => `(select count(*) from ${changes} c where operation = 'insert')::int`
  const counts = await single<{ references: number; links: number; all: number }>(
    session,
    `select ${arriving(references)} as "references", ${arriving(links)} as links,
       (select count(*) from ${references} c)::int + (select count(*) from ${links} c)::int as "all"`,
  )
  if (counts.all === 0) return
  await session.execute(`
    delete from sluice_orphan_reference s using ${references} c
      where c.operation = 'delete' and s.resource_id = c.resource_id and s.property = c.property;
    insert into sluice_orphan_reference (source_id, entity_type, resource_id, property, value)
      select source_id, entity_type, resource_id, property, value from ${references} c where operation = 'insert';
    delete from sluice_orphan_link s using ${links} c
      where c.operation = 'delete' and s.source_id = c.source_id and s.association = c.association
        and s.from_value = c.from_value and s.to_value = c.to_value;
    insert into sluice_orphan_link (source_id, association, from_value, to_value, properties)
      select source_id, association, from_value, to_value, properties from ${links} c where operation = 'insert'
      on conflict do nothing`)
  await dropOrphanChanges(session, runId)
  // The next run may come before autovacuum does, and would take the table for nearly empty.
  if (counts.references > manyOrphans) await session.execute('analyze sluice_orphan_reference')
  if (counts.links > manyOrphans) await session.execute('analyze sluice_orphan_link')
}

const manyOrphans = 10_000
