/**
 * What waits in a server waits for a time, and not until a time: nobody pays for a clock that somebody sets.
 */
import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ask, createServerHarness } from '../../test/server-harness.ts'
import { createNotifier } from './notifier.ts'
import { Worker } from './worker.ts'

const day = 86_400_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test.each([
  ['back', -day],
  ['on', day],
])('a source whose run failed is tried again soon when the clock is set %s by a day', async (_, by) => {
  const tries: number[] = []
  let expirations = 0
  let enough = () => {}
  const triedAgain = new Promise<void>((resolve) => {
    enough = resolve
  })
  const worker = new Worker({
    synchronizer: {
      waitingSources: async () => [{ source: 'hr', newest: 'a delivery' }],
      expireDeliveries: async () => {
        expirations += 1
        return 0
      },
      synchronize: async () => {
        tries.push(performance.now())
        if (tries.length === 1) vi.setSystemTime(Date.now() + by)
        if (tries.length === 2) enough()
        throw new Error('the database is away')
      },
    },
    checkModel: async () => {},
    isWritable: async () => true,
    runsAtOnce: 1,
    deliveryExpiry: 3_600_000,
    queueChanged: createNotifier(),
    log: pino({ level: 'silent' }),
    onRun: () => {},
    onTried: () => {},
    lastRun: async () => undefined,
  })
  worker.start()
  await triedAgain
  await worker.stop(0)
  // The first pause was kept, too: it is of a second.
  const [first = 0, second = 0] = tries
  expect(second - first).toBeGreaterThan(900)
  expect(expirations).toBe(1)
})

test('a caller over the limit is sent away for a minute, whatever becomes of the clock', async () => {
  await using harness = await createServerHarness()
  const { limits } = harness.configuration.server
  const server = await harness.serve({ limits: { ...limits, requestsPerMinute: 1 } })
  const asked = () => ask(server, '/api/v1/runs', { token: harness.secrets.viewer })
  expect(await asked()).toMatchObject({ status: 200 })
  vi.setSystemTime(Date.now() - day)
  const refused = await asked()
  expect(refused).toMatchObject({ status: 429, body: { code: 'SLUICE-SERVER-05' } })
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  // Nor is anybody let in again because of it.
  vi.setSystemTime(Date.now() + 2 * day)
  expect(await asked()).toMatchObject({ status: 429 })
})
