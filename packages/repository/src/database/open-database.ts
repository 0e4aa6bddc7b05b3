/**
 * Opens the database a configuration names; its driver is loaded here and nowhere else.
 *
 * @module
 */
import type { RepositoryLocation } from '@sluice/model'
import type { Database } from './database.ts'

/**
 * Loads what opens a folder, for whoever is about to open one and has something to do before. What was loaded in vain goes with the
 * process, which does not wait for it.
 */
export async function loadEmbedded(): Promise<void> {
  const { loadPGlite } = await import('./pglite.ts')
  loadPGlite()
}

export async function openDatabase(location: RepositoryLocation): Promise<Database> {
  switch (location.kind) {
    case 'folder': {
      const { openPGlite } = await import('./pglite.ts')
      return openPGlite(location.path)
    }
    case 'postgres': {
      const { openPostgres } = await import('./postgres.ts')
      return openPostgres(location.url, location.schema)
    }
  }
}
