/**
 * One managed system and how it is synchronized: its files, its mappings, its thresholds.
 *
 * @module
 */

import type { EntityModel } from './entity-model.ts'

/** How a run treats what it is given: design.md section 4. */
export const modes = ['auto', 'initial', 'complete', 'incremental'] as const
export type Mode = (typeof modes)[number]
/** `auto` is decided before a delivery is announced. */
export type DeliveryMode = Exclude<Mode, 'auto'>

/** How a source file is written. What is not given is detected from the file. */
export interface FileFormat {
  readonly separator?: ',' | ';' | '\t' | '|' | undefined
  readonly encoding?: FileEncoding | undefined
  /** Lines to skip before the header. */
  readonly skipLines: number
  /** `trust` accepts quoted line breaks even where the lines inside look like rows of the file. */
  readonly quotedLineBreaks: 'check' | 'trust'
  /** A row with fewer fields than the header: left out, or its missing fields taken for empty. */
  readonly shortRows: 'reject' | 'fill'
}
export const fileEncodings = ['utf-8', 'utf-16', 'utf-16le', 'utf-16be', 'latin-1', 'windows-1252'] as const
export type FileEncoding = (typeof fileEncodings)[number]

/** Where one property gets its value. */
export interface PropertyMapping {
  readonly property: string
  readonly column: string
  /** date and datetime: tokens yyyy MM dd HH mm ss SSS; ISO 8601 when absent. */
  readonly format?: string | undefined
  /** decimal and integer: `.` when absent. */
  readonly decimalSeparator?: ',' | '.' | undefined
  readonly thousandsSeparator?: ',' | '.' | ' ' | "'" | undefined
  /** boolean: the words that stand for true and false; `true` and `false` when absent. */
  readonly words?: { readonly true: readonly string[]; readonly false: readonly string[] } | undefined
  /** reference: the property of the target type whose values the column holds. */
  readonly by?: string | undefined
  /** file: how the column holds the content; and the columns of name and media type, if any. */
  readonly encoding?: 'base64' | 'hex' | undefined
  readonly fileNameColumn?: string | undefined
  readonly mediaTypeColumn?: string | undefined
}

/** Columns of a source file to the properties of an entity type. One per entity type and source. */
export interface EntityMapping {
  /** Named like its entity type. */
  readonly name: string
  readonly entityType: string
  /** Path of the file, or of a folder of part files, relative to the source's folder. */
  readonly file: string
  readonly format: FileFormat
  /** The mapped property that identifies a row of this source: unique and immutable. */
  readonly key: string
  readonly properties: readonly PropertyMapping[]
  readonly thresholds: EntityThresholds
}

export interface EndMapping {
  readonly column: string
  /** The property of the end's entity type whose values the column holds. */
  readonly by: string
}

/** Two columns of a source file to the ends of an association. One per association and source. */
export interface AssociationMapping {
  /** Named like its association. */
  readonly name: string
  readonly association: string
  readonly file: string
  readonly format: FileFormat
  readonly from: EndMapping
  readonly to: EndMapping
  readonly properties: readonly PropertyMapping[]
  readonly thresholds: AssociationThresholds
}

/** More than `count`, or more than `percent` of what is stored, holds the run; all that are set count. */
export interface Limit {
  readonly count?: number | undefined
  readonly percent?: number | undefined
  /** Changes below this number never trip `percent`. */
  readonly atLeast?: number | undefined
}

export interface EntityThresholds {
  readonly inserted?: Limit | undefined
  readonly updated?: Limit | undefined
  readonly deleted?: Limit | undefined
  /** Of the rows read. */
  readonly rejected?: Limit | undefined
}

export interface AssociationThresholds {
  readonly inserted?: Limit | undefined
  readonly deleted?: Limit | undefined
  readonly rejected?: Limit | undefined
}

export interface SourceThresholds extends EntityThresholds {
  readonly linksInserted?: Limit | undefined
  readonly linksDeleted?: Limit | undefined
}

/** A program that writes the source files: any script that can write CSV. */
export interface ExportProgram {
  /** Program and arguments; no shell stands in between. */
  readonly command: readonly [string, ...string[]]
  /** Absolute path of the folder it runs in. */
  readonly workingFolder: string
  /** Set besides those that Sluice sets. */
  readonly environment: Readonly<Record<string, string>>
  /** Milliseconds after which it is stopped and has failed. */
  readonly timeout: number
  /** Without a statement that the export was complete, it has failed. */
  readonly requireStatement: boolean
}

