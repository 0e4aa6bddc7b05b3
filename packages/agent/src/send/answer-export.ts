/**
 * Says what exported files can be delivered as: by their headers, by what their export states, and by what they would be
 * compared with.
 *
 * @module
 */
import { type AnswerOf, WrongExportModeError } from '@sluice/connectors'
import {
  commandColumnOf,
  type DeliveryMode,
  type MappedTable,
  mappedTables,
  mayHoldCommands,
  type Source,
} from '@sluice/model'
import { BrokenReferenceError, ChangesInPlaceOfAllError, NoCommandsError } from '@sluice/prepare'
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
    const exported = { source: { ...source, folder }, stated }
    const tables = mode === 'incremental' ? await tablesOf(exported, state, ahead) : []
    const answer = answeredMode(mode, stated, tables)
    if (answer.kind === 'wrong') throw new WrongExportModeError(source.name, answer.reason, answer.remedy)
    return answer
  }
}

/** None of the files brings the managed system's own commands: together they say everything there is. */
export async function comesWhole(source: Source): Promise<boolean> {
  for (const table of mappedTables(source))
    if ((await findCommands(source, table)).kind === 'commands') return false
  return true
}

/**
 * Throws `ChangesInPlaceOfAllError` when files that lie there hold changes, and `why` everything is needed: what a complete does not
 * name is deleted; and `NoCommandsError` when they should hold changes, and nobody knows what they hold.
 */
export async function refuseChanges(source: Source, why: string): Promise<void> {
  for (const table of mappedTables(source)) {
    const found = await findCommands(source, table)
    if (found.kind === 'lacking') throw found.error
    const leads = found.kind === 'commands' && (found.configured || found.column === 0)
    if (leads) throw new ChangesInPlaceOfAllError(source.name, table.file, why)
  }
}

async function tablesOf(
  { source, stated }: { readonly source: Source; readonly stated: DeliveryMode | undefined },
  state: string | undefined,
  ahead: readonly QueuedDelivery[],
): Promise<readonly ExportedTable[]> {
  const outdated = await outdatedMappings(state, ahead)
  return Promise.all(
    mappedTables(source).map(async (table) => {
      const found = await findCommands(source, table)
      // Its program may say that it is everything all the same.
      const whole = stated === 'complete' || stated === 'initial'
      if (found.kind === 'lacking' && !whole) throw found.error
      return {
        file: table.file,
        commands: found.kind !== 'none',
        outdated: table.mappings.some((mapping) => outdated.has(mapping)),
      }
    }),
  )
}

type FoundCommands =
  | { readonly kind: 'commands'; readonly column: number; readonly configured: boolean }
  /** A mapping says that there are some. */
  | { readonly kind: 'lacking'; readonly error: NoCommandsError }
  | { readonly kind: 'none' }

async function findCommands(
  source: Source,
  { file, first, columns, mappings }: MappedTable,
): Promise<FoundCommands> {
  if (first === undefined || !mayHoldCommands(source, file)) return { kind: 'none' }
  const header = await inspectHeader(source, first)
  // What cannot be read is refused, with its reason, when it is prepared.
  if (header.kind === 'unreadable') return { kind: 'none' }
  const { name: called, matches } = commandColumnOf(source, file)
  const column = header.columns.findIndex((name) => matches(name) && !columns.includes(name))
  const wanting = [...source.entities, ...source.associations].find(
    ({ name, commands }) => commands === true && mappings.includes(name),
  )
  if (column !== -1) return { kind: 'commands', column, configured: wanting !== undefined }
  if (wanting === undefined) return { kind: 'none' }
  return {
    kind: 'lacking',
    error: new NoCommandsError(header.file, wanting.name, { column: called, header: header.columns }),
  }
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
