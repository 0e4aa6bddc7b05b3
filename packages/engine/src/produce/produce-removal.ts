/**
 * The producer of the run by which a source goes: what becomes of its resources is computed, weighed and applied like anything else.
 *
 * Its rows have all disappeared, whatever its tables and files say. What is left of it when the run is applied becomes nobody's; that
 * is done where the source is taken out of the model, in the same transaction.
 *
 * @module
 */
import type { EntityMapping, EntityThresholds, OnProgress, ResourceFate, Source } from '@sluice/model'
import { limitsOf } from '../changes/limits.ts'
import type { Produced, Producer } from '../changes/produced.ts'
import { type SourcePart, sourcesByName } from '../context/run-context.ts'
import type { Intake } from '../intake/intake.ts'
import { createStaging } from '../intake/staging.ts'
import { computeChangeSet } from './compute-change-set.ts'
import { computeFromReplicas } from './produce-from-replicas.ts'
import { stopwatch } from './stopwatch.ts'

export function produceRemoval(of: {
  readonly source: string
  readonly fate: ResourceFate
  readonly onProgress?: OnProgress | undefined
}): Producer {
  return async (run) => {
    const known = run.sources.get(of.source)
    if (known === undefined) throw new Error(`Source ${of.source} is not in the repository.`)
    const source = leavingSource(known.source, of.fate)
    const sources = new Map(run.sources).set(source.name, { source, id: known.id })
    const leaving = of.fate === 'delete' ? 'deleting' : 'sparing'
    const part: SourcePart = { ...run, source, sources, sourceId: known.id, whole: true, leaving }
    const onProgress = of.onProgress ?? (() => undefined)
    const clock = stopwatch({ source: source.name, onProgress, signal: run.signal })
    const compute = async () => {
      if (of.fate !== 'delete' || source.table === true) return await computeFromReplicas(part, clock)
      return await computeChangeSet(part, { intake: nothingLeft, delivery: '', straight: false, clock })
    }
    const produced = await compute()
    return {
      ...produced,
      drift: null,
      notes: [],
      limits: limitsOf(source, sourcesByName(sources)),
      changeSet: { ...produced.changeSet, stored: storedElsewhere(produced, source), source: null },
    }
  }
}

/**
 * What disappears does so because somebody wants it, and is not weighed; what that changes and deletes is. Where the resources are to
 * be kept, or are those of others, nothing is computed of types that the source owns whole.
 */
function leavingSource(source: Source, fate: ResourceFate): Source {
  const entities = source.entities.map(leavingMapping)
  if (fate === 'delete') return { ...source, entities }
  const shared = fate === 'keep' ? [] : entities.filter(({ federation }) => federation !== undefined)
  return { ...source, entities: shared, associations: [] }
}

function leavingMapping(mapping: EntityMapping): EntityMapping {
  const { federation } = mapping
  const { inserted, updated, deleted } = mapping.thresholds
  const thresholds: EntityThresholds = { inserted, updated, deleted }
  if (federation === undefined) return { ...mapping, thresholds }
  const deletePolicy = { action: 'delete', update: new Map<string, string>(), retention: 0 } as const
  return { ...mapping, thresholds, federation: { ...federation, deletePolicy, fullLoadInterval: 0 } }
}

/** Nothing is remembered of a source that goes. */
function storedElsewhere(
  { changeSet }: Omit<Produced, 'limits'>,
  { name }: Source,
): Produced['changeSet']['stored'] {
  return changeSet.stored.filter(({ source }) => source !== name)
}

const noRows = { rows: 0, read: 0, rejected: 0, nullKey: 0, duplicate: 0, noLink: 0, unchanged: 0 }

/** A delivery in which nothing is there any more. */
const nothingLeft: Intake = {
  notes: [],
  stageUnreadable: async () => undefined,
  stage: async (part, shape) => {
    const { table } = await createStaging(part, shape, { commands: false })
    return { table, commands: false, counts: noRows }
  },
}
