/**
 * One pass over one delivery: the order of the stages, and nothing else.
 *
 * translate → reconcile → resolve → guard. The result is a change set in tables; `apply` writes it,
 * or it is held. Each stage reads what the one before left in work tables and knows no other stage.
 *
 * @module
 */
import type { AssociationReport, Drift, EntityReport, Exceeded, StageTiming } from '@sluice/model'
import { changedMappings } from './changed-mappings.ts'
import { findDrift } from './find-drift.ts'
import { guard } from './guard/guard.ts'
import { loadOrder } from './load-order.ts'
import { chainEnds } from './mark-applied.ts'
import { associationReport, entityReport, type LinkFacts, sideEffectReports } from './report.ts'
import { finishChangeSet } from './resolve/finish-change-set.ts'
import { resolveLinksElsewhere } from './resolve/links-elsewhere.ts'
import { resolveAssociations } from './run-associations.ts'
import {
  type EntityWork,
  load,
  nothingHeld,
  reconcile,
  reconcileDelta,
  resolveEntities,
  stageEntities,
} from './run-entities.ts'
import type { Delivered } from './stage-delivered-file.ts'
import { stopwatch } from './stopwatch.ts'
import type { ChangeSet } from './terms/change-set.ts'
import { noChangeTables } from './terms/change-tables.ts'
import type { SourceIds, Work } from './terms/work.ts'
import { loadUnreadableFields } from './translate/load-unreadable-fields.ts'

export interface Computed {
  readonly changeSet: ChangeSet
  readonly entities: readonly EntityReport[]
  readonly associations: readonly AssociationReport[]
  readonly exceeded: readonly Exceeded[]
  readonly drift: Drift | null
  readonly stages: readonly StageTiming[]
  /** Things worth knowing that stopped nothing. */
  readonly notes: readonly string[]
  /** Some mapping reads otherwise than in the last applied run, or is new. */
  readonly newMappings: boolean
  /** Entity types that were loaded straight; they are in their tables already. */
  readonly loaded: readonly string[]
  /** Entity types of which stored rows by foreign transactions were compared. */
  readonly compared: readonly string[]
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
  const tables = noChangeTables()
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
  const facts = [...entities.map((entity) => entity.facts), ...links]
  const ends = await chainEnds(work, delivered.manifest, facts)
  const changeSet = await clock.time('resolve', () => finishChangeSet(work, tables, ends !== undefined))
  const changed = await changedMappings(work.session, work.sourceId, work.source)
  // Where a mapping reads otherwise than before, its changes are neither the source's nor drift.
  const drift =
    changed.notes.size > 0
      ? null
      : await clock.time('resolve', () => findDrift(work, tables, delivered, entities))
  const weighed = await clock.time('guard', () => weigh(work, changeSet, entities, links))
  const notes = [...changed.notes.values(), ...(ends === undefined ? [] : [ends])]
  return { ...weighed, drift, notes, newMappings: changed.unknown, stages: clock.timings() }
}

async function weigh(
  work: Work,
  changeSet: ChangeSet,
  entities: readonly EntityWork[],
  links: readonly LinkFacts[],
): Promise<Omit<Computed, 'drift' | 'notes' | 'newMappings' | 'stages'>> {
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
    loaded: entities.flatMap(({ shape, loaded }) => (loaded && loaded.inserted > 0 ? [shape.type.name] : [])),
    compared: entities.filter(({ compared }) => compared).map(({ shape }) => shape.type.name),
  }
}
