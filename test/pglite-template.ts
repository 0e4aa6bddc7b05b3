/**
 * A repository folder that was opened once, to be copied: initialising one takes seconds.
 *
 * It has the tables of Sluice already, as a repository has from its second opening on, but no model.
 *
 * @module
 */
import { openRepository } from '@sluice/repository'

export async function createTemplate(path: string): Promise<void> {
  const repository = await openRepository({ kind: 'folder', path })
  await repository.database.checkpoint()
  await repository[Symbol.asyncDispose]()
}
