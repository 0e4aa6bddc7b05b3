/**
 * A project as the engine and the agent see it: resolved, checked, frozen.
 *
 * @module
 */
import type { EntityModel } from '../entity/entity-model.ts'
import type { Job } from '../job/job.ts'
import type { NotificationSettings } from '../notification/receiver.ts'
import type { Source } from '../source/source.ts'
import type { SignInSettings } from './resolve-sign-in.ts'
import type { Retention } from './retention.ts'
import type { SourceDefinition } from './source-definition.ts'

/** A configuration as it was understood: with defaults, absolute paths, and every name checked. */
export interface Configuration {
  readonly repository: RepositoryLocation
  readonly model: EntityModel
  readonly sources: ReadonlyMap<string, Source>
  /** Where each source is defined, and as what. */
  readonly definitions: ReadonlyMap<string, SourceDefinition>
  readonly prepare: PrepareSettings
  /** Absolute path of the folder for deliveries, prepared files and the agent's state. */
  readonly workFolder: string
  readonly server: ServerSettings
  readonly agent: AgentSettings
  readonly jobs: ReadonlyMap<string, Job>
  readonly notifications: NotificationSettings
  /** Milliseconds between two looks at what has aged in sources that age; `undefined`: nobody looks by itself. */
  readonly ageing: number | undefined
  readonly retention: Retention
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
  /** Address by which people and programs elsewhere reach it, for links; without a slash at its end. */
  readonly publicUrl?: string | undefined
  /** Absolute path; all servers of one repository share this folder. */
  readonly inbox: string
  /** An announced delivery of which nothing was heard for so long is cancelled. */
  readonly deliveryExpiry: number
  /** Runs at work at once in this process. */
  readonly runsAtOnce: number
  /** Processes of the database that may help a run of a server with one statement. */
  readonly parallelWorkers: number
  /** A run at work is given so long when the server is asked to stop. */
  readonly stopTimeout: number
  readonly limits: {
    /** Of all files of a delivery, uncompressed. */
    readonly deliverySize: number
    readonly requestsPerMinute: number
    /** A connection that sends nothing for so long is closed. */
    readonly idle: number
    /** Connections in all. */
    readonly connections: number
    /** Connections from one address that is no proxy's. */
    readonly connectionsPerAddress: number
    /** Deliveries of one token whose files have not all arrived. */
    readonly unsealedDeliveries: number
    /** Bytes of one token in the inbox. */
    readonly inboxSize: number
  }
  /** How people sign in. */
  readonly signIn: SignInSettings
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
  /** Connections of its sources are checked when somebody asks for that at the server. */
  readonly remoteChecks: boolean
  /** First rows of its sources are shown when somebody asks for that at the server. */
  readonly remotePreviews: boolean
}
