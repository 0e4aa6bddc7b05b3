/**
 * Makes what lies in a work folder private, where an earlier version or somebody else has left it open, and refuses links in the place of its
 * folders.
 *
 * The work folder itself may be one that is shared on purpose, so that it is left as it is unless it has the usual name.
 *
 * @module
 */
import { basename, join } from 'node:path'
import { LinkedFolderError, makePrivate } from '@sluice/files'
import type { Configuration } from '@sluice/model'

const usualName = '.sluice'
const ownFolders = ['inbox', 'outbox', 'prepared', 'state']

export async function keepPrivate({ workFolder }: Pick<Configuration, 'workFolder'>): Promise<void> {
  if (basename(workFolder) === usualName) await makePrivate(workFolder)
  for (const name of ownFolders) {
    const path = join(workFolder, name)
    if ((await makePrivate(path)) === 'link') throw new LinkedFolderError(path)
  }
}
