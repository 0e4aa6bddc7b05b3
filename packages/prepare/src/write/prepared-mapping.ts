/**
 * The files of one mapping on disk, and what was counted on the way to them.
 *
 * @module
 */
import { join } from 'node:path'
import { OutputFile, type WrittenFile } from '@sluice/files'
import type { PreparedFile } from '@sluice/protocol'
import type { Projection } from '../projection.ts'
import { headerLine } from './row-writer.ts'

export type SideFile = 'sorted' | 'duplicates' | 'nullpk'

/** Path of one of a mapping's files in `folder`. */
export function preparedPath(folder: string, mapping: string, side: SideFile): string {
  return join(folder, `${mapping}.${side}.csv`)
}

/** Opens one of the mapping's files with its header written. */
export async function createPrepared(
  folder: string,
  projection: Projection,
  side: SideFile,
): Promise<OutputFile> {
  const file = await OutputFile.create(preparedPath(folder, projection.mapping, side))
  await file.write(headerLine(projection.columns))
  return file
}

/** Rows by where they ended. read = rejected + filtered + nullKey + duplicate + noLink + rows */
export interface RowCounts {
  readonly read: number
  /** Of those that were read, all but the first of each record: values that stood in one column. */
  readonly further?: number | undefined
  /** Left out by the filter of the mapping. */
  readonly filtered?: number | undefined
  readonly rejected: number
  readonly nullKey: number
  readonly duplicate: number
  readonly noLink: number
  readonly rows: number
}

export function describePrepared(
  projection: Projection,
  written: WrittenFile,
  { further = 0, filtered = 0, ...counts }: RowCounts,
): PreparedFile {
  const { mapping, columns } = projection
  return {
    name: `${mapping}.sorted.csv`,
    mapping,
    kind: 'sorted',
    columns: [...columns],
    ...written,
    ...counts,
    ...(further === 0 ? {} : { further }),
    ...(filtered === 0 ? {} : { filtered }),
    unchanged: 0,
    deleted: 0,
  }
}
