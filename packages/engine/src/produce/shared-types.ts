/**
 * One shared entity type of a run: from the rows that its source asserts to change rows, links and statuses, and what is reported of them.
 *
 *   rows → faults → missing → resources (values decided, resources found) → statuses
 *
 * @module
 */
import type { ReplicaCounts } from '@sluice/model'
import { one, type Statement, sql, statement } from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import type { EntityChanges } from '../changes/entity-changes.ts'
import type { Produced } from '../changes/produced.ts'
import { expectFew } from '../context/few-of-many.ts'
import type { SourcePart } from '../context/run-context.ts'
import { hasActions } from '../replicas/actions.ts'
import type { Arrivals } from '../replicas/arrivals.ts'
import { type ExternallyWritten, findExternal } from '../replicas/find-external.ts'
import { findFaults } from '../replicas/find-faults.ts'
import { findMissing, type Missing } from '../replicas/find-missing.ts'
import { findVanished } from '../replicas/find-vanished.ts'
import { keepRekeyed } from '../replicas/keep-rekeyed.ts'
import { countReplicas, type KnownReplicas } from '../replicas/known-replicas.ts'
import { type LaidOutLinks, layOutLinks } from '../replicas/lay-out-links.ts'
import { layOutResources } from '../replicas/lay-out-resources.ts'
import { type LeftStatuses, leaveStatuses } from '../replicas/leave-statuses.ts'
import { hasQueue } from '../replicas/queue.ts'
import { readLinkSets } from '../replicas/read-link-sets.ts'
import { readRows } from '../replicas/read-rows.ts'
import { partsByType, type SharedPart } from '../replicas/shared-part.ts'
import { linksOf } from '../sql/tables.ts'
import { findFlapping } from './find-flapping.ts'
import type { Stopwatch } from './stopwatch.ts'

/** What became of one shared type. */
export interface SharedType {
  readonly part: SharedPart
  readonly known: KnownReplicas
  readonly arrivals: Arrivals | undefined
  readonly missing: Missing
  readonly external: ExternallyWritten | undefined
  /** How many resources there were, where that has to be remembered. */
  readonly counted: number | undefined
  readonly links: readonly LaidOutLinks[]
  readonly statuses: readonly LeftStatuses[]
  /** What is worth knowing of them. */
  readonly notes: readonly string[]
}

/** Types of which resources may go. */
export function losingShared(shared: readonly Pick<SharedType, 'part' | 'missing'>[]): readonly string[] {
  return shared
    .filter(({ missing }) => missing.count > 0)
    .flatMap(({ part }) => part.shape.types.map(({ name }) => name))
}

/** What was compared of them, for the change set. */
export function checkedEntries(
  types: readonly Pick<SharedType, 'part' | 'external'>[],
): ChangeSet['checked'] {
  return types.flatMap(({ part, external }) =>
    external === undefined
      ? []
      : part.shape.types.map(({ name }) => ({
          entityType: name,
          sourceId: part.sourceId,
          table: external.versions.name,
        })),
  )
}

/** How many resources of them there were, for the change set. */
export function countedEntries(
  types: readonly Pick<SharedType, 'part' | 'counted'>[],
): NonNullable<ChangeSet['counted']> {
  return types.flatMap(({ part: { sourceId, shape }, counted }) =>
    counted === undefined ? [] : [{ sourceId, entityType: shape.type.name, resources: counted }],
  )
}

/** Where the statuses that they leave are, for the change set. */
export function statusEntries(
  types: readonly Pick<SharedType, 'part' | 'arrivals' | 'statuses'>[],
): ChangeSet['statuses'] {
  return types.flatMap(({ part, arrivals, statuses }) =>
    statuses.map(({ shape, table, onlyWrites }) => ({
      source: shape.source.name,
      entityType: shape.type.name,
      asserted: shape.asserted.name,
      table: table.name,
      ...(onlyWrites ? { onlyWrites: true as const } : {}),
      ...(hasQueue(shape) ? { queue: true as const } : {}),
      ...(arrivals !== undefined && shape.sourceId === part.sourceId ? { arriving: arrivals.count } : {}),
      ...(hasActions(part) && shape.sourceId === part.sourceId ? { acted: true as const } : {}),
    })),
  )
}