export interface Source {
  readonly name: string
  readonly description?: string | undefined
  /** Absolute path of the folder that holds the source files; an export program writes a new one each time. */
  readonly folder: string
  readonly export?: ExportProgram | undefined
  readonly mode: Mode
  readonly entities: readonly EntityMapping[]
  readonly associations: readonly AssociationMapping[]
  readonly thresholds: SourceThresholds
}

/** A project as the engine and the agent see it: resolved, checked, frozen. */
export interface Configuration {
  readonly repository: RepositoryLocation
  readonly model: EntityModel
  readonly sources: ReadonlyMap<string, Source>
  readonly prepare: PrepareSettings
  /** Absolute path of the folder for deliveries, prepared files and the agent's state. */
  readonly workFolder: string
  readonly server: ServerSettings
  readonly agent: AgentSettings
  readonly jobs: ReadonlyMap<string, Job>
}

export type RepositoryLocation =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly schema: string }

export interface PrepareSettings {
  /** Bytes DuckDB may use; the process needs up to 2.5 times as much. */
  readonly memoryLimit: number
  readonly tempFolder?: string | undefined
  /** A quoted field longer than this (bytes) is taken for an unclosed quote. */
  readonly maximumFieldSize: number
}

/** How `sluice server` listens and what it lets in. Times in milliseconds, sizes in bytes. */
export interface ServerSettings {
  /** Whether the configuration says anything of a server: then it is likely that of one, and agents have the files. */
  readonly configured: boolean
  readonly host: string
  readonly port: number
  /** Absolute paths of PEM files. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined
  /** Takes the caller's address and protocol from the headers of a proxy: of whoever connects, or of these addresses and networks. */
  readonly behindProxy: boolean | readonly string[]
  /** Absolute path; all servers of one repository share this folder. */
  readonly inbox: string
  /** An announced delivery of which nothing was heard for so long is cancelled. */
  readonly deliveryExpiry: number
  /** Runs at work at once in this process. */
  readonly runsAtOnce: number
  /** A run at work is given so long when the server is asked to stop. */
  readonly stopTimeout: number
  readonly limits: {
    /** Of all files of a delivery, uncompressed. */
    readonly deliverySize: number
    readonly requestsPerMinute: number
    /** A connection that sends nothing for so long is closed. */
    readonly idle: number
  }
}

/** How an agent reaches its server. */
export interface AgentSettings {
  /** Address of the server; absent: the repository is in this process. */
  readonly server?: string | undefined
  readonly token?: string | undefined
  /** Absolute path of a file that holds the token, read each time the server is reached for the first time. */
  readonly tokenFile?: string | undefined
  /** Absolute path of a PEM file, for a server whose certificate no public authority has signed. */
  readonly certificateAuthority?: string | undefined
  /** `auto`: none to this machine itself, else what both sides do best. */
  readonly compression: 'auto' | 'none' | 'gzip' | 'brotli' | 'zstd'
  /** Milliseconds for which a delivery is tried again and again before the agent leaves it for later. */
  readonly retryFor: number
}

export const jobStages = ['sync', 'export', 'prepare', 'deliver', 'synchronize'] as const
export type JobStage = (typeof jobStages)[number]

/** Named steps over several sources, one after the other. */
export interface Job {
  readonly name: string
  readonly description?: string | undefined
  readonly schedule?: Schedule | undefined
  readonly steps: readonly JobStep[]
}

export interface JobStep {
  readonly name: string
  /** `sync` is all stages. */
  readonly stage: JobStage
  /** They start together; the next step waits for all of them. */
  readonly sources: readonly string[]
  /** Instead of the mode each source is configured with. */
  readonly mode?: Mode | undefined
  readonly force: boolean
  /** A failure is a warning, and the next step runs. */
  readonly continueOnError: boolean
}

export interface Schedule {
  /** Five fields, or six with seconds first. */
  readonly cron: string
  /** IANA name. */
  readonly timeZone: string
  /** Milliseconds; each start is put off by a random part of it. */
  readonly jitter: number
  /** A start that was missed because the agent did not run: made up for once, or left out. */
  readonly missed: 'run' | 'skip'
}
