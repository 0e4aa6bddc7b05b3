/**
 * The producer of what stands in the tables of a source: from its replicas to a change set.
 *
 *   rows → faults → missing → resources (values decided, resources found) → statuses
 *
 * @module
 */
import type { OnProgress, ReplicaCounts } from '@sluice/model'
import { one, type Statement, sql, statement } from '@sluice/repository'
import { type EntityChanges, noEntityChanges } from '../changes/entity-changes.ts'
import { finishChanges } from '../changes/finish-change-set.ts'
import { limitsOf } from '../changes/limits.ts'
import type { Produced, Producer } from '../changes/produced.ts'
import { type SourcePart, sourcesByName } from '../context/run-context.ts'
import { findFaults } from '../replicas/find-faults.ts'
import { findMissing, type Missing } from '../replicas/find-missing.ts'
import { isMissing } from '../replicas/last-seen.ts'
import { type LaidOutLinks, layOutLinks } from '../replicas/lay-out-links.ts'
import { layOutResources } from '../replicas/lay-out-resources.ts'
import { type LeftStatuses, leaveStatuses } from '../replicas/leave-statuses.ts'
import { readLinkSets } from '../replicas/read-link-sets.ts'
import { readRows } from '../replicas/read-rows.ts'
import { type SharedPart, sharedPart } from '../replicas/shared-part.ts'
import { findChangedKeys } from '../resolve/changed-keys.ts'
import { linkChangeTable } from '../resolve/links/compare-pairs.ts'
import { resolveLinksElsewhere } from '../resolve/links/resolve-links.ts'
import { resolveReferencesElsewhere } from '../resolve/references-elsewhere.ts'
import { releasePeople } from '../resolve/release-people.ts'
import { linksOf } from '../sql/tables.ts'
import { keysInUse } from './compute-change-set.ts'
import { reportElsewhere } from './report-elsewhere.ts'
import { type Stopwatch, stopwatch } from './stopwatch.ts'

/** `loaded`: the run follows a load, so that what that missed has disappeared. */
export function produceFromReplicas(of: {
  readonly source: string
  readonly loaded: boolean
  readonly onProgress?: OnProgress | undefined
}): Producer {
  return async (run) => {
    const known = run.sources.get(of.source)
    if (known === undefined) throw new Error(`Source ${of.source} is not in the repository.`)
    const { source, id: sourceId } = known
    const onProgress = of.onProgress ?? (() => undefined)
    const clock = stopwatch({ source: source.name, onProgress, signal: run.signal })
    const part = { ...run, source, sourceId, whole: of.loaded }
    const computed = await compute(part, clock)
    return { ...computed, limits: limitsOf(source, sourcesByName(run.sources)) }
  }
}

/** What became of one shared type. */
interface SharedType {
  readonly part: SharedPart
  readonly missing: Missing
  readonly links: readonly LaidOutLinks[]
  readonly statuses: readonly LeftStatuses[]
}

async function compute(part: SourcePart, clock: Stopwatch): Promise<Omit<Produced, 'limits'>> {
  let changes: EntityChanges = noEntityChanges
  const types: SharedType[] = []
  for (const { entityType } of part.source.entities) {
    const shared = sharedPart(part, entityType)
    const done = await computeType(shared, changes, clock)
    changes = done.changes
    types.push(done)
  }
  const finished = await clock.time('resolve', async () => {
    const keys = await findChangedKeys(part, { changes, attached: [] }, keysInUse(part, []))
    const followed = await resolveReferencesElsewhere(part, changes, [], keys)
    const links = await resolveLinksElsewhere(part, followed, keys)
    const losing = types.filter(({ missing }) => missing.count > 0).map((type) => type.part.shape.type.name)
    const released = await releasePeople(part, followed, losing)
    return await finishChanges(part, released.changes, [
      ...types.flatMap((type) => type.links),
      ...links.map(linkChangeTable),
      ...released.links,
    ])
  })
  const entities = await clock.time('guard', async () => {
    const reports: Produced['entities'][number][] = []
    for (const type of types) reports.push(await reportOf(type, finished))
    return reports
  })
  return {
    entities,
    associations: await reportLinks(part, types, finished),
    elsewhere: await reportElsewhere(part, finished),
    past: undefined,
    drift: null,
    notes: [],
    stages: clock.timings(),
    changeSet: {
      ...finished,
      replicas: [],
      statuses: types.flatMap(({ statuses }) =>
        statuses.map(({ shape, table }) => ({
          source: shape.source.name,
          entityType: shape.type.name,
          asserted: shape.asserted.name,
          table: table.name,
        })),
      ),
      loaded: [],
      checked: [],
      stored: [],
      source: null,
    },
  }
}

async function computeType(
  part: SharedPart,
  before: EntityChanges,
  clock: Stopwatch,
): Promise<SharedType & { readonly changes: EntityChanges }> {
  const about = part.shape.mapping.name
  const { rows, faults, sets, missing } = await clock.time(
    'reconcile',
    async () => {
      const read = await readRows(part, before)
      const found = await findFaults(part, read)
      const links = await readLinkSets(part, read, found)
      return { rows: read, faults: found, sets: links, missing: await findMissing(part) }
    },
    about,
  )
  return await clock.time(
    'resolve',
    async () => {
      const own = { rows, faults, missing, changes: before }
      const { changes, found } = await layOutResources(part, own)
      const done = { ...own, found: found.table }
      const links = await layOutLinks(part, done, sets)
      const statuses = await leaveStatuses(part, done, { changes, links })
      return { part, missing, links, statuses, changes }
    },
    about,
  )
}

