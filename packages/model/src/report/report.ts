/**
 * What a run says about itself, in the command line, in `--json` and stored with the run.
 *
 * Every row read ends in exactly one place, so the sums of `rows` add up (principle 3); a test
 * holds every report to it.
 *
 * @module
 */
import { recordedRunStates } from '../life/run-life.ts'
import type { OrderCounts } from '../order/order.ts'
import type { DeliveryMode } from '../source/source.ts'
import type { HoldReason } from './run-terms.ts'

/** Of a run as it is recorded; and of a dry run, which wrote nothing. */
export const runStates = [...recordedRunStates, 'planned'] as const
export type RunState = (typeof runStates)[number]

/** Why a run happens: design.md section 7. */
export const runCauses = [
  'delivery',
  'replicas',
  'edit',
  'decision',
  'revert',
  'retry',
  'ageing',
  'removal',
] as const
export type RunCause = (typeof runCauses)[number]

export const runByKinds = ['token', 'person', 'schedule', 'command-line', 'program'] as const
export type RunByKind = (typeof runByKinds)[number]

/** Who makes a run happen: a token of a server, a person, a job at its time, the command line, a program that uses the library. */
export interface RunBy {
  readonly kind: RunByKind
  /** Of the token, the person, the job, the user of the machine. */
  readonly name: string
}

/** read = rejected + filtered + nullKey + duplicate + inserted + updated + unchanged + deleted */
export interface EntityRows {
  readonly read: number
  readonly rejected: number
  /** Left out by the filter of the mapping; absent where there are none. */
  readonly filtered?: number | undefined
  readonly nullKey: number
  readonly duplicate: number
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  /** Rows by which the managed system itself says that something is gone; only incremental deliveries have them. */
  readonly deleted: number
}

/** read = rejected + filtered + nullKey + duplicate + noLink + orphan + inserted + updated + unchanged + deleted */
export interface AssociationRows extends EntityRows {
  /** Rows of an entity's own file that name no target. */
  readonly noLink: number
  /** Rows of which an end is unknown: kept, and linked when the end arrives. */
  readonly orphan: number
}

