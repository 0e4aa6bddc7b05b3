/**
 * Opens the database a configuration names.
 *
 * @module
 */
import type { RepositoryLocation } from '@sluice/model'
import type { Database } from './database.ts'
import { openPGlite } from './pglite.ts'
import { openPostgres } from './postgres.ts'

export function openDatabase(location: RepositoryLocation): Promise<Database> {
  switch (location.kind) {
    case 'folder':
      return openPGlite(location.path)
    case 'postgres':
      return openPostgres(location.url, location.schema)
  }
}
