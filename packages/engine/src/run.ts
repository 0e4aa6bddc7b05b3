/**
 * One pass over one delivery: the order of the stages, and nothing else.
 *
 * translate → reconcile → resolve → guard. The result is a change set in tables; `apply` writes it,
 * or it is held. Each stage reads what the one before left in work tables and knows no other stage.
 *
 * @module
 */
import { basename } from 'node:path'
import type {
  AssociationMapping,
  AssociationReport,
  EntityReport,
  Exceeded,
  StageTiming,
} from '@sluice/model'
import type { Manifest, PreparedFile } from '@sluice/protocol'
import { StatementError } from '@sluice/repository'
import { completeReferences, type Loaded, loadStraight } from './apply/load-straight.ts'
import { guard } from './guard/guard.ts'
import { loadOrder } from './load-order.ts'
import { DamagedDeliveryError } from './receive/errors.ts'
import { attachCandidates } from './reconcile/attach-candidates.ts'
import { compareWithReplicas } from './reconcile/compare-with-replicas.ts'
import { findDisappeared } from './reconcile/find-disappeared.ts'
import { findTouched } from './reconcile/find-touched.ts'
import { netCommands } from './reconcile/net-commands.ts'
import {
  associationReport,
  entityReport,
  type LinkFacts,
  noFacts,
  type RowFacts,
  sideEffectReports,
} from './report.ts'
import {
  addAttachedRows,
  addDeletions,
  addReplicaChanges,
  keepRealChanges,
  resolveReferences,
} from './resolve/entity-changes.ts'
import { finishChangeSet } from './resolve/finish-change-set.ts'
import { addLinkChanges, resolveLinks, withholdLinkDeletions } from './resolve/link-changes.ts'
import { addLinkCommands } from './resolve/link-commands.ts'
import { resolveLinksElsewhere } from './resolve/links-elsewhere.ts'
import { resolveReferencesElsewhere } from './resolve/references-elsewhere.ts'
import { type Stopwatch, stopwatch } from './stopwatch.ts'
import type { ChangeSet } from './terms/change-set.ts'
import { type ChangeTables, createChangeTables } from './terms/change-tables.ts'
import { type EntityShape, entityShape } from './terms/entity-shape.ts'
import { type LinkShape, linkShape } from './terms/link-shape.ts'
import { lookedUpProperties } from './terms/looked-up-properties.ts'
import { storedCount } from './terms/stored-count.ts'
import {
  countOf,
  familyNames,
  mappingsOf,
  replicasOf,
  type SourceIds,
  singleWorkTable,
  tableOf,
  type Work,
  workTable,
} from './terms/work.ts'
import { loadUnreadableFields } from './translate/load-unreadable-fields.ts'
import { badRowCondition, createRejectedTable, rejectBadValues } from './translate/reject-bad-values.ts'
import { stageFile } from './translate/stage-file.ts'

export interface Delivered {
  /** Folder in the inbox. */
  readonly folder: string
  readonly manifest: Manifest
}

export interface Computed {
  readonly changeSet: ChangeSet
  readonly entities: readonly EntityReport[]
  readonly associations: readonly AssociationReport[]
  readonly exceeded: readonly Exceeded[]
  readonly stages: readonly StageTiming[]
  /** Entity types that were loaded straight; they are in their tables already. */
  readonly loaded: readonly string[]
  /** Entity types of which stored rows by foreign transactions were compared. */
  readonly compared: readonly string[]
}

