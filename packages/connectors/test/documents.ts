/**
 * Documents for tests of what reads them.
 *
 * @module
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/** Files below a folder, with their texts or bytes. */
export async function writeDocuments(
  folder: string,
  documents: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(documents)) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
}

/** What a select of DuckDB gives, as a file of Parquet. */
export async function writeParquet(path: string, select: string, more = ''): Promise<void> {
  const database = await DuckDBInstance.create()
  const connection = await database.connect()
  try {
    await connection.run(`copy (${select}) to '${path}' (format parquet${more})`)
  } finally {
    connection.closeSync()
    database.closeSync()
  }
}
