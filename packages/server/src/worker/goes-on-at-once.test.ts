/**
 * A source whose runs have failed often rests for long, but not when there is a reason to try again.
 */
import { ReadOnlyDatabaseError } from '@sluice/repository'
import pino from 'pino'
import { expect, test } from 'vitest'
import { createNotifier } from './notifier.ts'
import { Worker, type WorkerOptions } from './worker.ts'

const nothingElse = {
  checkModel: async () => {},
  isWritable: async () => false,
  runsAtOnce: 1,
  deliveryExpiry: 3_600_000,
  queueChanged: createNotifier(),
  log: pino({ level: 'silent' }),
  onRun: () => {},
  onTried: () => {},
  lastRun: async () => undefined,
}

/** Pauses of a minute come after so many. */
const failures = 7

/** A worker whose source fails with each of so many deliveries, one newer than the other; and what changes that. */
async function failingWorker(error: Error, more: Partial<WorkerOptions> = {}) {
  const queueChanged = createNotifier()
  let newest = 1
  let tries = 0
  const worker = new Worker({
    ...nothingElse,
    synchronizer: {
      waitingSources: async () => [{ source: 'hr', newest: `delivery ${newest}` }],
      expireDeliveries: async () => 0,
      synchronize: async () => {
        tries += 1
        throw error
      },
    },
    queueChanged,
    ...more,
  })
  worker.start()
  const tried = (times: number) => expect.poll(() => tries, { timeout: 20_000 }).toBeGreaterThanOrEqual(times)
  const seal = () => {
    newest += 1
    queueChanged.notify()
  }
  await tried(1)
  for (let failed = 1; failed < failures; failed += 1) {
    seal()
    await tried(failed + 1)
  }
  return { tried, seal, [Symbol.asyncDispose]: async () => void (await worker.stop(0)) }
}

test('when something new is sealed', async () => {
  await using worker = await failingWorker(new Error('a disk is away'))
  worker.seal()
  await worker.tried(failures + 1)
})

test('when the database can be written again', async () => {
  let writable = false
  await using worker = await failingWorker(new ReadOnlyDatabaseError('a place', new Error('read only')), {
    isWritable: async () => writable,
  })
  writable = true
  await worker.tried(failures + 1)
})

test('when the queues can be read again after a while in which they could not', async () => {
  let away = true
  let looks = 0
  let tries = 0
  const worker = new Worker({
    ...nothingElse,
    synchronizer: {
      waitingSources: async () => {
        looks += 1
        if (away) throw new Error('the database is away')
        return tries === 0 ? [{ source: 'hr', newest: 'a delivery' }] : []
      },
      expireDeliveries: async () => 0,
      synchronize: async () => {
        tries += 1
        return []
      },
    },
  })
  worker.start()
  // Were each pause twice the one before it, these would take half a minute.
  await expect.poll(() => looks, { timeout: 20_000 }).toBeGreaterThanOrEqual(6)
  away = false
  await expect.poll(() => tries, { timeout: 5000 }).toBe(1)
  await worker.stop(0)
})
