import { SluiceError } from '@sluice/model'
import { expect, test } from 'vitest'
import { type NextTry, type RetryingOptions, retrying, WaitEndedError } from './retrying.ts'

class PassingError extends SluiceError {
  readonly code = 'SLUICE-TEST-01'
  readonly blame = 'repository'
  readonly retry = true
}

class LastingError extends SluiceError {
  readonly code = 'SLUICE-TEST-02'
  readonly blame = 'source'
  readonly retry = false
}

const retry = { times: 3, wait: 2, factor: 2, atMost: 5 }
const away = new PassingError('The database is away.')

/** Tries what fails with `failures`, one after the other, and then gives `done`; what came of it. */
async function tried(failures: readonly Error[], options: Partial<RetryingOptions> = {}) {
  const waits: NextTry[] = []
  let tries = 0
  const work = async () => {
    const failure = failures[tries]
    tries += 1
    if (failure !== undefined) throw failure
    return 'done'
  }
  const onRetry = (next: NextTry) => {
    waits.push(next)
    options.onRetry?.(next)
  }
  const result = await retrying(work, { retry, ...options, onRetry }).catch((error: unknown) => error)
  return { result, tries, waits }
}

test('what may pass is tried again after waits that grow up to a bound, and each is told with its reason', async () => {
  const { result, waits } = await tried([away, away, away])
  expect(result).toBe('done')
  const reason = 'The database is away.'
  expect(waits).toEqual([
    { reason, number: 1, of: 3, wait: 2 },
    { reason, number: 2, of: 3, wait: 4 },
    { reason, number: 3, of: 3, wait: 5 },
  ])
})

test('the last failure is thrown when all tries are over', async () => {
  const { result, tries } = await tried([away, away, away, away, away])
  expect(result).toBe(away)
  expect(tries).toBe(4)
})

test.each([
  ['what lasts', new LastingError('A column is missing.')],
  ['a defect', new TypeError('x is undefined')],
])('%s is not tried again', async (_what, error) => {
  const { result, tries } = await tried([error])
  expect(result).toBe(error)
  expect(tries).toBe(1)
})

test('a disk that is full is tried again', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    errno: -28,
    syscall: 'write',
  })
  expect(await tried([full])).toMatchObject({ result: 'done', tries: 2 })
})

test('nothing is tried again where the job says nothing of it', async () => {
  expect(await tried([away], { retry: undefined })).toMatchObject({ result: away, tries: 1 })
})

test.each(['signal', 'stop'] as const)(
  'a %s ends the wait at once, and tells what it was for',
  async (which) => {
    const asked = new AbortController()
    const long = { times: 1, wait: 3_600_000, factor: 1, atMost: 3_600_000 }
    const onRetry = () => setImmediate(() => asked.abort())
    const { result, tries } = await tried([away], { retry: long, [which]: asked.signal, onRetry })
    expect(result).toBeInstanceOf(WaitEndedError)
    expect(result).toMatchObject({ message: 'The database is away.', cause: away })
    expect(tries).toBe(1)
  },
)

test('a stop while it is at work takes no result away, and lets nothing be tried again', async () => {
  const stop = new AbortController()
  const work = async () => {
    stop.abort()
    return 'done'
  }
  expect(await retrying(work, { retry, stop: stop.signal })).toBe('done')
  const { result, tries } = await tried([away], { stop: stop.signal })
  expect(result).toBeInstanceOf(WaitEndedError)
  expect(tries).toBe(1)
})
