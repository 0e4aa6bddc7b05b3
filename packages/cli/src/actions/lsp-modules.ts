/**
 * The modules below the folders that an editor shows.
 *
 * @module
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

interface StoredModule {
  readonly uri: string
  readonly text: string
}

/** Editors write addresses in more than one way; what is no file keeps its own. */
export function moduleAddress(uri: string): string {
  return uri.startsWith('file:') ? pathToFileURL(fileURLToPath(uri)).href : uri
}

/** A folder that cannot be read has none; folders of packages and those with a point in front are left alone. */
export async function modulesBelow(folders: readonly string[]): Promise<readonly StoredModule[]> {
  const found = await Promise.all(folders.filter((uri) => uri.startsWith('file:')).map(filesBelow))
  const read = await Promise.all(
    found.flat().map(async (uri) => {
      const text = await moduleText(uri)
      return text === undefined ? [] : [{ uri, text }]
    }),
  )
  return read.flat()
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const path = fileURLToPath(folder)
  const entries = await readdir(path, { recursive: true }).catch(() => [])
  return entries
    .filter((entry) => entry.endsWith('.tpl') && !/(?:^|[\\/])(?:\.|node_modules[\\/])/.test(entry))
    .map((entry) => pathToFileURL(join(path, entry)).href)
}

/** `undefined`: it is gone, or nobody may read it. */
export async function moduleText(uri: string): Promise<string | undefined> {
  return await readFile(fileURLToPath(uri), 'utf8').catch(() => undefined)
}
