/**
 * What readers of a repository get: records by property names, never by column names.
 *
 * @module
 */

import type {
  AttributePolicy,
  HistoryPrecision,
  MadeByRoots,
  MatchDecision,
  Normalizer,
  OrderRecord,
  ReplicaStatus,
  RunBy,
  RunCause,
  Suspension,
} from '@sluice/model'

export const operators = ['=', '!=', '<', '<=', '>', '>=', '~', 'is null', 'is not null'] as const
export type Operator = (typeof operators)[number]

/** One test on a property. */
export interface Condition {
  /** Of the entity type; for links a link property, or `from`, `to`, `source`. A reference stands for its target's display value. */
  readonly property: string
  /** `~`: contains, whatever the case. `!=` also holds where there is no value. */
  readonly operator: Operator
  /** As text, in the form values are shown; absent for the null tests. */
  readonly value?: string | undefined
}

/** One of several tests, or more than one, is fulfilled. */
export interface AnyOf {
  readonly anyOf: readonly Condition[]
}

/** A property by which resources are ordered; a reference by its target's display value. */
export interface SortedBy {
  readonly property: string
  readonly descending?: boolean | undefined
}

export interface ResourceQuery {
  /** All of them. */
  readonly where?: readonly (Condition | AnyOf)[] | undefined
  /** Properties to read; all of them when absent. */
  readonly columns?: readonly string[] | undefined
  readonly limit?: number | undefined
  /** Goes on behind this resource id. */
  readonly after?: string | undefined
  /** By what they are ordered, the most important first; by their ids when absent, and where all of that is the same. */
  readonly sort?: readonly SortedBy[] | undefined
  /** Goes on behind the resource that had this cursor, in the same order. */
  readonly cursor?: string | undefined
  /** Also resources of the types that extend this one; true when absent. */
  readonly includeSubtypes?: boolean | undefined
}

/**
 * Values by property: integers as numbers (as text beyond 2^53), decimals as exact text, dates and
 * instants as ISO 8601, a reference as its target's display value, a file as `StoredFile`.
 */
export type Values = Readonly<Record<string, unknown>>

export interface StoredFile {
  readonly name: string | null
  readonly mediaType: string | null
  /** Bytes. */
  readonly size: number
}

/** A file with what is in it. */
export interface FileContent extends Pick<StoredFile, 'name' | 'mediaType'> {
  readonly content: Uint8Array
}

export interface ResourceRecord {
  readonly resourceId: string
  readonly entityType: string
  readonly values: Values
  /** Resource ids of references that point somewhere, by property. */
  readonly references: Readonly<Record<string, string>>
}

/** A resource in a list, with what the list goes on behind it by. */
export interface ListedResource extends ResourceRecord {
  readonly cursor: string
}

/** A resource with the version in which it was read. */
export interface VersionedResource extends ResourceRecord {
  readonly version: string
}

/** An entity type and how much there is of it. */
export interface TypeCount {
  readonly type: string
  readonly extends: string | null
  readonly abstract: boolean
  /** Of the type and of those that extend it. */
  readonly resources: number
  /** Of exactly this type. */
  readonly own: number
  /** That fill it. */
  readonly sources: readonly string[]
}

/** How well the resources of a type, and of those that extend it, are known. */
export interface Quality {
  readonly type: string
  readonly resources: number
  readonly properties: readonly {
    readonly property: string
    readonly required: boolean
    /** Resources that have a value. */
    readonly filled: number
    /** References whose target is not there. */
    readonly orphans: number
    /** Resources whose value went back and forth lately. */
    readonly flapping: number
  }[]
}

export interface LinkQuery {
  /** All of them. */
  readonly where?: readonly (Condition | AnyOf)[] | undefined
  readonly limit?: number | undefined
  /** Goes on behind the link that had this cursor. */
  readonly cursor?: string | undefined
}

export interface LinkRecord {
  readonly fromId: string
  /** Display value of the resource, or its id. */
  readonly from: string
  readonly toId: string
  readonly to: string
  /** That says so; `null`: a person does. */
  readonly source: string | null
  readonly properties: Values
}

/** A link in a list, with what the list goes on behind it by. */
export interface ListedLink extends LinkRecord {
  readonly cursor: string
}

export interface HistoryEntry {
  /** Another one than that which was asked for: it was merged into it. */
  readonly resourceId: string
  readonly run: number
  /** When the run started; UTC. `null`: the run is no longer recorded. */
  readonly at: string | null
  /** Why the run happened, and who made it happen; `null`: the run is no longer recorded. */
  readonly cause: RunCause | null
  readonly by: RunBy | null
  /** What they had to say about it. */
  readonly comment: string | null
  /** Who approved it, where it had been held. */
  readonly approvedBy: string | null
  readonly source: string | null
  readonly entityType: string
  readonly operation: 'insert' | 'update' | 'delete'
  readonly key: string | null
  readonly before: Values | null
  readonly after: Values | null
}