/** What is there to begin with. */
export interface Before {
  readonly changes: EntityChanges
  readonly arrivals?: Arrivals | undefined
  /** Counted already. */
  readonly known?: KnownReplicas | undefined
}

export async function computeSharedType(
  part: SharedPart,
  { changes: before, arrivals, known: counted }: Before,
  clock: Stopwatch,
): Promise<SharedType & { readonly changes: EntityChanges }> {
  const about = part.shape.mapping.name
  const { known, rows, faults, sets, missing, external, resources } = await clock.time(
    'reconcile',
    async () => {
      const known = counted ?? (await countReplicas(part))
      const external = await findExternal(part)
      const { table: vanished, counted: resources } = await findVanished(part, external !== undefined)
      const read = await readRows(part, { known, vanished, arrivals, changes: before })
      await expectFew(part.session, read.count, known.total)
      const found = await findFaults(part, read)
      const links = await readLinkSets(part, read, found)
      const missing = await findMissing(part, known)
      await keepRekeyed(part, { rows: read, faults: found }, missing)
      return { known, rows: read, faults: found, sets: links, missing, external, resources }
    },
    about,
  )
  return await clock.time(
    'resolve',
    async () => {
      const own = { rows, faults, missing, external: external?.table, changes: before }
      const { changes, found } = await layOutResources(part, own)
      const done = { ...own, found: found.table }
      const links = await layOutLinks(part, done, sets)
      const statuses = await leaveStatuses(part, done, { changes, links })
      const notes: string[] = []
      for (const each of partsByType(part)) notes.push(...(await findFlapping(each, changes)))
      const facts = { known, arrivals, missing, external, counted: resources }
      return { part, ...facts, links, statuses, changes, notes }
    },
    about,
  )
}

export async function sharedReport(
  { part, known, arrivals, missing, statuses }: SharedType,
  finished: Pick<Produced['changeSet'], 'entities'>,
): Promise<Produced['entities'][number]> {
  const { shape } = part
  const entries = finished.entities.filter(({ entityType }) =>
    shape.types.some(({ name }) => name === entityType),
  )
  const sum = (kind: 'inserted' | 'updated' | 'deleted') =>
    entries.reduce((total, { counts }) => total + counts[kind], 0)
  const replicas = await replicaCounts(part, { known, arrivals, missing, statuses })
  return {
    mapping: shape.mapping.name,
    source: part.source.name,
    rows: null,
    changes: { inserted: sum('inserted'), updated: sum('updated'), deleted: sum('deleted') },
    // What its rows have just found of others is stored, too: a first run changes that.
    stored: missing.attached + replicas.matchedUpdated + replicas.matchedUnchanged,
    withheld: 0,
    stillRejected: 0,
    orphanReferences: 0,
    replicas,
  }
}

/** Of each association of which the source's rows hold sets. */
export async function reportLinkSets(
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
  doubtful: 'doubtful',
  ignored: 'ignored',
} as const
type Outcome = keyof typeof outcomes

async function replicaCounts(
  part: SharedPart,
  { known, arrivals, missing, statuses }: Pick<SharedType, 'known' | 'arrivals' | 'missing' | 'statuses'>,
): Promise<ReplicaCounts> {
  const { session } = part
  const arrived = arrivals?.count ?? 0
  const own = statuses.find(({ shape }) => shape.sourceId === part.sourceId)
  const counted = own === undefined ? undefined : await one(session, countOutcomes(part, own))
  const of = (outcome: Outcome) => counted?.[outcome] ?? 0
  const looked = own === undefined ? 0 : (counted?.looked ?? 0)
  return {
    total: known.total + arrived,
    seen: known.seen + arrived,
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
    ...(hasQueue(part.shape) ? { doubtful: of('doubtful'), ignored: of('ignored') } : {}),
  }
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
    sql`select ${sql.join(counts, ', ')}, (count(*) filter (where c.warnings is not null and c.was is not null))::int as warnings,
      (count(*) filter (where c.was = 'synchronized' and c.operation = 'write' and c.outcome in ('updated', 'unchanged', 'update_error')))::int as looked
    from ${table} c`,
  )
}
