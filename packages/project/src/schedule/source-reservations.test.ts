import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SourceReservations } from './source-reservations.ts'

const never = new AbortController().signal
const soon = () => new Promise<void>((resolve) => setImmediate(resolve))

test('never lets two work on one source at once, lets everybody work, and those without a common source together', async () => {
  const job = fc.uniqueArray(fc.constantFrom<string>('hr', 'ad', 'dc', 'vm'), { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 12 }), async (jobs) => {
      const reservations = new SourceReservations()
      const atWork: string[] = []
      let ended = 0
      await Promise.all(
        jobs.map((names) =>
          reservations.run(names, never, async () => {
            expect(atWork.filter((name) => names.includes(name))).toEqual([])
            atWork.push(...names)
            await soon()
            for (const name of names) atWork.splice(atWork.indexOf(name), 1)
            ended += 1
          }),
        ),
      )
      expect(ended).toBe(jobs.length)
      expect(reservations.busy(['hr', 'ad', 'dc', 'vm'])).toEqual([])
    }),
    { numRuns: 100 },
  )
})

test('lets nobody overtake one who waits for a source both want', async () => {
  const reservations = new SourceReservations()
  const order: string[] = []
  const work = (name: string) => async () => {
    order.push(name)
    await soon()
  }
  await Promise.all([
    reservations.run(['hr'], never, work('first')),
    reservations.run(['hr', 'ad'], never, work('nightly')),
    reservations.run(['ad'], never, work('last')),
    reservations.run(['dc'], never, work('other')),
  ])
  expect(order).toEqual(['first', 'other', 'nightly', 'last'])
})

test('gives up waiting when asked to, and keeps nobody waiting by that', async () => {
  const reservations = new SourceReservations()
  const stop = new AbortController()
  const order: string[] = []
  const first = reservations.run(['hr'], never, soon)
  const given = reservations.run(['hr', 'ad'], stop.signal, async () => void order.push('given up'))
  const last = reservations.run(['ad'], never, async () => void order.push('last'))
  stop.abort(new Error('stopped'))
  await expect(given).rejects.toThrow('stopped')
  await Promise.all([first, last])
  expect(order).toEqual(['last'])
})
