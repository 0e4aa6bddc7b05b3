/**
 * From the staged rows of a source to a change set: the order of the stages, and nothing else.
 *
 *   intake → reconcile (Staged → Compared → Attached) → resolve (changes of entities, references, links) → change set
 *
 * Each stage is given what the one before found and returns what it finds; none knows another.
 *
 * @module
 */
import {
  commandRoles,
  type EntityMapping,
  type EntityReport,
  ownershipOf,
  ownsAlone,
  preparedWithin,
} from '@sluice/model'
import type { Table } from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import { type EntityChanges, noEntityChanges } from '../changes/entity-changes.ts'
import { finishChanges } from '../changes/finish-change-set.ts'
import type { Produced } from '../changes/produced.ts'
import { familyNames, type SourcePart, sourcesByName } from '../context/run-context.ts'
import type { FromGraph, Intake } from '../intake/intake.ts'
import { attachCandidates } from '../reconcile/attach-candidates.ts'
import { compareWithReplicas } from '../reconcile/compare-with-replicas.ts'
import { netCommands } from '../reconcile/net-commands.ts'
import type { BroughtIn } from '../replicas/bring-in.ts'
import { type ChangedKeys, findChangedKeys } from '../resolve/changed-keys.ts'
import {
  completeReferences,
  isEmpty,
  type Loaded,
  loadStraight,
} from '../resolve/first-load/load-straight.ts'
import { layOutChanges } from '../resolve/lay-out-changes.ts'
import { type LinkChanges, linkChangeTable } from '../resolve/links/compare-pairs.ts'
import { endKey, filledAssociations } from '../resolve/links/filled-association.ts'
import { fillLookups } from '../resolve/links/lookups-of-run.ts'
import {
  type ResolvedLinks,
  resolveLinks,
  resolveLinksElsewhere,
  type StagedLinks,
} from '../resolve/links/resolve-links.ts'
import { filledReferences, resolveReferencesElsewhere } from '../resolve/references-elsewhere.ts'
import { type Released, releaseReferring } from '../resolve/release-referring.ts'
import { resolveReferences } from '../resolve/resolve-references.ts'
import type { Attached, StagedEntity } from '../rows/entity-rows.ts'
import { rejectBadValues, rejectingEntities } from '../rows/reject-bad-values.ts'
import { type EntityShape, entityShape, withoutColumns } from '../sql/entity-shape.ts'
import { linkShape } from '../sql/link-shape.ts'
import { lookedUpProperties } from '../sql/looked-up-properties.ts'
import type { LookupKey } from '../sql/lookups.ts'
import { whyChainEnds } from './chain.ts'
import { findChangedMappings } from './changed-mappings.ts'
import { bringIn, deliveredReport, type SharedOfDelivery, shareTypes } from './delivered-types.ts'
import { loadOrder } from './load-order.ts'
import { type Drifting, markDrift } from './mark-drift.ts'
import { readWindow } from './read-window.ts'
import { growthElsewhere, growthOf, reportElsewhere } from './report-elsewhere.ts'
import { checkedEntries, countedEntries, losingShared, statusEntries } from './shared-types.ts'
import { associationReport, comparedReport, loadedReport } from './source-report.ts'
import type { Stopwatch } from './stopwatch.ts'
import { storedCounts } from './stored-counts.ts'

export interface Computing {
  readonly intake: Intake
  /** The delivery that the repository stands for when the change set is applied. */
  readonly delivery: string | null
  /**
   * Types of which nothing is stored are inserted at once, which is twice as fast; the caller computes again without it
   * when a threshold then holds the run.
   */
  readonly straight: boolean
  readonly clock: Stopwatch
}

