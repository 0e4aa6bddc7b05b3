/**
 * Looks up which sources a repository defines, for whoever does not work with it: nothing is made, and nothing brought up to date.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RepositoryLocation } from '@sluice/model'
import { openDatabase } from './database/open-database.ts'
import { type KeptDefinition, readDefinitions } from './definitions/definition-store.ts'

/** None where there is no repository yet. Throws where it cannot be opened. */
export async function lookUpDefinitions(location: RepositoryLocation): Promise<readonly KeptDefinition[]> {
  if (location.kind === 'folder' && !existsSync(join(location.path, 'data', 'PG_VERSION'))) return []
  await using database = await openDatabase(location)
  return (await database.session(readDefinitions)).definitions
}
