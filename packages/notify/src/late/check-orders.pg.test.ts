/**
 * What was ordered of a source and is not carried out in its time.
 */
import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness } from '../../../engine/test/engine-harness.ts'
import { notified } from '../../test/notified-companies.ts'
import { openNotifications } from '../notifications.ts'
import { composeEmail } from '../send/compose-email.ts'

const people = { Person: 'n,name,grade\n1,Ann,1\n2,Bob,2' }
const check = ({ database, configuration }: EngineHarness) =>
  openNotifications(database, configuration).checkLateness()
const order = (harness: EngineHarness, id: string, name: string, dueAt: string) =>
  harness.engine.stateOrders(
    [{ id, source: 'hr', entityType: 'Person', resource: '1', values: { name }, dueAt }],
    { kind: 'person', name: 'eve' },
  )
const notifications = async (harness: EngineHarness) =>
  await harness.rows<{ receiver: string; run: string | null; content: object }>(
    `select receiver, run_id as run, content from sluice_notification where kind = 'orderOverdue' order by position`,
  )

describeWithEngine(
  'an order that is overdue',
  (harness) => {
    test('is told once: by the run that finds it', async () => {
      await harness.begin(notified())
      await harness.deliver('hr', people)
      await order(harness, 'R1', 'Anna', '2020-01-01')
      await harness.deliver('hr', people)
      await harness.deliver('hr', people)
      expect(await check(harness)).toEqual([])
      expect(await notifications(harness)).toMatchObject([
        {
          receiver: 'ops',
          run: '2',
          content: {
            source: 'hr',
            subject: 'hr has overdue orders (R1)',
            link: 'https://sluice.example.org/api/v1/runs/2',
            orders: [{ order: 'R1', key: '1', property: 'name', expected: 'Anna', asserted: 'Ann' }],
          },
        },
      ])
    })

    test('is told by whoever looks after lateness, where no run comes; and its late execution by nobody', async () => {
      await harness.begin(notified())
      await harness.deliver('hr', people)
      await order(harness, 'R1', 'Anna', '2020-01-01')
      const found = await Promise.all([check(harness), check(harness)])
      expect(found.flat()).toEqual([{ source: 'hr', change: 'overdue' }])
      await harness.deliver('hr', people)
      await harness.deliver('hr', { Person: 'n,name,grade\n1,Anna,1\n2,Bob,2' })
      expect(await notifications(harness)).toMatchObject([{ receiver: 'ops', run: null }])
    })

    test('is not told before its time', async () => {
      await harness.begin(notified())
      await harness.deliver('hr', people)
      await order(harness, 'R1', 'Anna', '2999-01-01')
      await harness.deliver('hr', people)
      expect(await check(harness)).toEqual([])
      expect(await notifications(harness)).toEqual([])
    })
  },
  ['postgres-18'],
)

test('an e-mail names each, and where to look', () => {
  const { text } = composeEmail({
    id: '1',
    type: 'order.overdue',
    at: '2026-12-02T00:00:00Z',
    repetitions: 0,
    content: {
      source: 'ad',
      owner: null,
      subject: 'ad has overdue orders (R1)',
      run: null,
      error: null,
      lateness: null,
      orders: [
        {
          order: 'R1',
          entityType: 'Account',
          association: null,
          key: 'ada',
          to: null,
          property: 'title',
          expected: 'Director',
          asserted: null,
          instead: null,
          dueAt: '2026-12-01T00:00:00Z',
        },
        {
          order: 'R2',
          entityType: null,
          association: 'Membership',
          key: 'ada',
          to: 'ADM',
          property: null,
          expected: 'exists',
          asserted: 'gone',
          instead: 'ENG',
          dueAt: '2026-12-01T00:00:00Z',
        },
      ],
      link: null,
    },
  })
  expect(text).toContain(
    'R1: Account ada, title should be "Director" and is empty, due 2026-12-01 00:00:00 UTC',
  )
  expect(text).toContain('R2: Membership ada → ADM, should exist; instead there is "ENG", due')
  expect(text).toContain('sluice diff ad')
})
