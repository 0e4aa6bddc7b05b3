/**
 * Decides what kind of delivery exported files can be, from what was asked of the program and what it says.
 *
 * A file with a column `command` holds changes, one without holds everything; and what a file of everything does
 * not name is deleted. So changes must never be taken for everything, nor everything that comes as commands for
 * changes: the rows that are gone are in neither.
 *
 * @module
 */
import type { DeliveryMode } from '@sluice/model'

export interface ExportedTable {
  readonly file: string
  /** It has a column `command` that no mapping uses. */
  readonly commands: boolean
  /** What it would be compared with is older than the last delivery, which brought commands instead. */
  readonly outdated: boolean
}

export type AnsweredMode =
  /** `note`: why it is not the mode asked for. */
  | { readonly kind: 'fits'; readonly mode: DeliveryMode; readonly note?: string | undefined }
  | { readonly kind: 'wrong'; readonly reason: string; readonly remedy: string }

const everything = 'A complete is delivered instead of an incremental:'

/** @param stated The mode that the program's statement names. */
export function answeredMode(
  asked: DeliveryMode,
  stated: DeliveryMode | undefined,
  tables: readonly ExportedTable[],
): AnsweredMode {
  if (asked !== 'incremental') {
    if (stated !== 'incremental') return { kind: 'fits', mode: asked }
    return {
      kind: 'wrong',
      reason: `a ${asked} was asked for, and its program says that the files hold changes only`,
      remedy: 'The program has to export everything when SLUICE_MODE is not incremental.',
    }
  }
  const commands = tables.some((table) => table.commands)
  if (stated === 'incremental') {
    if (commands) return { kind: 'fits', mode: 'incremental' }
    return {
      kind: 'wrong',
      reason: 'its program says that the files hold changes only, but none of them has a column "command"',
      remedy: 'Without that column a file is everything there is: say so with "mode": "complete", or add it.',
    }
  }
  if (stated !== undefined && commands) {
    return {
      kind: 'fits',
      mode: 'complete',
      note: `${everything} the export says that it holds all.`,
    }
  }
  // Whole files are compared with the reference; where that is outdated, with the repository itself.
  const outdated = commands ? undefined : tables.find((table) => table.outdated)
  if (outdated === undefined) return { kind: 'fits', mode: 'incremental' }
  return {
    kind: 'fits',
    mode: 'complete',
    note: `${everything} ${outdated.file} holds all rows, and the deliveries before it brought only changes.`,
  }
}
