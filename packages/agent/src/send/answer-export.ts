/**
 * Says what exported files can be delivered as: by their headers, by what their export states, and by what they would be
 * compared with.
 *
 * @module
 */
import { type AnswerOf, WrongExportModeError } from '@sluice/connectors'
import { type DeliveryMode, type MappedTable, mappedTables, type Source } from '@sluice/model'
import { BrokenReferenceError } from '@sluice/prepare'
import { readReference } from '../reference/reference.ts'
import { answeredMode, type ExportedTable } from './answered-mode.ts'
import { inspectHeader } from './inspect-header.ts'

/** @param state The source's folder of state, where there is one. */
export function answersFor(source: Source, mode: DeliveryMode, state: string | undefined): AnswerOf {
  return async ({ folder, stated }) => {
    const tables = mode === 'incremental' ? await tablesOf({ ...source, folder }, state) : []
    const answer = answeredMode(mode, stated, tables)
    if (answer.kind === 'wrong') throw new WrongExportModeError(source.name, answer.reason, answer.remedy)
    return answer
  }
}

async function tablesOf(source: Source, state: string | undefined): Promise<readonly ExportedTable[]> {
  const outdated = await outdatedMappings(state)
  return Promise.all(
    mappedTables(source).map(async (table) => ({
      file: table.file,
      commands: await hasCommands(source, table),
      outdated: table.mappings.some((mapping) => outdated.has(mapping)),
    })),
  )
}

async function hasCommands(source: Source, { first, columns }: MappedTable): Promise<boolean> {
  const header = await inspectHeader(source, first)
  // What cannot be read is refused, with its reason, when it is prepared.
  if (header.kind === 'unreadable') return false
  return header.columns.some((column) => column.toLowerCase() === 'command' && !columns.includes(column))
}

/** Mappings whose reference file is older than the last delivery. */
async function outdatedMappings(state: string | undefined): Promise<ReadonlySet<string>> {
  if (state === undefined) return new Set()
  try {
    const reference = await readReference(state)
    const older = reference?.files.filter(({ delivery }) => delivery !== reference.delivery) ?? []
    return new Set(older.map(({ mapping }) => mapping))
  } catch (error) {
    if (error instanceof BrokenReferenceError) return new Set()
    throw error
  }
}
