/**
 * The producer of what stands in the open tables of a source.
 *
 * @module
 */
import { type OnProgress, switchedOn } from '@sluice/model'
import { type EntityChanges, noEntityChanges } from '../changes/entity-changes.ts'
import { finishChanges } from '../changes/finish-change-set.ts'
import { limitsOf } from '../changes/limits.ts'
import type { Produced, Producer } from '../changes/produced.ts'
import { type SourcePart, sourcesByName } from '../context/run-context.ts'
import { sharedPart } from '../replicas/shared-part.ts'
import { findChangedKeys } from '../resolve/changed-keys.ts'
import { linkChangeTable } from '../resolve/links/compare-pairs.ts'
import { resolveLinksElsewhere } from '../resolve/links/resolve-links.ts'
import { resolveReferencesElsewhere } from '../resolve/references-elsewhere.ts'
import { releaseReferring } from '../resolve/release-referring.ts'
import { keepRejected } from '../rows/still-rejected.ts'
import { keysInUse } from './compute-change-set.ts'
import { reportElsewhere } from './report-elsewhere.ts'
import {
  checkedEntries,
  computeSharedType,
  countedEntries,
  losingShared,
  reportLinkSets,
  type SharedType,
  sharedReport,
  statusEntries,
} from './shared-types.ts'
import { type Stopwatch, stopwatch } from './stopwatch.ts'

/**
 * `loaded`: the run follows a load, so that what that missed has disappeared. `decided`: only rows are looked at of which somebody has
 * decided to which resource they belong; `acted`: of which people want something; `ageing`: only those are looked at that have disappeared.
 */
export function produceFromReplicas(of: {
  readonly source: string
  readonly loaded: boolean
  readonly decided?: true | undefined
  readonly acted?: true | undefined
  readonly ageing?: true | undefined
  readonly onProgress?: OnProgress | undefined
}): Producer {
  return async (run) => {
    const known = run.sources.get(of.source)
    if (known === undefined) throw new Error(`Source ${of.source} is not in the repository.`)
    const { source, id: sourceId } = known
    const onProgress = of.onProgress ?? (() => undefined)
    const clock = stopwatch({ source: source.name, onProgress, signal: run.signal })
    const { loaded: whole, decided, acted, ageing } = of
    // What people want of a replica is done, whether or not its mapping is switched off.
    const asked = decided === true || acted === true
    const own = asked ? source : switchedOn(source)
    const part = { ...run, source: own, sourceId, whole, decided, acted, ageing }
    await keepRejected(part)
    const computed = await computeFromReplicas(part, clock)
    return { ...computed, limits: limitsOf(source, sourcesByName(run.sources)) }
  }
}

/** Of every entity type that the source fills, all of which are shared. */
export async function computeFromReplicas(
  part: SourcePart,
  clock: Stopwatch,
): Promise<Omit<Produced, 'limits'>> {
  let changes: EntityChanges = noEntityChanges
  const types: SharedType[] = []
  // A source that delivers files may own other types whole.
  for (const { entityType } of part.source.entities.filter(({ federation }) => federation !== undefined)) {
    const shared = sharedPart(part, entityType)
    const done = await computeSharedType(shared, { changes }, clock)
    changes = done.changes
    types.push(done)
  }
  const finished = await clock.time('resolve', async () => {
    const keys = await findChangedKeys(part, { changes, attached: [] }, keysInUse(part, []))
    const followed = await resolveReferencesElsewhere(part, changes, [], keys)
    const links = await resolveLinksElsewhere(part, followed, keys)
    const losing = losingShared(types)
    const released = await releaseReferring(part, followed, losing)
    return await finishChanges(part, released.changes, [
      ...types.flatMap((type) => type.links),
      ...links.map(linkChangeTable),
      ...released.links,
    ])
  })
  const entities = await clock.time('guard', async () => {
    const reports: Produced['entities'][number][] = []
    for (const type of types) reports.push(await sharedReport(type, finished))
    return reports
  })
  return {
    entities,
    associations: await reportLinkSets(part, types, finished),
    elsewhere: await reportElsewhere(part, finished),
    past: undefined,
    drift: null,
    notes: types.flatMap(({ notes }) => notes),
    stages: clock.timings(),
    changeSet: {
      ...finished,
      replicas: [],
      statuses: statusEntries(types),
      merges: [],
      loaded: [],
      checked: checkedEntries(types),
      counted: countedEntries(types),
      stored: [],
      source: null,
    },
  }
}
