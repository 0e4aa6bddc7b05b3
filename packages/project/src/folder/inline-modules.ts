/**
 * A file of definitions with the texts of the modules that it names, as it can be stored.
 *
 * @module
 */
import { resolve } from 'node:path'
import { type ConfigurationFile, type FoundModule, readModulePatterns, withModuleTexts } from '@sluice/model'
import { findModules } from './read-syncmappings.ts'

/** What cannot be found stays as it is written; whoever checks the definition says so. */
export async function inlineModules(file: ConfigurationFile, folder = '.'): Promise<ConfigurationFile> {
  const patterns = readModulePatterns(file) ?? []
  if (patterns.length === 0) return file
  const found = new Map<string, readonly FoundModule[]>()
  for (const pattern of patterns) {
    const modules = await findModules(resolve(folder, file.path), pattern)
    if (typeof modules !== 'string') found.set(pattern, modules)
  }
  return withModuleTexts(file, (pattern) => found.get(pattern))
}
