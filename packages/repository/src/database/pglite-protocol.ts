/**
 * What the thread that runs PGlite and the rest of the process say to one another.
 *
 * @module
 */
import type { SharedLock } from '@sluice/files'
import type { StatementFailure } from './statement-errors.ts'

/** The first request. */
export interface OpenRequest {
  readonly kind: 'open'
  /** Folder of the database's files; made when it does not exist. */
  readonly dataFolder: string
  /** Of that folder: nothing is written without it. */
  readonly lock: SharedLock
}

export type WorkerRequest = OpenRequest | DatabaseRequest

export type DatabaseRequest =
  | { readonly kind: 'query'; readonly text: string; readonly values: readonly (string | null)[] }
  | { readonly kind: 'execute'; readonly text: string }
  /** `text` reads the file `file` of the folder as `copyFolder/file`. */
  | {
      readonly kind: 'copy'
      readonly text: string
      readonly folder: string
      readonly tellBytes: boolean
      readonly longestRecord: number | undefined
    }
  | { readonly kind: 'sync' }
  | { readonly kind: 'close' }

export type WorkerReply =
  | { readonly kind: 'bytes'; readonly bytes: number }
  | {
      readonly kind: 'done'
      readonly rows: readonly Readonly<Record<string, unknown>>[]
      readonly count: number
      /** Columns whose values are bytes or arrays of bytes: they lose their class on the way. */
      readonly byteColumns: readonly string[]
      /** Of what a `copy` read. */
      readonly sha256?: string
      /** A `copy` was broken off for a record that begins behind so many bytes. */
      readonly tooLongAt?: number
    }
  | { readonly kind: 'failed'; readonly failure: StatementFailure }

/** Where the thread shows a folder of the machine to PGlite while a COPY reads from it. */
export const copyFolder = '/sluice'
