/**
 * The producer of merges: resources that are one thing become one, with all that was said of any of them.
 *
 *   merges → resources found → values → references → links and references that are looked up again → replicas → change set
 *
 * @module
 */
import { type EditRequest, isComposed } from '@sluice/model'
import { run } from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import { type EntityChanges, noEntityChanges } from '../changes/entity-changes.ts'
import { finishChanges } from '../changes/finish-change-set.ts'
import type { Limits } from '../changes/limits.ts'
import { changeOrphanReferences } from '../changes/orphan-changes.ts'
import type { Produced } from '../changes/produced.ts'
import { familyNames, type RunContext, sourcesByName } from '../context/run-context.ts'
import { finishEdit, partOfPeople } from '../edit/finish-edit.ts'
import { refuseChanged } from '../edit/lay-out-edits.ts'
import type { EditProducer } from '../edit/produce-edit.ts'
import { keysInUse } from '../produce/compute-change-set.ts'
import { findChangedKeys } from '../resolve/changed-keys.ts'
import { linkChangeTable } from '../resolve/links/compare-pairs.ts'
import { resolveLinksElsewhere } from '../resolve/links/resolve-links.ts'
import { resolveReferencesElsewhere } from '../resolve/references-elsewhere.ts'
import { lookupsOf } from '../sql/looked-up-properties.ts'
import { orphanReferences } from '../sql/tables.ts'
import { findMerges, type TypeMerges } from './find-merges.ts'
import { layOutMerges, orphansMoving, pairsOf } from './lay-out-merges.ts'
import { moveLinks } from './move-links.ts'
import { type Merged, moveReferences } from './move-references.ts'
import { moveReplicas } from './move-replicas.ts'

/** The resources that it is about are those that stay. */
export function produceMerge(request: EditRequest): EditProducer {
  let kept: ReturnType<EditProducer['resources']> = []
  return {
    resources: () => kept,
    produce: async (context) => {
      const started = performance.now()
      const types = await findMerges(context, request)
      kept = types
        .flatMap(({ edits }) => edits)
        .map(({ edit, entityType, resourceId }) => ({ edit, entityType, resourceId }))
        .toSorted((a, b) => a.edit - b.edit)
      const produced = await computeChanges(context, types)
      const stages = [{ stage: 'resolve' as const, milliseconds: Math.round(performance.now() - started) }]
      return { ...produced, stages }
    },
  }
}

async function computeChanges(
  context: RunContext,
  types: readonly TypeMerges[],
): Promise<Omit<Produced, 'stages'>> {
  const part = partOfPeople(context)
  const merged: Merged = await layOutPairs(context, types)
  const laidOut = await layOut(context, types, merged)
  const moved = await moveReferences(context, laidOut, merged)
  const names = new Set(types.map(({ type }) => type.name))
  const keys = keysInUse(part, []).filter(({ entityType }) =>
    familyNames(part.model, entityType).some((name) => names.has(name)),
  )
  const changed = await findChangedKeys(part, { changes: moved, attached: [] }, keys)
  const resolved = await resolveReferencesElsewhere(part, moved, [], changed)
  const elsewhere = await resolveLinksElsewhere(part, resolved, changed)
  const links = await moveLinks(context, merged)
  await moveOrphans(context, types, { merged, changes: resolved })
  const finished = await finishChanges(context, resolved, [...elsewhere.map(linkChangeTable), ...links])
  const replicas: ChangeSet['replicas'] = []
  const statuses: ChangeSet['statuses'] = []
  const merges: ChangeSet['merges'] = []
  for (const [entityType, pairs] of merged) {
    const rows = await moveReplicas(context, entityType, pairs)
    replicas.push(...rows.replicas)
    statuses.push(...rows.statuses)
    const moved = [...rows.replicas, ...rows.statuses]
    const sources = moved.map(({ source }) => source)
    const held = moved.flatMap((one) =>
      one.entityType === entityType ? [] : [[one.source, one.entityType] as const],
    )
    const namedBy = [
      ...lookupsOf({ model: part.model, sources: sourcesByName(part.sources) }, entityType),
    ].filter(isComposed)
    merges.push({
      entityType,
      table: pairs.name,
      sources,
      ...(held.length === 0 ? {} : { held: Object.fromEntries(held) }),
      ...(namedBy.length === 0 ? {} : { namedBy }),
    })
  }
  const around = { edited: names, replicas, statuses, going: [], merges }
  const produced = await finishEdit(part, finished, around)
  return { ...produced, limits: withoutMoves(produced.limits) }
}

/** Links and references go to where their ends went: nobody loses any. */
function withoutMoves(limits: Limits): Limits {
  const { linksInserted: _, linksDeleted: __, ...source } = limits.source
  const unlimited = () => ({})
  return {
    ...limits,
    source,
    association: unlimited,
    elsewhere: () => ({ entity: unlimited, association: unlimited }),
  }
}

async function layOutPairs(context: RunContext, types: readonly TypeMerges[]): Promise<Merged> {
  const merged = new Map()
  for (const of of types) merged.set(of.type.name, await pairsOf(context, of))
  return merged
}

async function layOut(
  context: RunContext,
  types: readonly TypeMerges[],
  merged: Merged,
): Promise<EntityChanges> {
  let changes: EntityChanges = { ...noEntityChanges, merged }
  for (const of of types) {
    await refuseChanged(context, of)
    const pairs = merged.get(of.type.name)
    if (pairs !== undefined) changes = await layOutMerges(context, changes, of, pairs)
  }
  return changes
}

async function moveOrphans(
  context: RunContext,
  types: readonly TypeMerges[],
  { merged, changes }: { readonly merged: Merged; readonly changes: EntityChanges },
): Promise<void> {
  for (const of of types) {
    const [pairs, table] = [merged.get(of.type.name), changes.tables.get(of.type.name)]
    if (pairs === undefined || table === undefined) continue
    const moving = orphansMoving(of, { pairs, table, orphans: orphanReferences })
    if (moving === undefined) continue
    const moved = changeOrphanReferences(`merge/move-orphans ${of.type.name}`, context.runId, moving)
    await run(context.session, moved)
  }
}
