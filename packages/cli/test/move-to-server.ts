/**
 * Lets a project keep its repository on a server: each command then opens it in a hundredth of the time.
 *
 * For tests that are about the command line and not about where a repository lies.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migratedLocation } from '../../../test/databases.ts'

/** What its folder held stays there, unread. */
export async function moveToServer(folder: string): Promise<AsyncDisposable> {
  const place = await migratedLocation('postgres-18')
  if (place.location.kind !== 'postgres') throw new Error('a server')
  const path = join(folder, 'sluice.yaml')
  const { url, schema } = place.location
  const text = readFileSync(path, 'utf8').replace(/^repository: .*\n/m, '')
  writeFileSync(path, `repository: {url: "${url}", schema: ${schema}}\n${text}`)
  return place
}
