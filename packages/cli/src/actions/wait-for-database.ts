/**
 * Waits for the database of a server that is started before it, as happens when a machine or a whole place comes up.
 *
 * For as long as it takes: whoever starts servers would start one that ends again and again, and each time with less to say. What waiting does not
 * mend (a user or a database that is not there, a configuration that is wrong) ends it at once.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { SluiceError } from '@sluice/model'

interface WaitLog {
  warn(data: object, message: string): void
  info(data: object, message: string): void
}

/** The server is away, the connection broke, it can only be read, or follows another one, until it takes over. */
const away: ReadonlySet<string> = new Set([
  'SLUICE-REPOSITORY-01',
  'SLUICE-REPOSITORY-02',
  'SLUICE-REPOSITORY-15',
  'SLUICE-REPOSITORY-27',
])
/** The server answered, and lets this user in no more than before: a password, a role, a database. */
const answered = /^(28|3D)/

const firstPause = 1000
const longestPause = 15_000
/** Between two lines that say the same. Milliseconds. */
const sayAgain = 60_000

/** What `open` opens; `undefined`: somebody asked to stop before there was anything to open. */
export async function whenThere<T>(
  open: () => Promise<T>,
  { log, signal }: { readonly log: WaitLog; readonly signal: AbortSignal },
): Promise<T | undefined> {
  const begun = performance.now()
  let reported: { readonly reason: string; readonly at: number } | undefined
  for (let pause = firstPause; !signal.aborted; pause = Math.min(pause * 2, longestPause)) {
    try {
      const opened = await open()
      const seconds = Math.round((performance.now() - begun) / 1000)
      if (reported !== undefined) log.info({ seconds }, 'the database is there')
      return opened
    } catch (error) {
      if (!(error instanceof SluiceError) || !passes(error)) throw error
      const { code, message: reason } = error
      if (reported?.reason !== reason || performance.now() - reported.at >= sayAgain) {
        log.warn({ code, reason }, 'waits for the database')
        reported = { reason, at: performance.now() }
      }
      await sleep(pause, undefined, { signal }).catch(() => undefined)
    }
  }
  return undefined
}

function passes({ code, cause }: SluiceError): boolean {
  const state = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return away.has(code) && !answered.test(state)
}
