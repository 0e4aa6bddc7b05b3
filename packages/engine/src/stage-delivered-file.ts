/**
 * Stages one file of a delivery, and holds it to what its manifest says of it.
 *
 * @module
 */
import { basename } from 'node:path'
import type { Manifest, PreparedFile } from '@sluice/protocol'
import { StatementError } from '@sluice/repository'
import { DamagedDeliveryError } from './receive/errors.ts'
import type { Work } from './terms/work.ts'
import { stageFile } from './translate/stage-file.ts'

export interface Delivered {
  /** Folder in the inbox. */
  readonly folder: string
  readonly manifest: Manifest
}

export async function stageDelivered(
  work: Work,
  delivered: Delivered,
  staging: string,
  file: PreparedFile,
  columns: number,
): Promise<void> {
  await stage(work, delivered, staging, { ...file, commands: file.kind === 'delta' }, columns)
}

/** A delta beside the whole files. */
export async function stageDelta(
  work: Work,
  delivered: Delivered,
  table: string,
  file: Pick<PreparedFile, 'name' | 'mapping' | 'size' | 'rows'>,
  columns: number,
): Promise<void> {
  await stage(work, delivered, table, { ...file, commands: true }, columns)
}

async function stage(
  work: Work,
  delivered: Delivered,
  staging: string,
  file: Pick<PreparedFile, 'name' | 'mapping' | 'size' | 'rows'> & { readonly commands: boolean },
  columns: number,
): Promise<void> {
  const path = `${delivered.folder}/${file.name}`
  const damaged = (what: string) => new DamagedDeliveryError(basename(delivered.folder), file.name, what)
  const { mapping: subject, size, commands } = file
  const rows = await stageFile(work, staging, { path, columns, commands, subject, size }).catch(
    (error: unknown) => {
      const code = error instanceof StatementError ? error.code : undefined
      // Class 22: the text is not what COPY reads, so it is not what prepare writes. Class 23: a check of the table.
      if (error instanceof StatementError && code?.startsWith('22')) throw damaged(error.message)
      if (code?.startsWith('23'))
        throw damaged('it holds a command other than insert, update, delete and merge')
      throw error
    },
  )
  if (rows !== file.rows) throw damaged(`it holds ${rows} rows where its manifest says ${file.rows}`)
}
