/**
 * Writes a change set into the repository: history first, because it needs the old values, then
 * deletes, updates and inserts, and what has to be remembered of it. The caller's transaction makes it all or nothing.
 *
 * It knows the change set and nothing of who produced it. README.md tells the order of locks.
 *
 * @module
 */
import type { EntityModel } from '@sluice/model'
import {
  one,
  run,
  type Session,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import { type ChangeSet, replicaChanges, sizeOf } from '../changes/change-set.ts'
import { dropOrphanChanges, orphanLinkChanges, orphanReferenceChanges } from '../changes/orphan-changes.ts'
import { inPlace } from '../sql/row-version.ts'
import { orphanLinks, orphanReferences, replicasOf } from '../sql/tables.ts'
import { applyEntityChanges } from './apply-entities.ts'
import { applyGraphChanges } from './apply-graph.ts'
import { applyLinkChanges } from './apply-links.ts'
import { applyStatuses } from './apply-statuses.ts'
import { applyUndoneReplicas } from './apply-undone-replicas.ts'
import { keepFiles } from './keep-files.ts'
import { recordBlocks } from './record-blocks.ts'
import { recordEntityHistory, recordLinkHistory } from './record-history.ts'
import { remember, rememberCompared } from './remember.ts'
import { forgetMerges, rememberMerges } from './remember-merges.ts'

export interface Applying {
  readonly session: Session
  readonly model: EntityModel
  readonly runId: number
  /** Where several runs are applied together. */
  readonly together?: AppliedTogether | undefined
}

/** Changes of several runs, of which there are so few that no table was made of them. */
interface AppliedTogether {
  /** SQL of the number of the run that the change `c` of an entity type is of. */
  readonly runOfChange: SQL
  /** Relation of the changes of an entity type, in place of the table that the change set names. */
  readonly changesOf: (entityType: string) => SQL
}

export async function applyChangeSet(applying: Applying, changes: ChangeSet): Promise<void> {
  const displays = { model: applying.model, changes: changes.entities }
  const entities = changes.entities.filter((entry) => sizeOf(entry) > 0)
  const links = changes.links.filter((entry) => sizeOf(entry) > 0)
  // All histories before the first write: they read old values, and names of resources that are about to go.
  for (const entry of entities) {
    await recordEntityHistory(applying, displays, entry)
    await keepFiles(applying, entry)
  }
  for (const entry of links) await recordLinkHistory(applying, displays, entry)
  await recordBlocks(applying, changes)
  for (const entry of changes.merges) await rememberMerges(applying, entry)
  await rememberCompared(applying, changes)
  for (const entry of entities) await applyEntityChanges(applying, entry)
  for (const { source, entityType, rows } of changes.replicas) {
    await applyReplicaChanges(applying, { source, entityType }, replicaChanges(rows))
  }
  for (const entry of changes.statuses) await applyStatuses(applying, entry)
  for (const entry of changes.undone ?? []) await applyUndoneReplicas(applying, entry)
  if (changes.unmerges !== undefined) await forgetMerges(applying, changes, changes.unmerges)
  for (const entry of links) await applyLinkChanges(applying, entry)
  if (changes.orphans !== 'none') await applyOrphanChanges(applying)
  if (changes.graph !== undefined) await applyGraphChanges(applying, changes.graph)
  await remember(applying, changes)
}

interface ReplicasOf {
  readonly source: string
  readonly entityType: string
}

async function applyReplicaChanges({ session, runId }: Applying, of: ReplicasOf, rows: SQL): Promise<void> {
  const replicas = replicasOf(of.source, of.entityType)
  const { updated, found } = await one(session, writeReplicas(runId, of, rows))
  if (found < updated) await run(session, updateReplicasByKey(replicas, rows))
}

const newReplica = sql`set resource_id = c.resource_id, digest = c.digest`

/** In one statement, where each updated replica is looked for where it lay. Those that go are remembered, or the run could not be taken back. */
function writeReplicas(
  runId: number,
  { source, entityType }: ReplicasOf,
  rows: SQL,
): Statement<{ updated: number; found: number }> {
  const replicas = replicasOf(source, entityType)
  const sourceId = sql`(select source_id from sluice_source where name = ${sql.value(source)})`
  return statement(
    `apply/write-replicas ${replicas.name}`,
    sql`with changes as materialized (select * from ${rows} c),
       gone as (delete from ${replicas} r using changes c where c.operation = 'delete' and r.key = c.key
         returning r.key, r.resource_id),
       remembered as (insert into sluice_replica_history (run_id, source_id, entity_type, key, resource_id, operation)
         select ${sql.literal(runId)}, ${sourceId}, ${sql.literal(entityType)}, g.key, g.resource_id, 'delete' from gone g),
       new as (insert into ${replicas} (key, resource_id, digest)
         select c.key, c.resource_id, c.digest from changes c where c.operation = 'insert'),
       found as (update ${replicas} r ${newReplica} from changes c
         where c.operation = 'update' and ${inPlace(sql`r`, sql`c.place`, sql`r.key = c.key`)} returning 1)
     select (select count(*) from changes where operation = 'update')::int as updated,
       (select count(*) from found)::int as found`,
  )
}

/** Another transaction has written a replica since, or the table was rewritten: by the index. */
function updateReplicasByKey(replicas: Table, rows: SQL): Statement {
  return statement(
    `apply/update-replicas-by-key ${replicas.name}`,
    sql`update ${replicas} r ${newReplica} from ${rows} c where c.operation = 'update' and r.key = c.key`,
  )
}

async function applyOrphanChanges({ session, runId }: Applying): Promise<void> {
  const counts = await one(session, countOrphanChanges(runId))
  if (counts.references + counts.links === 0) return
  for (const step of orphanSteps(runId)) await run(session, step)
  for (const step of dropOrphanChanges(runId)) await run(session, step)
  // The next run may come before autovacuum does, and would take the table for nearly empty.
  if (counts.newReferences > manyOrphans) await run(session, analyzeOrphans(orphanReferences))
  if (counts.newLinks > manyOrphans) await run(session, analyzeOrphans(orphanLinks))
}

const manyOrphans = 10_000

function analyzeOrphans(table: Table): Statement {
  return statement('apply/analyze-orphans', sql`analyze ${table}`)
}

function countOrphanChanges(
  runId: number,
): Statement<{ references: number; links: number; newReferences: number; newLinks: number }> {
  const count = (changes: SQL) =>
    sql`select count(*)::int as all, (count(*) filter (where operation = 'insert'))::int as new from ${changes} c`
  return statement(
    'apply/count-orphan-changes',
    sql`select r.all as "references", l.all as links, r.new as "newReferences", l.new as "newLinks"
     from (${count(orphanReferenceChanges(runId))}) r, (${count(orphanLinkChanges(runId))}) l`,
  )
}

function orphanSteps(runId: number): readonly Statement[] {
  const references = orphanReferenceChanges(runId)
  const links = orphanLinkChanges(runId)
  return [
    statement(
      'apply/delete-orphan-references',
      sql`delete from ${orphanReferences} w using ${references} c
      where c.operation = 'delete' and w.resource_id = c.resource_id and w.property = c.property`,
    ),
    statement(
      'apply/insert-orphan-references',
      sql`insert into ${orphanReferences} (source_id, entity_type, resource_id, property, value)
      select source_id, entity_type, resource_id, property, value from ${references} c where operation = 'insert'`,
    ),
    statement(
      'apply/delete-orphan-links',
      sql`delete from ${orphanLinks} w using ${links} c
      where c.operation = 'delete' and w.source_id = c.source_id and w.association = c.association
        and w.from_value = c.from_value and w.to_value = c.to_value`,
    ),
    statement(
      'apply/insert-orphan-links',
      sql`insert into ${orphanLinks} (source_id, association, from_value, to_value, properties)
      select source_id, association, from_value, to_value, properties from ${links} c where operation = 'insert'
      on conflict do nothing`,
    ),
  ]
}
