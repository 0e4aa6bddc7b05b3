/**
 * The intake of a delivery: its prepared files, copied into staging tables, each held to what its manifest says of it.
 *
 * @module
 */
import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type ChangedSince,
  createStaging,
  type EntityShape,
  type Intake,
  type LinkShape,
  type SourcePart,
  type StagedRows,
  stageUnreadableRows,
  type UnreadableRow,
} from '@sluice/engine'
import { asFileFailure, type LineLimit, readLines } from '@sluice/files'
import type { OnProgress } from '@sluice/model'
import { longestRejection, type Manifest, type PreparedFile, preparedRejectionSchema } from '@sluice/protocol'
import { copyTarget, StatementError, type Table } from '@sluice/repository'
import { DamagedDeliveryError } from '../queue/delivery-errors.ts'

export interface PreparedFiles {
  /** Names the delivery in messages. */
  readonly delivery: string
  readonly folder: string
  readonly manifest: Manifest
  readonly onProgress?: OnProgress | undefined
}

export function intakeOf(files: PreparedFiles): Intake {
  const { manifest } = files
  return {
    notes: manifest.notes,
    keptFrom: manifest.keptFrom,
    changedSince: changedSince(files),
    stageUnreadable: async (part) => {
      const { rejections } = manifest
      if (rejections === undefined || rejections.rows === 0) return undefined
      return await stageUnreadableRows(part, readRejections(files, rejections))
    },
    stage: async (part, shape) => {
      const file = manifest.files.find(({ mapping }) => mapping === shape.mapping.name)
      return file === undefined ? undefined : await stageFile(part, shape, files, file)
    },
  }
}

function changedSince(files: PreparedFiles): ChangedSince | undefined {
  const { since } = files.manifest
  if (since === undefined) return undefined
  const fileOf = (mapping: string) => since.files.find((file) => file.mapping === mapping)
  return {
    base: since.base,
    has: (mapping) => fileOf(mapping) !== undefined,
    stage: async (part, shape) => {
      const file = fileOf(shape.mapping.name)
      if (file === undefined) throw new Error(`There is no delta of ${shape.mapping.name}.`)
      const staging = await createStaging(part, shape, { commands: true, kind: 'changed_since' })
      await copyInto(part, files, file, staging)
      return staging.table
    },
  }
}

async function stageFile(
  part: SourcePart,
  shape: EntityShape | LinkShape,
  files: PreparedFiles,
  file: PreparedFile,
): Promise<StagedRows> {
  const commands = file.kind === 'delta'
  const staging = await createStaging(part, shape, { commands })
  await copyInto(part, files, file, staging)
  const { rows, read, rejected, nullKey, duplicate, noLink, unchanged } = file
  return {
    table: staging.table,
    commands,
    counts: { rows, read, rejected, nullKey, duplicate, noLink, unchanged },
  }
}

type File = Pick<PreparedFile, 'name' | 'mapping' | 'size' | 'rows'>

async function copyInto(
  { session, source }: SourcePart,
  { delivery, folder, onProgress }: PreparedFiles,
  { name, mapping: subject, size, rows }: File,
  { table, columns }: { readonly table: Table; readonly columns: readonly string[] },
): Promise<void> {
  const damaged = (what: string) => new DamagedDeliveryError(delivery, name, what)
  const report = (bytes: number) =>
    onProgress?.({ stage: 'translate', source: source.name, subject, bytes, totalBytes: size })
  const path = join(folder, name)
  const target = copyTarget(`intake/copy ${subject}`, table, columns)
  // Before the database reads it, which has no word for all that may be wrong with a file.
  if (!(await isThere(path))) throw damaged('it is not there')
  const copied = await session
    .copyFrom(target, path, 'format csv, header true', report)
    .catch((error: unknown) => {
      const code = error instanceof StatementError ? error.code : undefined
      // Class 22: the text is not what COPY reads, so it is not what prepare writes. Class 23: a check of the table.
      if (error instanceof StatementError && code?.startsWith('22')) throw damaged(error.message)
      if (code?.startsWith('23'))
        throw damaged('it holds a command other than insert, update, delete and merge')
      throw asFileFailure(error, path)
    })
  if (copied !== rows) throw damaged(`it holds ${copied} rows where its manifest says ${rows}`)
}

/** Throws when it is there and the machine does not let us read it. */
async function isThere(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw asFileFailure(error, path)
  }
}

async function* readableLines(path: string, limit: LineLimit): AsyncGenerator<string> {
  try {
    yield* readLines(path, limit)
  } catch (error) {
    throw asFileFailure(error, path)
  }
}

async function* readRejections(
  { delivery, folder }: PreparedFiles,
  { name, rows }: NonNullable<Manifest['rejections']>,
): AsyncGenerator<UnreadableRow> {
  const damaged = (what: string) => new DamagedDeliveryError(delivery, name, what)
  const tooLong = (line: number) => damaged(`line ${line} is longer than ${longestRejection} bytes`)
  let line = 0
  let found = 0
  const path = join(folder, name)
  for await (const text of readableLines(path, { longest: longestRejection, tooLong })) {
    line++
    if (text === '') continue
    found++
    const row = rejectionOf(text)
    if (row === undefined) throw damaged(`line ${line} is no row that could not be read`)
    yield row
  }
  if (found !== rows) throw damaged(`it holds ${found} rows where its manifest says ${rows}`)
}

function rejectionOf(text: string): UnreadableRow | undefined {
  try {
    return preparedRejectionSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