/** What is known of one entity mapping while the run goes on. */
interface EntityWork {
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

/**
 * Computes the whole difference between a delivery and the repository.
 *
 * With `straight`, types of which nothing is stored are inserted at once, which is twice as fast; the
 * caller runs again without it when a threshold then holds the run.
 */
export async function computeChangeSet(
  work: Work,
  delivered: Delivered,
  sourceIds: SourceIds,
  straight: boolean,
): Promise<Computed> {
  const clock = stopwatch(work)
  const tables = await createChangeTables(work)
  await createRejectedTable(work)
  const unreadable = await clock.time('translate', () => loadUnreadableFields(work, delivered))

  const entities = await clock.time('translate', () => stageEntities(work, delivered))
  for (const entity of loadOrder(work.model, entities)) {
    if (entity.file.kind === 'delta') {
      await reconcileDelta(work, entity, clock)
    } else if (straight && entity.stored === 0 && (await nothingHeld(work, entity))) {
      await load(work, tables, entity, entities, clock)
    } else {
      await reconcile(work, entity, unreadable, clock)
    }
  }
  await clock.time('resolve', () => resolveEntities(work, tables, entities, sourceIds))
  const links = await resolveAssociations(work, tables, delivered, unreadable, clock)
  await clock.time('resolve', () =>
    resolveLinksElsewhere(work, tables, sourceIds, new Set(work.source.associations.map(({ name }) => name))),
  )
  const changeSet = await clock.time('resolve', () => finishChangeSet(work, tables))
  return await clock.time('guard', () => weigh(work, changeSet, entities, links, clock))
}

async function stageEntities(work: Work, delivered: Delivered): Promise<readonly EntityWork[]> {
  const entities: EntityWork[] = []
  for (const mapping of work.source.entities) {
    const file = delivered.manifest.files.find((candidate) => candidate.mapping === mapping.name)
    if (file === undefined) continue
    const shape = entityShape(work.model, mapping, lookedUpProperties(work.configuration, mapping.entityType))
    const staging = workTable(work, 'staging', mapping.name)
    await stage(work, delivered, staging, file, shape.columns.length)
    const sole = mappingsOf(work.configuration, mapping.entityType).length === 1
    const holder = sole ? tableOf(mapping.entityType) : replicasOf(work.source.name, mapping.entityType)
    const stored = await storedCount(work, mapping.name, holder)
    entities.push({ shape, file, stored, facts: { ...noFacts }, compared: false })
  }
  return entities
}

const unknownCommand = `coalesce(command, '') not in ('insert', 'update', 'delete', 'merge')`

async function stage(
  work: Work,
  delivered: Delivered,
  staging: string,
  file: PreparedFile,
  columns: number,
): Promise<void> {
  const path = `${delivered.folder}/${file.name}`
  const damaged = (what: string) => new DamagedDeliveryError(basename(delivered.folder), file.name, what)
  const { mapping: subject, size } = file
  const commands = file.kind === 'delta'
  const rows = await stageFile(work, staging, { path, columns, commands, subject, size }).catch(
    (error: unknown) => {
      // Class 22: the text is not what COPY reads, so it is not what prepare writes.
      if (error instanceof StatementError && error.code?.startsWith('22')) throw damaged(error.message)
      throw error
    },
  )
  if (commands && (await countOf(work.session, `${staging} where ${unknownCommand}`)) > 0) {
    throw damaged('it holds a command other than insert, update, delete and merge')
  }
  if (rows !== file.rows) throw damaged(`it holds ${rows} rows where its manifest says ${file.rows}`)
}

async function nothingHeld(work: Work, { shape }: EntityWork): Promise<boolean> {
  const type = shape.type.name
  const empty = async (table: string) => {
    const { rows } = await work.session.query(`select 1 from ${table} limit 1`)
    return rows.length === 0
  }
  return (await empty(tableOf(type))) && (await empty(replicasOf(work.source.name, type)))
}

async function load(
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
  entity.loaded = await clock.time('apply', () => loadStraight(work, tables, shape, known))
  tables.loaded.add(shape.type.name)
}

async function reconcile(
  work: Work,
  entity: EntityWork,
  unreadable: string | undefined,
  clock: Stopwatch,
): Promise<void> {
  const { shape, facts } = entity
  const sole = mappingsOf(work.configuration, shape.type.name).length === 1
  await clock.time('reconcile', async () => {
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

async function reconcileDelta(work: Work, entity: EntityWork, clock: Stopwatch): Promise<void> {
  const { shape, facts } = entity
  await clock.time('reconcile', async () => {
    const netted = await netCommands(work, shape)
    entity.disappeared = netted.disappeared.table
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

async function resolveEntities(
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
    if (attached !== undefined) await keepRealChanges(work, tables, shape)
    await addReplicaChanges(work, tables, shape, { attached, disappeared })
  }
  await resolveReferencesElsewhere(work, tables, sourceIds)
}

async function resolveAssociations(
  work: Work,
  tables: ChangeTables,
  delivered: Delivered,
  unreadable: string | undefined,
  clock: Stopwatch,
): Promise<readonly LinkFacts[]> {
  const facts: LinkFacts[] = []
  for (const mapping of work.source.associations) {
    const file = delivered.manifest.files.find((candidate) => candidate.mapping === mapping.name)
    if (file === undefined) continue
    facts.push(await resolveAssociation(work, tables, delivered, mapping, file, unreadable, clock))
  }
  return facts
}

async function resolveAssociation(
  work: Work,
  tables: ChangeTables,
  delivered: Delivered,
  mapping: AssociationMapping,
  file: PreparedFile,
  unreadable: string | undefined,
  clock: Stopwatch,
): Promise<LinkFacts> {
  const shape = linkShape(work.model, mapping)
  const staging = workTable(work, 'staging', mapping.name)
  await clock.time('translate', () => stage(work, delivered, staging, file, shape.columns.length))
  return await clock.time('resolve', () =>
    file.kind === 'delta'
      ? resolveLinkDelta(work, tables, shape, file, staging)
      : resolveWholeAssociation(work, tables, shape, file, { staging, unreadable }),
  )
}

async function resolveWholeAssociation(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  file: PreparedFile,
  { staging, unreadable }: { readonly staging: string; readonly unreadable: string | undefined },
): Promise<LinkFacts> {
  const desired = await resolveLinks(work, tables, shape, badRowCondition(shape.checks))
  await addLinkChanges(work, tables, shape, desired)
  const withheld = unreadable === undefined ? 0 : await withholdLinkDeletions(work, tables, shape, unreadable)
  const rejected = await countOf(work.session, `${desired.table} where bad`)
  if (rejected > 0) await rejectBadValues(work, staging, linkRejection(shape))
  const stored = await storedLinks(work, shape)
  return { ...noFacts, mapping: shape.mapping.name, file, stored, orphan: desired.orphan, rejected, withheld }
}

async function resolveLinkDelta(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  file: PreparedFile,
  staging: string,
): Promise<LinkFacts> {
  const rejected = await rejectBadValues(work, staging, linkRejection(shape))
  const commands = await addLinkCommands(work, tables, shape, staging)
  const stored = await storedLinks(work, shape)
  return { ...noFacts, ...commands, mapping: shape.mapping.name, file, stored, rejected }
}

function linkRejection(shape: LinkShape) {
  const { name: mapping, file } = shape.mapping
  return { mapping, file, key: `${shape.from} || ' → ' || ${shape.to}`, checks: shape.checks }
}

async function storedLinks(work: Work, shape: LinkShape): Promise<number> {
  const rows = `${tableOf(shape.association.name)} where source_id = ${work.sourceId}`
  return await storedCount(work, shape.mapping.name, rows)
}

async function weigh(
  work: Work,
  changeSet: ChangeSet,
  entities: readonly EntityWork[],
  links: readonly LinkFacts[],
  clock: Stopwatch,
): Promise<Computed> {
  const entityReports: EntityReport[] = []
  for (const entity of entities) {
    entityReports.push(await entityReport(work, changeSet, { ...entity, loaded: entity.loaded?.inserted }))
  }
  const associationReports = links.map((facts) => associationReport(work, changeSet, facts))
  const elsewhere = await sideEffectReports(work, changeSet)
  return {
    changeSet,
    entities: [...entityReports, ...elsewhere.entities],
    associations: [...associationReports, ...elsewhere.associations],
    exceeded: guard(work.source, entityReports, associationReports),
    stages: clock.timings(),
    loaded: entities.flatMap(({ shape, loaded }) => (loaded && loaded.inserted > 0 ? [shape.type.name] : [])),
    compared: entities.filter(({ compared }) => compared).map(({ shape }) => shape.type.name),
  }
}

/** Work tables that only the computation needed. */
export async function dropScratchTables(work: Work, keep: ReadonlySet<string>): Promise<void> {
  const { rows } = await work.session.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class
     where relnamespace = current_schema()::regnamespace and relkind = 'r' and starts_with(relname, $1)`,
    [`${work.prefix}_`],
  )
  const unneeded = rows
    .map(({ name }) => (name.startsWith('"') ? name : `"${name}"`))
    .filter((name) => !keep.has(name))
  if (unneeded.length > 0) await work.session.execute(`drop table ${unneeded.join(', ')}`)
}

/** Table with the rejected rows of the run. */
export function rejectedTable(work: Work): string {
  return singleWorkTable(work, 'rejected')
}
