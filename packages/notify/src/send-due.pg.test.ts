/**
 * The outbox, sent to a real HTTP server: once by one of several processes, again where it was not taken, and never lost.
 */
import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness } from '../../engine/test/engine-harness.ts'
import { type HttpReceiver, openHttpReceiver } from '../test/http-receiver.ts'
import { notified } from '../test/notified-companies.ts'
import { openNotifications } from './notifications.ts'
import { readWaiting, settle, take } from './outbox/outbox.ts'
import type { Sent } from './send-due.ts'

const bad = (message: string) => ({ code: 'SLUICE-EXPORT-03', message })

function center({ database, configuration }: EngineHarness) {
  return openNotifications(database, configuration)
}

/** Makes it time for the next try. */
async function due(harness: EngineHarness): Promise<void> {
  await harness.execute('update sluice_notification set due_at = clock_timestamp()')
}

/** Takes the only one that waits. */
async function takeOnly({ database }: EngineHarness) {
  const [one] = await readWaiting(database)
  return one === undefined ? undefined : await take(database, one)
}

/** By so much the clock of the database is set back: all that it was asked for lies in the future by so much more. */
async function setBack(harness: EngineHarness, interval: string): Promise<void> {
  await harness.execute(`update sluice_notification set created_at = created_at + interval '${interval}',
    due_at = due_at + interval '${interval}', tried_since = tried_since + interval '${interval}'`)
}

const idsOf = ({ requests }: HttpReceiver) => requests.map(({ headers }) => headers['webhook-id'])

