/**
 * Copies a prepared file into a table, and holds it to what its manifest says of it.
 *
 * @module
 */
import { join } from 'node:path'
import { asFileFailure } from '@sluice/files'
import type { OnProgress } from '@sluice/model'
import type { Manifest, PreparedFile } from '@sluice/protocol'
import {
  copyTarget,
  NotAFileError,
  RecordTooLongError,
  type Session,
  statementFailureOf,
  type Table,
} from '@sluice/repository'
import { DamagedDeliveryError, FilesMissingError, RowTooLargeError } from '../queue/delivery-errors.ts'

export interface PreparedFiles {
  /** Names the delivery in messages. */
  readonly delivery: string
  readonly folder: string
  readonly manifest: Manifest
  /** Bytes that a row of a file may have. */
  readonly longestRecord: number
  readonly onProgress?: OnProgress | undefined
}

type File = Pick<PreparedFile, 'name' | 'mapping' | 'size' | 'rows' | 'sha256'>

/** Where its rows go: columns in the order of the file, behind that of commands where it is a delta. */
interface CopyTarget {
  readonly session: Session
  /** Name of the source. */
  readonly source: string
  readonly table: Table
  readonly columns: readonly string[]
}

/** The table holds nothing but what the file holds, or nothing of it is to be used: it throws `DamagedDeliveryError` at its end. */
export async function copyPrepared(
  { session, source, table, columns }: CopyTarget,
  { delivery, folder, longestRecord, onProgress }: PreparedFiles,
  { name, mapping: subject, size, rows, sha256 }: File,
): Promise<void> {
  const damaged = (what: string) => new DamagedDeliveryError(delivery, name, what)
  const onBytes = (bytes: number) =>
    onProgress?.({ stage: 'translate', source, subject, bytes, totalBytes: size })
  const path = join(folder, name)
  const target = copyTarget(`intake/copy ${subject}`, table, columns)
  const copied = await session
    .copyFrom(target, path, 'format csv, header true', { onBytes, longestRecord })
    .catch((error: unknown) => {
      const failure = statementFailureOf(error)
      // Class 22: the text is not what COPY reads, so it is not what prepare writes. Class 23: a check of the table.
      if (error instanceof NotAFileError) throw damaged(notAFile)
      if (isMissing(error)) throw new FilesMissingError(source, delivery, name)
      if (error instanceof RecordTooLongError)
        throw new RowTooLargeError(delivery, name, error.line, longestRecord)
      if (failure?.code?.startsWith('22')) throw damaged(failure.message)
      if (failure?.code?.startsWith('23'))
        throw damaged('it holds a command other than insert, update, delete and merge')
      throw asFileFailure(error, path)
    })
  // Whatever was checked when it was sealed: this is what would be applied.
  if (copied.sha256 !== sha256) throw damaged(otherSum)
  if (copied.rows !== rows) throw damaged(`it holds ${copied.rows} rows where its manifest says ${rows}`)
}

export const notAFile = 'it is not a file'
export const otherSum = 'its checksum differs'

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
