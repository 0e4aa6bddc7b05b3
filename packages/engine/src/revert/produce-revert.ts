/**
 * The producer that takes a run back: all of it, or what nothing that came since stands in the way of.
 *
 *   histories → what is undone → conflicts → former values, replicas → references and links elsewhere → change set
 *
 * Its change set is like any other: guard, held runs and history do not know that it leads back. What it writes looks as if somebody had written
 * it beside the sources, so that the next complete of a source finds what it locks.
 *
 * @module
 */
import {
  describeConflict,
  type EntityModel,
  type EntityReport,
  type RevertConflict,
  type RevertRequest,
  type RunBy,
} from '@sluice/model'
import { exists, family, sql, statement, type Table } from '@sluice/repository'
import type { ChangeSet, LinkChangeEntry } from '../changes/change-set.ts'
import type { EntityChanges } from '../changes/entity-changes.ts'
import { finishChanges, type LinkChangeTable } from '../changes/finish-change-set.ts'
import type { Produced, Producer } from '../changes/produced.ts'
import type { RunContext, SourcePart } from '../context/run-context.ts'
import { partOfPeople } from '../edit/finish-edit.ts'
import { entityReport, limitsOfEdit, linkReport } from '../edit/report-edit.ts'
import { keysInUse } from '../produce/compute-change-set.ts'
import { growthElsewhere, reportElsewhere } from '../produce/report-elsewhere.ts'
import { findChangedKeys } from '../resolve/changed-keys.ts'
import { linkChangeTable } from '../resolve/links/compare-pairs.ts'
import { resolveLinksElsewhere } from '../resolve/links/resolve-links.ts'
import { resolveReferencesElsewhere } from '../resolve/references-elsewhere.ts'
import { releaseReferring } from '../resolve/release-referring.ts'
import { whatComesAgain } from './comes-again.ts'
import { beginConflicts, countConflicts, readConflicts } from './conflicts.ts'
import { findConflicts } from './find-conflicts.ts'
import { findDangling } from './find-dangling.ts'
import { findLinkConflicts } from './find-link-conflicts.ts'
import { layOutFormer, layOutFormerLinks } from './lay-out-former.ts'
import { RevertConflictsError } from './revert-errors.ts'
import { readRevertedRun } from './reverted-run.ts'
import { suspendSources } from './suspend-sources.ts'
import { hasMerged } from './undo-merges.ts'
import { type UndoneReplicas, undoReplicas } from './undo-replicas.ts'
import { gatherUndone, type UndoneChanges } from './undone-changes.ts'

/** A producer, and what stood in the way once it has produced. */
export interface RevertProducer {
  readonly produce: Producer
  /** The first hundred. */
  conflicts(): readonly RevertConflict[]
}

export interface Reverting {
  /** Conflicts are shown, and refuse nothing. */
  readonly planned: boolean
  /** Who wants it, and why. */
  readonly by: RunBy
  readonly comment?: string | undefined
}

/** Where the request wants that, sources that would bring it again are suspended in the transaction of the run, held or not. */
export function produceRevert(
  { revert, skipConflicts, suspend }: RevertRequest,
  { planned, by, comment }: Reverting,
): RevertProducer {
  let conflicts: readonly RevertConflict[] = []
  return {
    conflicts: () => conflicts,
    produce: async (context) => {
      const started = performance.now()
      const of = await readRevertedRun(context.session, revert)
      const undone = await gatherUndone(context, of)
      const found = await beginConflicts(context)
      await findConflicts(context, undone, found)
      await findLinkConflicts(context, undone, found)
      await findDangling(context, undone, found)
      const skipped = await countConflicts(context.session, found)
      conflicts = skipped === 0 ? [] : await readConflicts(context, found, undone)
      if (skipped > 0 && !skipConflicts && !planned)
        throw new RevertConflictsError(revert, conflicts, skipped)
      const produced = await computeChanges(context, undone, { found, skipped })
      const stages = [{ stage: 'resolve' as const, milliseconds: Math.round(performance.now() - started) }]
      const again = suspend === true && !planned ? (produced.reverted?.comesAgain ?? []) : []
      const reason = comment ?? `run ${revert} was taken back`
      const suspended = await suspendSources(context.session, again, { by, reason })
      const notes = [...produced.notes, ...(planned ? [] : notesOf(conflicts, skipped)), ...suspended]
      return { ...produced, reverted: withSuspended(produced.reverted, suspended), stages, notes }
    },
  }
}

function withSuspended(reverted: Produced['reverted'], notes: readonly string[]): Produced['reverted'] {
  return reverted === undefined || notes.length === 0 ? reverted : { ...reverted, suspended: true }
}

const noted = 10

/** What was left as it is, so that the run itself can tell. */
function notesOf(conflicts: readonly RevertConflict[], count: number): readonly string[] {
  const first = conflicts.slice(0, noted).map((conflict) => `Not taken back: ${describeConflict(conflict)}.`)
  return count > first.length ? [...first, `And ${count - first.length} more were not taken back.`] : first
}

