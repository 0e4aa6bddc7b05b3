/**
 * Exports the tables of a forest: everything, or what has changed.
 *
 * @module
 */
import type { ConnectorStatement } from '../contract/connector.ts'
import type { ExportContext } from '../contract/export-context.ts'
import { Forest } from './domain.ts'
import { exportChanges } from './export-changes.ts'
import { noteOf } from './notes.ts'
import type { ActiveDirectoryOptions } from './options.ts'
import { readSchema } from './schema.ts'
import { checkColumns, wantedTables } from './tables.ts'
import { writeWhole } from './write-whole.ts'

export async function exportTables(
  options: ActiveDirectoryOptions,
  context: ExportContext,
): Promise<ConnectorStatement> {
  const forest = await Forest.open(options, context)
  try {
    const tables = wantedTables(options, context, forest)
    const schema = await readSchema(forest.first)
    checkColumns(tables, schema)
    if (options.changes === 'dirsync') return await exportChanges({ options, context, schema, tables })
    const notes: string[] = []
    for (const table of tables) notes.push(...(await writeWhole({ options, context }, table)))
    return { complete: true, ...noteOf(notes) }
  } finally {
    forest.close()
  }
}