describeWithEngine(
  'a notification',
  (harness) => {
    const opened = async (settings = '') => {
      const receiver = await openHttpReceiver()
      await harness.begin(notified({ url: receiver.url, settings }))
      return receiver
    }
    const fail = (message = 'export.sh failed') => harness.engine.inbox.exportFailed('hr', bad(message))
    const only = async () => {
      const [record] = await center(harness).list()
      if (record === undefined) throw new Error('There is none.')
      return record
    }

    test('is sent once, and not again', async () => {
      await using receiver = await opened()
      await fail()
      await center(harness).sendDue()
      await center(harness).sendDue()
      expect(receiver.requests).toHaveLength(1)
      expect(await only()).toMatchObject({ state: 'sent', attempts: 1, error: null, dueAt: null })
    })

    test('that is not taken is tried again, with the same id, after 503 and after a closed connection', async () => {
      await using receiver = await opened()
      receiver.answer(503, 'close')
      await fail()
      await center(harness).sendDue()
      expect(await only()).toMatchObject({ state: 'waiting', attempts: 1 })
      // Not before it is time.
      await center(harness).sendDue()
      expect(receiver.requests).toHaveLength(1)
      await due(harness)
      await center(harness).sendDue()
      await due(harness)
      await center(harness).sendDue()
      expect(new Set(idsOf(receiver)).size).toBe(1)
      expect(receiver.requests).toHaveLength(3)
      expect(await only()).toMatchObject({ state: 'sent', attempts: 3, error: null })
    })

    test('waits as long as its receiver wants', async () => {
      await using receiver = await opened()
      receiver.answer({ status: 503, headers: { 'retry-after': '7200' } })
      await fail()
      await center(harness).sendDue()
      const { dueAt, createdAt } = await only()
      const wait = Date.parse(dueAt ?? '') - Date.parse(createdAt)
      expect(wait).toBeGreaterThan(7_100_000)
      expect(wait).toBeLessThan(7_300_000)
    })

    test('is given up after the last try, with the reason, and tried again when somebody wants it', async () => {
      await using receiver = await opened('giveUpAfter: 10m')
      receiver.answer(500, 500, 204)
      await fail()
      await center(harness).sendDue()
      await harness.execute('update sluice_notification set put_off = 600000')
      await due(harness)
      await center(harness).sendDue()
      const given = await only()
      expect(given).toMatchObject({
        state: 'givenUp',
        attempts: 2,
        error: expect.stringContaining('status 500'),
      })
      await due(harness)
      await center(harness).sendDue()
      expect(receiver.requests).toHaveLength(2)
      expect(await center(harness).retry(given.id)).toMatchObject({ state: 'waiting', finishedAt: null })
      await center(harness).sendDue()
      expect(await only()).toMatchObject({ state: 'sent' })
      await expect(center(harness).retry(given.id)).rejects.toMatchObject({ code: 'SLUICE-NOTIFY-03' })
      await expect(center(harness).retry('nothing')).rejects.toMatchObject({ code: 'SLUICE-NOTIFY-02' })
      expect(await center(harness).retryAll()).toBe(0)
    })

    test.each([
      ['back', '1 day'],
      ['on', '-1 day'],
    ])(
      'is tried once more, and not given up, by a process that starts when the clock was set %s by a day',
      async (_, by) => {
        await using receiver = await opened('giveUpAfter: 10m')
        receiver.answer(503, 503)
        await fail()
        await center(harness).sendDue()
        await setBack(harness, by)
        await center(harness).sendDue()
        expect(receiver.requests).toHaveLength(2)
        expect(await only()).toMatchObject({ state: 'waiting', attempts: 2 })
        // From then on it waits again.
        await center(harness).sendDue()
        expect(receiver.requests).toHaveLength(2)
      },
    )

    test('is sent once by two processes that look at the same time', async () => {
      await using receiver = await opened()
      for (const number of 'abcdefghij') await fail(`export.sh failed with ${number}`)
      await Promise.all([center(harness).sendDue(), center(harness).sendDue(), center(harness).sendDue()])
      expect(receiver.requests).toHaveLength(10)
      expect(new Set(idsOf(receiver)).size).toBe(10)
    })

    test('that a process took and did not live to send is sent when its time with it is over', async () => {
      await using receiver = await opened()
      await fail()
      const taken = await takeOnly(harness)
      await center(harness).sendDue()
      expect(receiver.requests).toEqual([])
      await harness.execute(`update sluice_notification set due_at = due_at - interval '60 s'`)
      await center(harness).sendDue()
      expect(idsOf(receiver)).toEqual([taken?.id])
    })

    test('is not changed by a process that was slower than its time, but for that it was sent', async () => {
      await using receiver = await opened()
      await fail()
      const slow = await takeOnly(harness)
      await due(harness)
      const quick = await takeOnly(harness)
      if (slow === undefined || quick === undefined) throw new Error('There is one.')
      const wait = 3_600_000
      await settle(harness.database, slow, { event: 'refused', error: 'slow', wait })
      await settle(harness.database, slow, { event: 'exhausted', error: 'slow' })
      expect(await only()).toMatchObject({ state: 'waiting', error: null })
      await settle(harness.database, quick, { event: 'exhausted', error: 'quick' })
      await settle(harness.database, slow, { event: 'taken', error: null })
      expect(await only()).toMatchObject({ state: 'sent', error: null })
      await settle(harness.database, quick, { event: 'refused', error: 'quick', wait })
      expect(await only()).toMatchObject({ state: 'sent', error: null })
      expect(receiver.requests).toEqual([])
    })

    test('for a receiver that is down holds up no other', async () => {
      await using receiver = await opened()
      await harness.deliver('hr', { Person: 'n,name,grade\n1,Ann,1\n2,Bob,2\n3,Cid,3' })
      // `boss` hears of it, too, and nobody answers there.
      await harness.deliver('hr', { Person: 'n,name,grade\n1,Ann,1' })
      const sent: Sent[] = []
      await center(harness).sendDue({ onSent: (one) => void sent.push(one) })
      expect(receiver.requests).toHaveLength(1)
      expect(Object.fromEntries(sent.map(({ receiver, outcome }) => [receiver, outcome.event]))).toEqual({
        ops: 'taken',
        boss: 'refused',
      })
    })

    test('that is broken off is not counted as taken, and is not lost', async () => {
      await using receiver = await opened()
      receiver.answer('silence')
      await fail()
      const stop = new AbortController()
      const sending = center(harness).sendDue({ signal: stop.signal })
      while (receiver.requests.length === 0) await new Promise(setImmediate)
      stop.abort()
      await sending
      expect(await only()).toMatchObject({ state: 'waiting' })
    })

    test('for a receiver that is configured no more waits for its time, and is given up', async () => {
      await using receiver = await opened()
      await fail()
      await harness.execute(`update sluice_notification set receiver = 'gone'`)
      await center(harness).sendDue()
      expect(await only()).toMatchObject({ state: 'waiting' })
      await harness.execute(`update sluice_notification set tried_since = tried_since - interval '2 days'`)
      await center(harness).sendDue()
      expect(await only()).toMatchObject({
        state: 'givenUp',
        error: 'No receiver of that name is configured.',
      })
      expect(receiver.requests).toEqual([])
    })

    test('can be sent for a test, to a receiver that there is', async () => {
      await using receiver = await opened()
      expect(await center(harness).test('ops')).toEqual({ receiver: 'ops', error: null })
      expect(JSON.parse(receiver.requests[0]?.body ?? '')).toMatchObject({ type: 'test' })
      expect(await center(harness).test('boss')).toMatchObject({
        error: expect.stringContaining('ECONNREFUSED'),
      })
      await expect(center(harness).test('opps')).rejects.toMatchObject({
        code: 'SLUICE-NOTIFY-01',
        remedy: 'Did you mean "ops"?',
      })
    })
  },
  ['pglite', 'postgres-18'],
)
