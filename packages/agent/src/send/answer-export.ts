/**
 * Says what exported files can be delivered as: by their headers, by what their export states, and by what they would be
 * compared with.
 *
 * @module
 */
import { type AnswerOf, WrongExportModeError } from '@sluice/connectors'
import {
  type DeliveryMode,
  isCommandColumn,
  type MappedTable,
  mappedTables,
  mayHoldCommands,
  type Source,
} from '@sluice/model'
import { BrokenReferenceError, ChangesInPlaceOfAllError } from '@sluice/prepare'
import type { QueuedDelivery } from '../outbox/outbox-queue.ts'
import { answeredMode, type ExportedTable } from './answered-mode.ts'
import { inspectHeader } from './inspect-header.ts'
import { referenceUnderWay } from './reference-under-way.ts'

/**
 * @param state The source's folder of state, where there is one.
 * @param ahead What will be delivered before.
 */
export function answersFor(
  source: Source,
  mode: DeliveryMode,
  state: string | undefined,
  ahead: readonly QueuedDelivery[] = [],
): AnswerOf {
  return async ({ folder, stated }) => {
    const tables = mode === 'incremental' ? await tablesOf({ ...source, folder }, state, ahead) : []
    const answer = answeredMode(mode, stated, tables)
    if (answer.kind === 'wrong') throw new WrongExportModeError(source.name, answer.reason, answer.remedy)
    return answer
  }
}

/** None of the files brings the managed system's own commands: together they say everything there is. */
export async function comesWhole(source: Source): Promise<boolean> {
  for (const table of mappedTables(source)) if (await hasCommands(source, table)) return false
  return true
}

/**
 * Throws `ChangesInPlaceOfAllError` when files that lie there hold changes, and `why` everything is needed: what a complete does not
 * name is deleted.
 */
export async function refuseChanges(source: Source, why: string): Promise<void> {
  for (const { file, first, columns, mappings } of mappedTables(source)) {
    const header = await inspectHeader(source, first)
    if (header.kind === 'unreadable') continue
    const leading = header.columns.slice(0, saysCommands(source, mappings) ? undefined : 1)
    if (
      mayHoldCommands(source, file) &&
      leading.some((name) => isCommandColumn(name) && !columns.includes(name))
    )
      throw new ChangesInPlaceOfAllError(source.name, file, why)
  }
}

async function tablesOf(
  source: Source,
  state: string | undefined,
  ahead: readonly QueuedDelivery[],
): Promise<readonly ExportedTable[]> {
  const outdated = await outdatedMappings(state, ahead)
  return Promise.all(
    mappedTables(source).map(async (table) => ({
      file: table.file,
      commands: await hasCommands(source, table),
      outdated: table.mappings.some((mapping) => outdated.has(mapping)),
    })),
  )
}

/** Somebody has configured that such a column holds commands, wherever it stands. */
function saysCommands({ entities, associations }: Source, mappings: readonly string[]): boolean {
  return [...entities, ...associations].some(
    ({ name, commands }) => commands === true && mappings.includes(name),
  )
}

async function hasCommands(source: Source, { file, first, columns }: MappedTable): Promise<boolean> {
  if (!mayHoldCommands(source, file)) return false
  const header = await inspectHeader(source, first)
  // What cannot be read is refused, with its reason, when it is prepared.
  if (header.kind === 'unreadable') return false
  return header.columns.some((column) => isCommandColumn(column) && !columns.includes(column))
}

/** Mappings whose reference file is older than the last delivery. */
async function outdatedMappings(
  state: string | undefined,
  ahead: readonly QueuedDelivery[],
): Promise<ReadonlySet<string>> {
  if (state === undefined) return new Set()
  try {
    const reference = await referenceUnderWay(state, ahead)
    const older = reference?.files.filter(({ delivery }) => delivery !== reference.delivery) ?? []
    return new Set(older.map(({ mapping }) => mapping))
  } catch (error) {
    if (error instanceof BrokenReferenceError) return new Set()
    throw error
  }
}
