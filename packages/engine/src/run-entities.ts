/**
 * The stages of a run as they concern entity mappings: staged, then loaded straight or reconciled, then
 * resolved together.
 *
 * @module
 */
import type { PreparedFile } from '@sluice/protocol'
import { completeReferences, type Loaded, loadStraight } from './apply/load-straight.ts'
import { attachCandidates } from './reconcile/attach-candidates.ts'
import { compareWithReplicas } from './reconcile/compare-with-replicas.ts'
import { findDisappeared } from './reconcile/find-disappeared.ts'
import { findTouched } from './reconcile/find-touched.ts'
import { netCommands } from './reconcile/net-commands.ts'
import { noFacts, type RowFacts } from './report.ts'
import {
  addAttachedRows,
  addDeletions,
  addReplicaChanges,
  resolveReferences,
} from './resolve/entity-changes.ts'
import { resolveReferencesElsewhere } from './resolve/references-elsewhere.ts'
import { type Delivered, stageDelivered } from './stage-delivered-file.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { ChangeTables } from './terms/change-tables.ts'
import { type EntityShape, entityShape } from './terms/entity-shape.ts'
import { lookedUpProperties } from './terms/looked-up-properties.ts'
import { storedCount } from './terms/stored-count.ts'
import {
  countOf,
  familyNames,
  mappingsOf,
  replicasOf,
  type SourceIds,
  tableOf,
  type Work,
} from './terms/work.ts'
import { workTable } from './terms/work-tables.ts'
import { rejectBadValues } from './translate/reject-bad-values.ts'
import { measureStaging } from './translate/stage-file.ts'

/** What is known of one entity mapping while the run goes on. */
export interface EntityWork {
  readonly shape: EntityShape
  readonly file: PreparedFile
  readonly stored: number
  readonly facts: RowFacts
  attached?: string | undefined
  disappeared?: string | undefined
  unattached?: string | undefined
  compared: boolean
  loaded?: Loaded | undefined
}

export async function stageEntities(work: Work, delivered: Delivered): Promise<readonly EntityWork[]> {
  const entities: EntityWork[] = []
  for (const mapping of work.source.entities) {
    const file = delivered.manifest.files.find((candidate) => candidate.mapping === mapping.name)
    if (file === undefined) continue
    const shape = entityShape(work.model, mapping, lookedUpProperties(work.configuration, mapping.entityType))
    const staging = workTable(work, 'staging', mapping.name)
    await stageDelivered(work, delivered, staging, file, shape.columns.length)
    const sole = mappingsOf(work.configuration, mapping.entityType).length === 1
    const holder = sole ? tableOf(mapping.entityType) : replicasOf(work.source.name, mapping.entityType)
    const stored = await storedCount(work, mapping.name, holder)
    entities.push({ shape, file, stored, facts: { ...noFacts }, compared: false })
  }
  return entities
}

export async function nothingHeld(work: Work, { shape }: EntityWork): Promise<boolean> {
  const type = shape.type.name
  const empty = async (table: string) => {
    const { rows } = await work.session.query(`select 1 from ${table} limit 1`)
    return rows.length === 0
  }
  return (await empty(tableOf(type))) && (await empty(replicasOf(work.source.name, type)))
}

export async function load(
  work: Work,
  tables: ChangeTables,
  entity: EntityWork,
  all: readonly EntityWork[],
  clock: Stopwatch,
): Promise<void> {
  const { shape } = entity
  const staging = workTable(work, 'staging', shape.mapping.name)
  entity.facts.rejected = await clock.time('translate', () =>
    rejectBadValues(work, staging, rejection(shape)),
  )
  // A type is known when the rows of its whole family are as they become: loaded before, or not delivered.
  const open = new Set(
    all.filter((other) => other.loaded === undefined).map((other) => other.shape.type.name),
  )
  const known = (type: string) => !familyNames(work.model, type).some((name) => open.has(name))
  const { rejected } = entity.facts
  const of = { staged: entity.file.rows, rejected, known }
  entity.loaded = await clock.time('apply', () => loadStraight(work, tables, shape, of))
  tables.loaded.add(shape.type.name)
}

export async function reconcile(
  work: Work,
  entity: EntityWork,
  unreadable: string | undefined,
  clock: Stopwatch,
): Promise<void> {
  const { shape, facts } = entity
  const sole = mappingsOf(work.configuration, shape.type.name).length === 1
  await clock.time('reconcile', async () => {
    await measureStaging(work, workTable(work, 'staging', shape.mapping.name))
    const stored = sole ? entity.stored : await countOf(work.session, tableOf(shape.type.name))
    const touched = await findTouched(work, shape, stored)
    const candidates = await compareWithReplicas(work, shape, touched)
    const known = entity.file.rows - candidates.unknown
    const disappeared = await findDisappeared(work, shape, known, unreadable)
    entity.disappeared = disappeared?.table
    facts.withheld = disappeared?.withheld ?? 0
    entity.compared = touched !== undefined
    if (sole && touched !== undefined && touched.unattachedCount > 0) entity.unattached = touched.unattached
    if (candidates.count === 0) return
    facts.rejected = await rejectBadValues(work, candidates.table, rejection(shape))
    entity.attached = await attachCandidates(work, shape, candidates, sole ? touched : undefined)
  })
}

export async function reconcileDelta(work: Work, entity: EntityWork, clock: Stopwatch): Promise<void> {
  const { shape, facts } = entity
  await clock.time('reconcile', async () => {
    const netted = await netCommands(work, shape, entity.file.rows)
    entity.disappeared = netted.disappeared?.table
    facts.nullKey = netted.nullKey
    facts.overruled = netted.overruled
    facts.deletes = netted.deletes
    facts.rejected = netted.rejected
    if (netted.candidates.count === 0) return
    facts.rejected += await rejectBadValues(work, netted.candidates.table, rejection(shape))
    entity.attached = await attachCandidates(work, shape, netted.candidates, undefined)
  })
}

function rejection(shape: EntityShape) {
  return { mapping: shape.mapping.name, file: shape.mapping.file, key: shape.key, checks: shape.checks }
}

export async function resolveEntities(
  work: Work,
  tables: ChangeTables,
  entities: readonly EntityWork[],
  sourceIds: SourceIds,
): Promise<void> {
  for (const { shape, attached } of entities) {
    if (attached === undefined) continue
    tables.attached.set(shape.mapping.name, attached)
    await addAttachedRows(work, tables, shape, attached)
  }
  for (const { shape, disappeared, unattached } of entities) {
    await addDeletions(work, tables, shape, { disappeared, unattached })
  }
  for (const { shape, attached, loaded } of entities) {
    if (attached !== undefined) await resolveReferences(work, tables, shape, attached)
    if (loaded !== undefined) await completeReferences(work, tables, shape, loaded)
  }
  for (const { shape, attached, disappeared } of entities) {
    addReplicaChanges(tables, shape, { attached, disappeared })
  }
  await resolveReferencesElsewhere(work, tables, sourceIds)
}
