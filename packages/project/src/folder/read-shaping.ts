/**
 * Brings what is needed to check values that a project makes of columns: the language of expressions, and its tables of values.
 *
 * @module
 */
import { dirname, resolve } from 'node:path'
import { locateSourceFiles } from '@sluice/connectors'
import {
  type ConfigurationFile,
  type Shaping,
  type ShapingProblem,
  SluiceError,
  shapingNeeds,
  type TableFile,
} from '@sluice/model'
import { loadShapingChecks, readValueTable } from '@sluice/prepare'

/** `undefined` where none of the files shapes anything. */
export async function readShaping(files: readonly ConfigurationFile[]): Promise<Shaping | undefined> {
  const tables = new Map<string, TableFile | ShapingProblem>()
  let needed = false
  for (const file of files) {
    const needs = shapingNeeds(file)
    needed ||= needs.checks || needs.tables.length > 0
    for (const path of needs.tables) tables.set(nameOf(file.path, path), await readTable(file.path, path))
  }
  if (!needed) return undefined
  return {
    ...(await loadShapingChecks()),
    table: (file, path) => tables.get(nameOf(file, path)) ?? { problem: `There is no file "${path}".` },
  }
}

function nameOf(file: string, path: string): string {
  return JSON.stringify([file, path])
}

async function readTable(file: string, path: string): Promise<TableFile | ShapingProblem> {
  try {
    const [found, ...others] = await locateSourceFiles(dirname(resolve(file)), { file: path })
    if (found === undefined || others.length > 0) return { problem: `"${path}" is not one file.` }
    const table = await readValueTable(found)
    return typeof table === 'string' ? { problem: `${table}.`, remedy: 'Correct the file.' } : table
  } catch (error) {
    if (error instanceof SluiceError) return { problem: error.message, remedy: error.remedy }
    throw error
  }
}
