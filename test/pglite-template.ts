/**
 * A repository folder that was opened once, to be copied: initialising one takes seconds.
 *
 * @module
 */
import { openDatabase } from '@sluice/repository'

export async function createTemplate(path: string): Promise<void> {
  const database = await openDatabase({ kind: 'folder', path })
  await database.checkpoint()
  await database[Symbol.asyncDispose]()
}