export async function computeChangeSet(
  part: SourcePart,
  computing: Computing,
): Promise<Omit<Produced, 'limits'>> {
  const { intake, clock } = computing
  const staged = await clock.time('translate', () => stageEverything(part, intake))
  const { attached, loaded, brought } = await compareEntities(part, staged, computing)
  const begun = { ...noEntityChanges, loaded: new Set(loaded.map(({ shape }) => shape.type.name)) }
  const laidOut = await clock.time('resolve', () => layOutChanges(part, begun, attached))
  const { changes: withShared, shared } = await shareTypes(part, laidOut, brought, clock)
  const { entities, keys } = await clock.time('resolve', () =>
    resolveEntities(part, withShared, { attached, loaded }, keysInUse(part, staged.links)),
  )
  const whole = staged.links.filter(({ rows }) => !rows.commands).map(({ shape }) => shape)
  const lookups = await clock.time('resolve', () => fillLookups(part, entities, whole))
  const links: ResolvedLinks[] = []
  for (const one of staged.links) {
    const gone = one.rows.follows === undefined ? undefined : deletedWith(part, one, attached)
    const of = { changes: entities, keys, unreadable: staged.unreadable, lookups, gone }
    links.push(await clock.time('resolve', () => resolveLinks(part, one, of), one.shape.mapping.name))
  }
  const elsewhere = await clock.time('resolve', () => resolveLinksElsewhere(part, entities, keys))
  const released = await clock.time('resolve', () =>
    releaseReferring(part, entities, [...losingTypes(attached), ...losingShared(shared)]),
  )
  const produced = { changes: released.changes, attached, loaded, links, shared, graph: staged.graph }
  return await finish(part, computing, { ...produced, elsewhere, released: released.links })
}

interface StagedSource {
  readonly graph: FromGraph | undefined
  readonly unreadable: Table | undefined
  readonly entities: readonly StagedEntity[]
  readonly links: readonly StagedLinks[]
}

async function stageEverything(part: SourcePart, intake: Intake): Promise<StagedSource> {
  const { source, model } = part
  const graph = await intake.evaluate?.(part)
  const stored = await storedCounts(part)
  const unreadable = await intake.stageUnreadable(part)
  const entities: StagedEntity[] = []
  for (const mapping of source.entities) {
    const lookedUp = lookedUpProperties({ model, sources: sourcesByName(part.sources) }, mapping.entityType)
    const shape = shapeOf(part, intake, { mapping, lookedUp })
    const rows = await intake.stage(part, shape)
    if (rows === undefined) continue
    entities.push({ shape, rows, ...(await stored.ofEntities(mapping)) })
  }
  const links: StagedLinks[] = []
  for (const mapping of source.associations) {
    const shape = linkShape(model, mapping)
    const rows = await intake.stage(part, shape)
    if (rows === undefined) continue
    links.push({ shape, rows, ...(await stored.ofLinks(mapping.association)) })
  }
  return { graph, unreadable, entities, links }
}

/** Of rows that lack columns: that of the mapping without them, so that what they say nothing of is left alone. */
function shapeOf(
  { model }: SourcePart,
  intake: Intake,
  { mapping, lookedUp }: { readonly mapping: EntityMapping; readonly lookedUp: ReadonlySet<string> },
): EntityShape {
  const columns = intake.columnsOf?.(mapping.name)
  const within = columns && preparedWithin(mapping, model, columns)
  if (within === undefined || within.properties.length === mapping.properties.length)
    return entityShape(model, mapping, lookedUp)
  return withoutColumns(entityShape(model, within, lookedUp), mapping)
}

interface ComparedEntities {
  readonly attached: readonly Attached[]
  /** Those that were loaded straight. */
  readonly loaded: readonly Loaded[]
  /** Those whose resources are shared. */
  readonly brought: readonly BroughtIn[]
}

async function compareEntities(
  part: SourcePart,
  staged: StagedSource,
  { straight, clock }: Computing,
): Promise<ComparedEntities> {
  const attached: Attached[] = []
  const loaded: Loaded[] = []
  const brought: BroughtIn[] = []
  for (const entity of loadOrder(part.model, staged.entities)) {
    if (entity.shape.mapping.federation !== undefined) {
      brought.push(await bringIn(part, entity, staged.unreadable, clock))
      continue
    }
    const first = straight && !entity.rows.commands && entity.stored === 0 && (await isEmpty(part, entity))
    if (first) loaded.push(await load(part, entity, staged.entities, { loaded, clock }))
    else attached.push(await reconcile(part, entity, staged.unreadable, clock))
  }
  const order = staged.entities.map(({ shape }) => shape.mapping.name)
  return { attached: inOrder(attached, order), loaded: inOrder(loaded, order), brought }
}

/** As the mappings are configured, whatever order they were worked in. */
function inOrder<T extends Pick<StagedEntity, 'shape'>>(
  entities: readonly T[],
  order: readonly string[],
): readonly T[] {
  return entities.toSorted(
    (a, b) => order.indexOf(a.shape.mapping.name) - order.indexOf(b.shape.mapping.name),
  )
}

