/**
 * Why a server cannot do its work now, in a word for whoever asks without a token: no names of hosts or folders, which are in the log.
 *
 * @module
 */
import { access, constants, statfs } from 'node:fs/promises'
import { type RepositoryLocation, SluiceError } from '@sluice/model'
import { isReadOnly, ModelMovedError } from '@sluice/repository'
import type { ServerContext } from '../server-context.ts'

/** Bytes that have to be free where deliveries arrive, and where a repository in a folder lies. */
const leastFree = 16 * 1024 * 1024
/** Milliseconds after which a worker that has not looked at the queues is stuck: it looks every second, and every half minute after failures. */
const stuckAfter = 120_000

/** `undefined`: it is ready. */
export async function unreadiness({
  repository,
  configuration,
  modelWatch,
  stopping,
  worker,
}: ServerContext): Promise<string | undefined> {
  if (stopping.aborted) return 'the server is being stopped'
  try {
    const readOnly = await repository.database.session(async (session) => {
      await modelWatch.check(session)
      return await isReadOnly(session)
    })
    if (readOnly) return 'the repository can only be read'
  } catch (error) {
    if (error instanceof ModelMovedError) return `the model of the repository has changed (${error.code})`
    return `the repository does not answer${error instanceof SluiceError ? ` (${error.code})` : ''}`
  }
  const { lookedAgo, obstacle } = worker()
  if (lookedAgo > stuckAfter)
    return `the queues have not been looked at for ${Math.round(lookedAgo / 1000)} seconds`
  if (obstacle !== undefined) return `runs cannot be applied (${obstacle})`
  return await unusable(configuration.server.inbox, configuration.repository)
}

async function unusable(inbox: string, repository: RepositoryLocation): Promise<string | undefined> {
  try {
    await access(inbox, constants.W_OK)
  } catch {
    return 'the inbox folder cannot be written'
  }
  if (await isFull(inbox)) return 'the disk of the inbox is full'
  if (repository.kind === 'folder' && (await isFull(repository.path)))
    return 'the disk of the repository is full'
  return undefined
}

async function isFull(folder: string): Promise<boolean> {
  const found = await statfs(folder).catch(() => undefined)
  return found !== undefined && found.bavail * found.bsize < leastFree
}
