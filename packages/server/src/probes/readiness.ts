/**
 * Why a server cannot do its work now, in a word for whoever asks without a token: no names of hosts or folders, which are in the log.
 *
 * @module
 */
import { access, constants } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlmostFull } from '@sluice/files'
import { type RepositoryLocation, SluiceError } from '@sluice/model'
import { isReadOnly, ModelMovedError } from '@sluice/repository'
import type { ServerContext } from '../server-context.ts'

/** Milliseconds after which a worker that has not looked at the queues is stuck: it looks every second. */
const stuckAfter = 120_000

/** Milliseconds in which the database has to answer. */
const answersWithin = 3000

/** `undefined`: it is ready. */
export async function unreadiness({
  urgent,
  configuration,
  modelWatch,
  stopping,
  worker,
}: ServerContext): Promise<string | undefined> {
  if (stopping.aborted) return 'the server is being stopped'
  try {
    const asked = urgent.database.session(async (session) => {
      await modelWatch.check(session)
      return (await isReadOnly(session)) ? 'read-only' : 'writable'
    })
    const found = await inTime(asked)
    if (found === 'read-only') return 'the repository can only be read'
    // A database in this process does one thing at a time: while a run is at work it is as ready as before.
    if (found === undefined && urgent.database.kind === 'postgres')
      return 'the repository does not answer in time'
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

/** What it comes to, `undefined` where that takes too long; throws what it throws. */
async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  // What comes of it later nobody waits for.
  work.catch(() => undefined)
  const end = new AbortController()
  const late = sleep(answersWithin, undefined, { signal: end.signal, ref: false }).catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    end.abort()
  }
}

async function unusable(inbox: string, repository: RepositoryLocation): Promise<string | undefined> {
  try {
    await access(inbox, constants.W_OK)
  } catch {
    return 'the inbox folder cannot be written'
  }
  if (await isAlmostFull(inbox)) return 'the disk of the inbox is full'
  if (repository.kind === 'folder' && (await isAlmostFull(repository.path)))
    return 'the disk of the repository is full'
  return undefined
}
