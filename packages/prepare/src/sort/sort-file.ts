/**
 * Sorts the lines of an intermediate file: a small one here, a large one by DuckDB, which takes a while to start.
 *
 * @module
 */
import { readFile, stat } from 'node:fs/promises'
import { FileWriter } from '@sluice/files'
import { sortLines } from './sort-lines.ts'
import type { LineSort, Sorter } from './sorter.ts'

/** Bytes up to which a table is small: more of them would be read and sorted sooner by DuckDB, its start included. */
export const smallTable = 1 << 20

/** With the keys of its rows before them, a small table is no longer than this. */
const inMemory = 4 * smallTable

export async function sortFile(sorter: Sorter, sort: LineSort): Promise<void> {
  const { from, to, parts, by } = sort
  if ((await stat(from)).size > inMemory) return await sorter.sortLines(sort)
  await using file = await FileWriter.create(to)
  await file.write(sortLines(await readFile(from), { parts, by }))
  await file.finish()
}
