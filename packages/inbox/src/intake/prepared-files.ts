/**
 * The intake of a delivery: its prepared files, copied into staging tables, each held to what its manifest says of it.
 *
 * @module
 */
import { createHash } from 'node:crypto'
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
import { asFileFailure, type LineLimit, linesOf } from '@sluice/files'
import { longestRejection, type Manifest, type PreparedFile, preparedRejectionSchema } from '@sluice/protocol'
import { NotAFileError, openFile } from '@sluice/repository'
import { DamagedDeliveryError, FilesMissingError } from '../queue/delivery-errors.ts'
import { copyPrepared, isMissing, notAFile, otherSum, type PreparedFiles } from './copy-prepared.ts'

export function intakeOf(files: PreparedFiles): Intake {
  const { manifest } = files
  return {
    notes: manifest.notes,
    keptFrom: manifest.keptFrom,
    changedSince: changedSince(files),
    stageUnreadable: async (part) => {
      const { rejections } = manifest
      if (rejections === undefined || rejections.rows === 0) return undefined
      return await stageUnreadableRows(part, readRejections(part.source.name, files, rejections))
    },
    columnsOf: (mapping) =>
      manifest.files.find((file) => file.mapping === mapping && file.kind === 'delta')?.columns,
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
      await copyPrepared(targetIn(part, staging), files, file)
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
  await copyPrepared(targetIn(part, staging), files, file)
  const { rows, read, rejected, nullKey, duplicate, noLink, filtered, unchanged, follows, places } = file
  return {
    table: staging.table,
    commands,
    follows,
    places,
    counts: { rows, read, rejected, nullKey, duplicate, noLink, filtered, unchanged },
  }
}

function targetIn(
  { session, source }: SourcePart,
  { table, columns }: Awaited<ReturnType<typeof createStaging>>,
) {
  return { session, source: source.name, table, columns }
}

/** What is wrong with the file as a whole is seen at its end, and nothing of the run is applied then. */
async function* readRejections(
  source: string,
  { delivery, folder }: Pick<PreparedFiles, 'delivery' | 'folder'>,
  { name, rows, sha256 }: NonNullable<Manifest['rejections']>,
): AsyncGenerator<UnreadableRow> {
  const damaged = (what: string) => new DamagedDeliveryError(delivery, name, what)
  const tooLong = (line: number) => damaged(`line ${line} is longer than ${longestRejection} bytes`)
  const path = join(folder, name)
  await using handle = await openFile(path).catch((error: unknown) => {
    if (isMissing(error)) throw new FilesMissingError(source, delivery, name)
    throw error instanceof NotAFileError ? damaged(notAFile) : asFileFailure(error, path)
  })
  const hash = createHash('sha256')
  const input = handle.createReadStream({ autoClose: false })
  input.on('data', (chunk) => hash.update(chunk))
  let line = 0
  let found = 0
  for await (const text of readableLines(input, path, { longest: longestRejection, tooLong })) {
    line++
    if (text === '') continue
    found++
    const row = rejectionOf(text)
    if (row === undefined) throw damaged(`line ${line} is not a row that could not be read`)
    yield row
  }
  if (hash.digest('hex') !== sha256) throw damaged(otherSum)
  if (found !== rows) throw damaged(`it holds ${found} rows where its manifest says ${rows}`)
}

async function* readableLines(
  chunks: AsyncIterable<Buffer>,
  path: string,
  limit: LineLimit,
): AsyncGenerator<string> {
  try {
    yield* linesOf(chunks, limit)
  } catch (error) {
    throw asFileFailure(error, path)
  }
}

function rejectionOf(text: string): UnreadableRow | undefined {
  try {
    return preparedRejectionSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