async function reportOf(
  { part, missing, statuses }: SharedType,
  finished: Pick<Produced['changeSet'], 'entities'>,
): Promise<Produced['entities'][number]> {
  const { shape } = part
  const entry = finished.entities.find(({ entityType }) => entityType === shape.type.name)
  return {
    mapping: shape.mapping.name,
    source: part.source.name,
    rows: null,
    changes: entry?.counts ?? { inserted: 0, updated: 0, deleted: 0 },
    stored: missing.attached,
    withheld: 0,
    stillRejected: 0,
    orphanReferences: 0,
    replicas: await countReplicas(part, missing, statuses),
  }
}

/** Of each association of which the source's rows hold sets. */
async function reportLinks(
  part: SourcePart,
  types: readonly SharedType[],
  { links }: Pick<Produced['changeSet'], 'links'>,
): Promise<Produced['associations']> {
  const reports: Produced['associations'][number][] = []
  for (const association of new Set(types.flatMap((type) => type.links.map((one) => one.association)))) {
    const own = links.filter(
      (entry) => entry.source === part.source.name && entry.association === association,
    )
    const sum = (kind: 'inserted' | 'updated' | 'deleted') =>
      own.reduce((total, { counts }) => total + counts[kind], 0)
    reports.push({
      mapping: association,
      source: part.source.name,
      rows: null,
      changes: { inserted: sum('inserted'), updated: sum('updated'), deleted: sum('deleted') },
      stored: (await one(part.session, countLinks(part, association))).count,
      withheld: 0,
      stillRejected: 0,
    })
  }
  return reports
}

function countLinks({ sourceId }: SourcePart, association: string): Statement<{ count: number }> {
  return statement(
    `replicas/count-links ${association}`,
    sql`select count(*)::int as count from ${linksOf(association)} l where l.source_id = ${sql.literal(sourceId)}`,
  )
}

const outcomes = {
  created: 'created',
  creationErrors: 'creation_error',
  matchedUpdated: 'matched_updated',
  matchedUnchanged: 'matched_unchanged',
  reconciliationErrors: 'reconciliation_error',
  updated: 'updated',
  unchanged: 'unchanged',
  updateErrors: 'update_error',
  obsoleted: 'obsoleted',
  obsolescenceErrors: 'obsolescence_error',
  deleted: 'deleted',
  deletionErrors: 'deletion_error',
  noAction: 'no_action',
} as const
type Outcome = keyof typeof outcomes

async function countReplicas(
  part: SharedPart,
  missing: Missing,
  statuses: readonly LeftStatuses[],
): Promise<ReplicaCounts> {
  const { session } = part
  const known = await one(session, countKnown(part))
  const own = statuses.find(({ shape }) => shape.sourceId === part.sourceId)
  const counted = own === undefined ? undefined : await one(session, countOutcomes(part, own))
  const of = (outcome: Outcome) => counted?.[outcome] ?? 0
  const looked = own === undefined ? 0 : (counted?.looked ?? 0)
  return {
    total: known.total,
    seen: known.seen,
    attached: missing.attached,
    disappeared: missing.disappeared,
    created: of('created'),
    creationErrors: of('creationErrors'),
    matchedUpdated: of('matchedUpdated'),
    matchedUnchanged: of('matchedUnchanged'),
    reconciliationErrors: of('reconciliationErrors'),
    updated: of('updated'),
    // Those that the run had no reason to look at are as they were.
    unchanged: of('unchanged') + known.synchronized - looked,
    updateErrors: of('updateErrors'),
    obsoleted: of('obsoleted'),
    obsolescenceErrors: of('obsolescenceErrors'),
    deleted: of('deleted'),
    deletionErrors: of('deletionErrors'),
    noAction: of('noAction'),
    warnings: counted?.warnings ?? 0,
  }
}

function countKnown(part: SharedPart): Statement<{ total: number; seen: number; synchronized: number }> {
  const seen = sql`not ${isMissing(part)}`
  return statement(
    `replicas/count ${part.shape.mapping.name}`,
    sql`select count(*)::int as total, (count(*) filter (where ${seen}))::int as seen,
      (count(*) filter (where ${seen} and r.status = 'synchronized'))::int as synchronized from ${part.shape.replicas} r`,
  )
}

/** `looked`: those among them that were synchronized and are looked at all the same. */
function countOutcomes(
  { shape }: SharedPart,
  { table }: LeftStatuses,
): Statement<Record<Outcome | 'warnings' | 'looked', number>> {
  const counts = Object.entries(outcomes).map(
    ([name, outcome]) =>
      sql`(count(*) filter (where c.outcome = ${sql.literal(outcome)}))::int as ${sql.identifier(name)}`,
  )
  return statement(
    `replicas/count-outcomes ${shape.mapping.name}`,
    sql`select ${sql.join(counts, ', ')}, (count(*) filter (where c.warnings is not null))::int as warnings,
      (count(*) filter (where r.status = 'synchronized' and c.operation = 'write' and c.outcome in ('updated', 'unchanged', 'update_error')))::int as looked
    from ${table} c left join ${shape.replicas} r on r.key = c.key`,
  )
}
