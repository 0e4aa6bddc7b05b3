/**
 * What every request of people shares: how they stand in a run, and how its changes are reported and closed.
 *
 * @module
 */
import type { EntityReport, Source } from '@sluice/model'
import type { ChangeSet } from '../changes/change-set.ts'
import type { Produced } from '../changes/produced.ts'
import { entityTypeOf, type RunContext, type SourcePart } from '../context/run-context.ts'
import { growthElsewhere, reportElsewhere } from '../produce/report-elsewhere.ts'
import { peopleId } from '../sql/people.ts'
import type { Deleted } from './lay-out-deletions.ts'
import { entityReport, limitsOfEdit, linkReport } from './report-edit.ts'

/** As sources say things, people do too; but nothing of a person's is mapped. */
const nobody: Source = {
  name: '',
  folder: '',
  mode: 'auto',
  entities: [],
  associations: [],
  thresholds: {},
}

export function partOfPeople(context: RunContext): SourcePart {
  return { ...context, source: nobody, sourceId: peopleId, whole: true }
}

/** What else becomes of what an edit is about. */
interface Around extends Deleted {
  /** The entity types that the edit names. */
  readonly edited: ReadonlySet<string>
  readonly merges: ChangeSet['merges']
}

export async function finishEdit(
  part: SourcePart,
  finished: Pick<ChangeSet, 'entities' | 'links'>,
  { edited, replicas, statuses, going, merges }: Around,
): Promise<Omit<Produced, 'stages'>> {
  const limits = limitsOfEdit(part.sources)
  const entities: EntityReport[] = []
  for (const entry of finished.entities)
    if (edited.has(entry.entityType)) entities.push(await entityReport(part, limits, entry))
  const associations = []
  for (const entry of finished.links)
    if (entry.source === null) associations.push(await linkReport(part, limits, entry))
  const elsewhere = await reportElsewhere(part, {
    entities: finished.entities.filter(({ entityType }) => !edited.has(entityType)),
    links: finished.links.filter(({ source }) => source !== null),
  })
  const changeSet: ChangeSet = {
    ...finished,
    replicas,
    statuses,
    merges,
    loaded: [],
    checked: [],
    stored: [
      ...growthElsewhere(elsewhere),
      ...going.map(({ source, entityType, count }) => ({
        source,
        mapping: entityTypeOf(part.model, entityType).name,
        stored: null,
        growth: -count,
        rejected: null,
      })),
    ],
    source: null,
  }
  return { entities, associations, elsewhere, changeSet, past: undefined, limits, drift: null, notes: [] }
}
