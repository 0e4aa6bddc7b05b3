/**
 * The syncmappings of the discovery. One of them has a mistake that is there to be found: the health
 * page shows that no server has an operating system.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** In the order in which they are loaded. */
const mappingFiles = ['hosts.tpl', 'software.tpl', 'applications.tpl']
const folder = new URL('./mappings/', import.meta.url)

/** Texts by name of their file. */
export async function demoMappings(): Promise<ReadonlyMap<string, string>> {
  const texts = mappingFiles.map(async (name) => {
    const text = await readFile(fileURLToPath(new URL(name, folder)), 'utf8')
    return [name, text] as const
  })
  return new Map(await Promise.all(texts))
}