async function computeChanges(
  context: RunContext,
  undone: UndoneChanges,
  conflicts: { readonly found: Table; readonly skipped: number },
): Promise<Omit<Produced, 'stages'>> {
  const part = partOfPeople(context)
  const laidOut = await layOutFormer(context, undone, conflicts.found)
  const replicas = await undoReplicas(context, undone, laidOut)
  const keys = await findChangedKeys(part, { changes: laidOut, attached: [] }, keysInUse(part, []))
  const resolved = await resolveReferencesElsewhere(part, laidOut, [], keys)
  const elsewhere = (await resolveLinksElsewhere(part, resolved, keys)).map(linkChangeTable)
  const losing = await losingTypes(context, undone)
  const released = await releaseReferring(context, resolved, losing)
  const followed = [...elsewhere, ...released.links]
  const links = await layOutFormerLinks(context, undone, followed)
  return await finish(part, undone, {
    replicas,
    skipped: conflicts.skipped,
    changes: released.changes,
    links,
    followed,
  })
}

/** `Person.lastLogon`: properties of which the run may have changed what the history does not hold. */
function unkeptBy(model: EntityModel, updated: readonly string[]): readonly string[] {
  const names = updated.flatMap((name) =>
    family(model, name).flatMap(({ properties }) =>
      properties.filter(({ history }) => history !== undefined).map((property) => `${name}.${property.name}`),
    ),
  )
  return [...new Set(names)]
}

/** Of which resources go. */
async function losingTypes({ session }: RunContext, { types }: UndoneChanges): Promise<readonly string[]> {
  const losing: string[] = []
  for (const { type, table } of types) {
    const going = sql`select from ${table} where operation = 'insert'`
    if (await exists(session, statement(`revert/is-losing ${type.name}`, going))) losing.push(type.name)
  }
  return losing
}

interface Computed {
  readonly replicas: UndoneReplicas
  readonly skipped: number
  readonly changes: EntityChanges
  /** Those that are taken back, and those that follow from resources. */
  readonly links: readonly LinkChangeTable[]
  readonly followed: readonly LinkChangeTable[]
}

type Growth = Pick<ChangeSet['stored'][number], 'source' | 'mapping' | 'growth'>

/** Links of a source may go because they are taken back, and because of a resource. */
function summedGrowth(all: readonly Growth[]): ChangeSet['stored'] {
  const sums = new Map<string, Growth>()
  for (const { source, mapping, growth } of all) {
    const name = JSON.stringify([source, mapping])
    sums.set(name, { source, mapping, growth: (sums.get(name)?.growth ?? 0) + growth })
  }
  return [...sums.values()]
    .filter(({ growth }) => growth !== 0)
    .map((one) => ({ ...one, stored: null, rejected: null }))
}

/** One entry for each source and association, whether its links are taken back or follow from a resource. */
function together(entries: readonly LinkChangeEntry[]): readonly LinkChangeEntry[] {
  const sums = new Map<string, LinkChangeEntry>()
  for (const entry of entries) {
    const name = JSON.stringify([entry.source, entry.association])
    const before = sums.get(name)?.counts ?? { inserted: 0, updated: 0, deleted: 0 }
    const counts = {
      inserted: before.inserted + entry.counts.inserted,
      updated: before.updated + entry.counts.updated,
      deleted: before.deleted + entry.counts.deleted,
    }
    sums.set(name, { ...entry, counts })
  }
  return [...sums.values()]
}

async function finish(
  part: SourcePart,
  undone: UndoneChanges,
  { replicas, skipped, changes, links, followed }: Computed,
): Promise<Omit<Produced, 'stages'>> {
  const finished = await finishChanges(part, changes, [...links, ...followed])
  const limits = limitsOfEdit(part.sources)
  const own = new Set(undone.types.map(({ type }) => type.name))
  const entities: EntityReport[] = []
  for (const entry of finished.entities)
    if (own.has(entry.entityType)) entities.push(await entityReport(part, limits, entry))
  const associations: Produced['associations'][number][] = []
  const grown: Growth[] = []
  const isOwn = ({ source, association }: LinkChangeEntry) =>
    links.some((one) => one.source === source && one.association === association)
  for (const entry of together(finished.links.filter(isOwn))) {
    associations.push({ ...(await linkReport(part, limits, entry)), source: entry.source })
    const { source, association: mapping, counts } = entry
    if (source !== null) grown.push({ source, mapping, growth: counts.inserted - counts.deleted })
  }
  for (const { source, entityType: mapping, lost, back } of replicas.moves)
    grown.push({ source, mapping, growth: back - lost })
  const elsewhere = await reportElsewhere(part, {
    entities: finished.entities.filter(({ entityType }) => !own.has(entityType)),
    links: finished.links.filter((entry) => !isOwn(entry)),
  })
  const unmerges = await hasMerged(part.session, undone.of.runId)
  // Of what was one, each part is again what its own rows say.
  const comesAgain = unmerges ? [] : await whatComesAgain(part, finished, replicas.moves)
  const changeSet: ChangeSet = {
    ...finished,
    replicas: replicas.replicas,
    statuses: [],
    undone: replicas.undone,
    merges: [],
    ...(unmerges ? { unmerges: undone.of.runId } : {}),
    loaded: [],
    checked: [],
    stored: summedGrowth([...growthElsewhere(elsewhere), ...grown]),
    source: null,
    external: true,
  }
  return {
    entities,
    associations,
    elsewhere,
    changeSet,
    past: undefined,
    limits,
    drift: null,
    reverted: { skipped, comesAgain },
    notes: [
      ...undone.unknown.map(
        (name) => `The model no longer has ${name}, so the changes of the run to it were not taken back.`,
      ),
      ...unkeptBy(part.model, undone.of.updated).map(
        (name) =>
          `The history does not keep every change of ${name}: what the run changed of it and is not listed here stays.`,
      ),
    ],
  }
}