export interface ExplainedValue {
  readonly property: string
  readonly value: unknown
  /** Resource a reference points to. */
  readonly referenceId: string | null
  /** What an unresolved reference names. */
  readonly orphan: string | null
  /** Ids of the resources that it names, where they are several; absent where none is called so. */
  readonly candidates?: readonly string[] | undefined
  /** Ids of the resources that are called so but for blanks at the ends; absent where there are none. */
  readonly padded?: readonly string[] | undefined
  /** The source whose value it is; `null` when none's, or of several that own their resources whole. */
  readonly source: string | null
  /** The source that locks it; nobody else may change it then. */
  readonly lockedBy: string | null
  /** Of a shared type: what each replica says of it, first the one that comes first. */
  readonly claims: readonly ExplainedClaim[]
  /** Which of its changes the history keeps: none, so nobody knows since when it is so; or those so many milliseconds apart, so it may be so since later. Absent: all. */
  readonly history?: HistoryPrecision | undefined
  /** It may have changed since it was created, and what told by which run was pruned. Absent: `run` tells. */
  readonly pruned?: true | undefined
  /** The run that gave it this value; 0: nobody knows. */
  readonly run: number
  readonly at: string | null
  /** Who gave it this value, where no source did. */
  readonly by: RunBy | null
}

/** What one replica says of a property. */
export interface ExplainedClaim {
  readonly source: string
  readonly key: string
  readonly policy: AttributePolicy
  /** Higher comes first. */
  readonly precedence: number
  /** As the source has written it, of a file its name; empty: that there is no value; `null`: nothing. */
  readonly says: string | null
  /**
   * wins: it is the value, or will be when a run applies it (waits) · agrees: with the one that wins · shadowed: another one's value stands ·
   * fills: it is written where there is no value · silent: it says nothing.
   */
  readonly standing: 'wins' | 'waits' | 'agrees' | 'shadowed' | 'fills' | 'silent'
}

/** A row of a source that stands behind a resource; what is beyond its key is known of shared types. */
export interface ExplainedReplica {
  readonly source: string
  readonly key: string
  readonly status?: ReplicaStatus | undefined
  /** The resource was created by it. */
  readonly creator?: boolean | undefined
  readonly lastSeen?: string | undefined
  /** Why it could not be applied. */
  readonly error?: { readonly code: string; readonly text: string } | null | undefined
  /** What was left out of it. */
  readonly warnings?: readonly { readonly code: string; readonly text: string }[] | undefined
  /** By which rule it found the resource, from 1, on which values. */
  readonly matched?:
    | {
        readonly rule: number
        readonly values: Readonly<Record<string, string>>
        /** By property: what has made the value out of what is written; absent where nothing has. */
        readonly normalized?: Readonly<Record<string, readonly Normalizer[]>> | undefined
      }
    | null
    | undefined
  /** What somebody decided of it, because several resources match. */
  readonly decided?:
    | {
        readonly decision: MatchDecision
        readonly by: string
        readonly at: string
        readonly comment: string | null
      }
    | undefined
  /** Of a source that is a graph: the roots that give it, and the statements that wrote its attributes. Whoever evaluates roots adds it. */
  readonly made?: MadeByRoots | undefined
}

export interface ExplainedLinks {
  readonly association: string
  /** The end at which the explained resource stands. */
  readonly end: 'from' | 'to'
  readonly count: number
  /** Some of them. */
  readonly first: readonly {
    readonly resourceId: string
    /** Display value of the other resource, or its id. */
    readonly display: string
    readonly source: string | null
    readonly properties: Values
  }[]
}

/** A link that a source asserts of the explained resource, and that waits for its other end. */
export interface ExplainedOrphanLink {
  readonly association: string
  /** The end at which the explained resource stands. */
  readonly end: 'from' | 'to'
  readonly source: string
  /** What is named at the other end. */
  readonly name: string
  /** Ids of the resources that are called so, where they are several; absent where none is. */
  readonly candidates?: readonly string[] | undefined
}

/** A resource that became one with another. */
export interface MergedResource {
  readonly resourceId: string
  /** What it was called. */
  readonly display: string | null
  /** The run that merged it. */
  readonly run: number
  readonly at: string | null
}

/** Everything known about one resource. */
export interface SuspendedSource extends Suspension {
  readonly source: string
}

export interface Explanation {
  readonly resourceId: string
  readonly entityType: string
  readonly display: string | null
  /** The run that removed it; nothing but its history is left then. */
  readonly deleted: {
    readonly run: number
    readonly at: string | null
    /** It was merged into this one. */
    readonly into?: string | undefined
  } | null
  readonly values: readonly ExplainedValue[]
  /** The rows of sources that stand behind it. */
  readonly replicas: readonly ExplainedReplica[]
  readonly links: readonly ExplainedLinks[]
  /** What sources assert of links that are not there; absent where they are all there. */
  readonly orphanLinks?: readonly ExplainedOrphanLink[] | undefined
  /** Newest first. */
  readonly history: readonly HistoryEntry[]
  /** What this run and those before it changed was pruned; absent where the history may be all there is. */
  readonly prunedThrough?: number | undefined
  /** What was merged into it; absent where nothing was. */
  readonly merged?: readonly MergedResource[] | undefined
  /** Sources of these rows that are suspended; absent where none is. */
  readonly suspended?: readonly SuspendedSource[] | undefined
  /** What was ordered of these rows; absent where nothing was. */
  readonly orders?: readonly OrderRecord[] | undefined
  /** Ids of other resources that answer to the same words. */
  readonly alsoMatching: readonly string[]
}