/** Resources or links the run changes, whatever caused it (own rows, arrivals, deletions elsewhere). */
export interface ChangeCounts {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

/**
 * What a run makes of the replicas of a shared entity type. Each that it looks at is in one place: created to noAction; and those
 * that are as they were are unchanged, too.
 */
export interface ReplicaCounts {
  /** Before the run. */
  readonly total: number
  /** Of these, those that the source still mentions. */
  readonly seen: number
  /** Attached and not obsolete before the run; and those of them that have disappeared with it. */
  readonly attached: number
  readonly disappeared: number
  /** New ones that created a resource, or failed to. */
  readonly created: number
  readonly creationErrors: number
  /** New ones that found a resource, which was changed or not; that found none or too many, or could not be applied to it. */
  readonly matchedUpdated: number
  readonly matchedUnchanged: number
  readonly reconciliationErrors: number
  readonly updated: number
  readonly unchanged: number
  readonly updateErrors: number
  /** Of those that disappeared: resource marked, or not; resource deleted, or not; row gone, resource kept. */
  readonly obsoleted: number
  readonly obsolescenceErrors: number
  readonly deleted: number
  readonly deletionErrors: number
  readonly noAction: number
  /** Of a source that has them wait: several resources match, and a person is to decide; a person decided that they are ignored. */
  readonly doubtful?: number | undefined
  readonly ignored?: number | undefined
  /** Applied with something left out. */
  readonly warnings: number
}

export interface EntityReport {
  readonly mapping: string
  /** The source whose mapping it is; another one's when only side effects reach it; `null` of what people change. */
  readonly source: string | null
  /** `null`: the source delivers no rows for it, only side effects reach it. */
  readonly rows: EntityRows | null
  readonly changes: ChangeCounts
  /** Resources stored before the run; of an edit of a few, as far as the database knows without counting. */
  readonly stored: number
  /** Absent resources that stay because a row with their key could not be read. */
  readonly withheld: number
  /** Of the rejected rows: those that an earlier run rejected, and that changes leave as they were. They are not weighed again. */
  readonly stillRejected: number
  /** References of this type's resources that name an unknown resource, after the run. */
  readonly orphanReferences: number
  /** Where the type is shared. */
  readonly replicas?: ReplicaCounts | undefined
}

export interface AssociationReport {
  readonly mapping: string
  readonly source: string | null
  readonly rows: AssociationRows | null
  readonly changes: ChangeCounts
  /** Links stored before the run. */
  readonly stored: number
  /** Links, waiting ones too, that the source goes on saying because a row with their ends could not be read. */
  readonly withheld: number
  /** As of an entity type. */
  readonly stillRejected: number
}

/** One threshold that was exceeded. */
export interface Exceeded {
  /** `source`, or the name of the mapping. */
  readonly level: string
  /** Another source, whose rows the run changes and whose limit it is; absent for the run's own. */
  readonly source?: string | undefined
  readonly threshold:
    | 'inserted'
    | 'updated'
    | 'deleted'
    | 'rejected'
    | 'disappeared'
    | 'everything'
    | 'linksInserted'
    | 'linksDeleted'
  readonly by: 'count' | 'percent'
  /** The limit: a number of rows, or percent. */
  readonly limit: number
  readonly found: number
  /** What the percentage is taken of. */
  readonly total: number
  /** UTC: `found` are not those of this run, but how many fewer there would be than at that time. */
  readonly since?: string | undefined
}

/** A row that was left out, and why. */
export interface RejectedRow {
  readonly mapping: string
  readonly file: string
  /** Physical line in the source file, where prepare found it. */
  readonly line: number | null
  readonly key: string | null
  readonly column: string | null
  readonly value: string | null
  readonly reason: string
}

export const stages = [
  'export',
  'prepare',
  'deliver',
  'receive',
  'translate',
  'reconcile',
  'resolve',
  'guard',
  'apply',
] as const
export type Stage = (typeof stages)[number]

export interface StageTiming {
  readonly stage: Stage
  readonly milliseconds: number
}

/** What a complete repaired that no change of the source explains. */
export interface Drift {
  /** The delivery that the repository should have stood for. */
  readonly base: string
  readonly entities: readonly MappingDrift[]
  readonly associations: readonly MappingDrift[]
}

export interface MappingDrift {
  readonly mapping: string
  /** Those of the run's changes that are drift. */
  readonly changes: ChangeCounts
}

/** What became of a held run, and by whom. */
export interface Decision {
  readonly by: string
  /** UTC, ISO 8601. */
  readonly at: string
  readonly reason: string | null
}

/**
 * What a source says otherwise than a run left it that takes another one back: the source brings it again. `at`: by its next run, or by its
 * next complete one.
 */
export interface ComesAgain {
  readonly source: string
  readonly at: 'run' | 'complete'
  /** Values that it locks. */
  readonly values: number
  /** Resources that were deleted, and of which it has a row. */
  readonly resources: number
  /** Resources that came back, and of which it has no row any more. */
  readonly deletions: number
  readonly links: number
}

/** What became of the run that a run takes back. */
export interface Reverted {
  /** Changes of it that were left, because something has come since. */
  readonly skipped: number
  readonly comesAgain: readonly ComesAgain[]
  /** The run has suspended these sources. */
  readonly suspended?: true | undefined
}

export interface RunReport {
  /** `null` for a dry run. */
  readonly run: number | null
  readonly cause: RunCause
  readonly by: RunBy
  /** What whoever made it happen has to say about it. */
  readonly comment?: string | null | undefined
  /** Of the cause `delivery`. */
  readonly delivery: string | null
  /** Of causes that are about one source. */
  readonly source: string | null
  /** How its delivery was taken. */
  readonly mode: DeliveryMode | null
  readonly state: RunState
  /** UTC, ISO 8601. */
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly entities: readonly EntityReport[]
  readonly associations: readonly AssociationReport[]
  readonly exceeded: readonly Exceeded[]
  /** Why it was held, where no threshold did that, or not only. */
  readonly heldBecause?: HoldReason | undefined
  /** Only of a complete that follows what was applied last; `null` where it is not known. */
  readonly drift: Drift | null
  /** What was ordered of the source, as it stands after the run; absent where nothing was, or nothing was applied. */
  readonly orders?: OrderCounts | undefined
  /** Of the cause `revert`: the run that it takes back, and what became of that. */
  readonly reverts?: number | null | undefined
  readonly reverted?: Reverted | undefined
  /** Of the cause `retry`: the run whose rejected rows it tries again. */
  readonly retries?: number | null | undefined
  /** The last run that took it back. */
  readonly revertedBy?: number | null | undefined
  /** Who approved or rejected it, once it was held. */
  readonly decision: Decision | null
  /** Held, then cancelled: the run that took its place. */
  readonly replacedBy: number | null
  readonly stages: readonly StageTiming[]
  /** Things worth knowing that stopped nothing. */
  readonly notes: readonly string[]
  readonly error: {
    readonly code: string
    readonly message: string
    readonly remedy?: string | undefined
  } | null
}

/** Which changes of a run; all in order when neither is given. */
export interface ChangesOptions {
  /** At most so many. */
  readonly limit?: number | undefined
  /** The first so many of each operation of each entity type and association, without a look at the others. */
  readonly sample?: number | undefined
  /** Only those that are drift. */
  readonly drift?: boolean | undefined
  /** Only those of this entity type or association. */
  readonly type?: string | undefined
  readonly operation?: 'insert' | 'update' | 'delete' | undefined
  /** Only those of resources with this key, and of links of which an end is called so. */
  readonly key?: string | undefined
  /** Only those whose key, or an end of which, begins with this. */
  readonly keyStart?: string | undefined
  /** Only those in which this property changes. */
  readonly property?: string | undefined
}

/**
 * One line of a change set, as plans, held runs and histories show it. Its values are exact: integers are numbers, and text
 * beyond 2^53; decimals are text; dates and instants ISO 8601; a reference is its target's display value, a file its size and sum.
 */
export type Change = EntityChange | LinkChange

export interface EntityChange {
  readonly kind: 'entity'
  readonly entityType: string
  readonly operation: 'insert' | 'update' | 'delete'
  readonly resourceId: string
  readonly key: string | null
  /** The values that change, by property; `null` on insert. On delete, all of them. */
  readonly before: Readonly<Record<string, unknown>> | null
  /** The values that change, by property; `null` on delete. On insert, all of them. */
  readonly after: Readonly<Record<string, unknown>> | null
  /** Not what the source has changed since the delivery before: that missed it, or an external write did it. */
  readonly drift: boolean
}

export interface LinkChange {
  readonly kind: 'link'
  readonly association: string
  readonly operation: 'insert' | 'update' | 'delete'
  /** Keys of the two ends, as people know them. */
  readonly from: string
  readonly to: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
  readonly drift: boolean
}

/** What is reported while something long goes on. */
export interface Progress {
  readonly stage: Stage
  readonly source: string
  /** The mapping or file at work, when there is one. */
  readonly subject?: string | undefined
  /** Why something is going to be tried again, where that is what is reported. */
  readonly retrying?: string | undefined
  /** So far, and in all when that is known. */
  readonly rows?: number | undefined
  readonly bytes?: number | undefined
  readonly totalBytes?: number | undefined
  /** Once, when the guard has let a run pass: its report as it stands, before anything is applied. */
  readonly passed?: RunReport | undefined
}
export type OnProgress = (progress: Progress) => void