async function load(
  part: SourcePart,
  entity: StagedEntity,
  all: readonly StagedEntity[],
  { loaded, clock }: { readonly loaded: readonly Loaded[]; readonly clock: Stopwatch },
): Promise<Loaded> {
  const { shape, rows } = entity
  const about = shape.mapping.name
  const rejected = await clock.time(
    'translate',
    () => rejectBadValues(part, rows.table, rejectingEntities(shape, rows)),
    about,
  )
  // A type is known when the rows of its whole family are as they will be: loaded before, or not delivered.
  const done = new Set(loaded.map((other) => other.shape.type.name))
  const open = new Set(all.map((other) => other.shape.type.name).filter((name) => !done.has(name)))
  const known = (type: string) => !familyNames(part.model, type).some((name) => open.has(name))
  return await clock.time('apply', () => loadStraight(part, entity, { rejected, known }), about)
}

async function reconcile(
  part: SourcePart,
  entity: StagedEntity,
  unreadable: Table | undefined,
  clock: Stopwatch,
): Promise<Attached> {
  return await clock.time(
    'reconcile',
    async () => {
      const compared = entity.rows.commands
        ? await netCommands(part, entity)
        : await compareWithReplicas(part, entity, unreadable)
      return await attachCandidates(part, compared)
    },
    entity.shape.mapping.name,
  )
}

async function resolveEntities(
  part: SourcePart,
  laidOut: EntityChanges,
  { attached, loaded }: Pick<ComparedEntities, 'attached' | 'loaded'>,
  used: readonly LookupKey[],
): Promise<{ readonly entities: EntityChanges; readonly keys: ChangedKeys }> {
  for (const entity of attached) await resolveReferences(part, laidOut, entity)
  for (const entity of loaded) await completeReferences(part, laidOut, entity)
  const keys = await findChangedKeys(part, { changes: laidOut, attached }, used)
  return { entities: await resolveReferencesElsewhere(part, laidOut, attached, keys), keys }
}

/** By what references and links find their targets: all that a change of a key may make point somewhere else. */
export function keysInUse(part: SourcePart, staged: readonly StagedLinks[]): readonly LookupKey[] {
  const whole = new Set(staged.filter(({ rows }) => !rows.commands).map(({ shape }) => shape.mapping.name))
  // Whole rows of an association are looked up all, whatever changes.
  const links = filledAssociations(part).filter(
    ({ source, mapping }) => source.name !== part.source.name || !whole.has(mapping.name),
  )
  return [
    ...filledReferences(part).map(({ target }) => target),
    ...links.flatMap((filled) => [endKey(filled, 'from'), endKey(filled, 'to')]),
  ]
}

/** Of which resources go: disappeared ones, and those that nobody owns. */
function losingTypes(attached: readonly Attached[]): readonly string[] {
  return attached
    .filter(({ disappeared, external }) => disappeared !== undefined || (external?.unattachedCount ?? 0) > 0)
    .map(({ shape }) => shape.type.name)
}

/** What commands delete of the entity that the links follow. */
function deletedWith(
  { source: { name }, sources, model }: SourcePart,
  { shape }: StagedLinks,
  attached: readonly Attached[],
): Table | undefined {
  // With the mappings that are switched off: rows are of the same thing.
  const source = sources.get(name)?.source
  const roles = source && commandRoles(source, model, shape.mapping.file)
  if (roles?.kind !== 'commands') return undefined
  return attached.find((entity) => entity.shape.mapping.name === roles.commanded)?.disappeared?.table
}

async function finish(
  part: SourcePart,
  { intake, delivery, clock }: Computing,
  produced: ProducedParts,
): Promise<Omit<Produced, 'limits'>> {
  const { attached, loaded, links, shared, graph } = produced
  const found = [...attached, ...links, ...shared.map(({ brought }) => brought)].map((one) => one.found)
  const kept = graph === undefined ? found : [...found, graph]
  const chainEnds = await whyChainEnds(part, intake.keptFrom, kept)
  const asserted = [...links.map(({ changes }) => changes), ...produced.elsewhere]
  const tables = [...asserted.map(linkChangeTable), ...produced.released]
  const finished = await clock.time('resolve', () => finishChanges(part, produced.changes, tables))
  const mappings = await findChangedMappings(part.session, part.source, part.model)
  // Where a mapping reads otherwise than before, its changes are neither the source's nor drift.
  const drift =
    mappings.notes.length > 0
      ? null
      : await clock.time('resolve', () => markDrift(part, intake.changedSince, produced))
  const reports = await clock.time('guard', () => report(part, finished, produced))
  const changeSet: ChangeSet = {
    ...finished,
    replicas: attached.flatMap((entity) => replicaEntry(part, entity)),
    statuses: statusEntries(shared),
    merges: [],
    loaded: loaded
      .filter(({ inserted }) => inserted > 0)
      .map(({ shape }) => ({ source: part.source.name, entityType: shape.type.name })),
    checked: [...attached.flatMap((entity) => checkedEntry(part, entity)), ...checkedEntries(shared)],
    counted: countedEntries(shared),
    stored: storedAfter(part, reports, produced),
    source: {
      sourceId: part.sourceId,
      appliedDelivery: chainEnds === undefined ? delivery : null,
      mappings: [...mappings.toRemember],
    },
    ...(graph === undefined ? {} : { graph: graph.changes }),
  }
  const notes = [
    ...intake.notes,
    ...(graph?.notes ?? []),
    ...mappings.notes,
    ...shared.flatMap((type) => type.notes),
    ...(chainEnds === undefined ? [] : [chainEnds]),
  ]
  const entities = [...(graph?.reports ?? []), ...reports.entities]
  return { ...reports, entities, changeSet, drift, notes, stages: clock.timings() }
}

interface ProducedParts extends Drifting {
  readonly graph: FromGraph | undefined
  readonly shared: readonly SharedOfDelivery[]
  readonly elsewhere: readonly LinkChanges[]
  readonly released: Released['links']
}

type Reports = Pick<Produced, 'entities' | 'associations' | 'elsewhere' | 'past'>

async function report(
  part: SourcePart,
  finished: Pick<ChangeSet, 'entities' | 'links'>,
  { attached, loaded, links, shared }: Pick<ProducedParts, 'attached' | 'loaded' | 'links' | 'shared'>,
): Promise<Reports> {
  const reports: EntityReport[] = []
  for (const entity of attached) reports.push(await comparedReport(part, finished, entity))
  for (const entity of loaded) reports.push(await loadedReport(part, finished, entity))
  for (const type of shared) reports.push(await deliveredReport(type, finished))
  const order = part.source.entities.map(({ name }) => name)
  const associations = links.map((one) => associationReport(part, finished, one))
  const fewer = [...reports, ...associations].some(({ changes }) => changes.deleted > changes.inserted)
  return {
    entities: reports.sort((a, b) => order.indexOf(a.mapping) - order.indexOf(b.mapping)),
    associations,
    elsewhere: await reportElsewhere(part, finished),
    past: fewer ? await readWindow(part.session, part.sourceId, part.source) : undefined,
  }
}

function replicaEntry({ source }: SourcePart, entity: Attached): ChangeSet['replicas'] {
  const { shape, attached, disappeared } = entity
  if (attached === undefined && disappeared === undefined) return []
  const rows = {
    kind: 'rows' as const,
    attached: attached?.name ?? null,
    key: shape.keyName,
    disappeared: disappeared?.table.name ?? null,
  }
  return [{ source: source.name, entityType: shape.type.name, rows }]
}

function checkedEntry(part: SourcePart, { shape, external, rows, found }: Attached): ChangeSet['checked'] {
  // Resources that stay because their rows could not be read were not compared.
  const unread = found.withheld + found.rejected + rows.counts.rejected > 0
  if (external === undefined || unread) return []
  const alone = ownsAlone(ownershipOf(sourcesByName(part.sources), shape.type.name), part.source)
  const table = external.versions.name
  return [{ entityType: shape.type.name, sourceId: alone ? null : part.sourceId, table }]
}

function storedAfter(
  part: SourcePart,
  { entities, associations, elsewhere }: Reports,
  { attached, loaded, links, shared }: Pick<ProducedParts, 'attached' | 'loaded' | 'links' | 'shared'>,
): ChangeSet['stored'] {
  const rejected = new Map(
    [
      ...[...attached, ...links].map(
        ({ shape, found }) => [shape, found.rejected + found.stillRejected] as const,
      ),
      ...loaded.map((entity) => [entity.shape, entity.rejected] as const),
      ...shared.map(
        ({ brought: { entity, found } }) => [entity.shape, found.rejected + found.stillRejected] as const,
      ),
    ].map(([{ mapping }, count]) => [mapping.name, count]),
  )
  return [
    ...[...entities, ...associations].map((one) => ({
      source: part.source.name,
      mapping: one.mapping,
      stored: one.stored,
      growth: growthOf(one),
      rejected: rejected.get(one.mapping) ?? 0,
    })),
    // What the run did to links of another source comes on top of what that source left.
    ...growthElsewhere(elsewhere),
  ]
}
