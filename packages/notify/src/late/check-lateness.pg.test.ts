/**
 * Sources of which a run is expected and does not come.
 */
import { resumeSource, suspendSource } from '@sluice/repository'
import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness } from '../../../engine/test/engine-harness.ts'
import { notified } from '../../test/notified-companies.ts'
import { openNotifications } from '../notifications.ts'

const people = { Person: 'n,name,grade\n1,Ann,1\n2,Bob,2\n3,Cid,3' }
const check = ({ database, configuration }: EngineHarness) =>
  openNotifications(database, configuration).checkLateness()

/** So much time goes by. */
async function pass(harness: EngineHarness, interval: string): Promise<void> {
  await harness.execute(`update sluice_run set finished_at = finished_at - interval '${interval}'`)
  await harness.execute(
    `update sluice_expected_source set watched_since = watched_since - interval '${interval}'`,
  )
}

const by = { kind: 'person', name: 'olga' } as const
const suspend = ({ database }: EngineHarness) =>
  database.transaction((session) => suspendSource(session, { source: 'hr', by }))
const resume = ({ database }: EngineHarness) =>
  database.transaction((session) => resumeSource(session, { source: 'hr', by }))

const subjects = async (harness: EngineHarness) =>
  (
    await harness.rows<{ subject: string }>(
      `select content ->> 'subject' as subject from sluice_notification order by position`,
    )
  ).map(({ subject }) => subject)

describeWithEngine(
  'a source of which a run is expected',
  (harness) => {
    test('is told as late once, and once when it has come again', async () => {
      await harness.begin(notified({ hr: 'expected: 26h' }))
      await harness.deliver('hr', people)
      expect(await check(harness)).toEqual([])
      await pass(harness, '25 h')
      expect(await check(harness)).toEqual([])
      await pass(harness, '2 h')
      expect(await check(harness)).toEqual([{ source: 'hr', change: 'late' }])
      await pass(harness, '30 h')
      expect(await check(harness)).toEqual([])
      await harness.deliver('hr', people)
      expect(await check(harness)).toEqual([{ source: 'hr', change: 'recovered' }])
      expect(await check(harness)).toEqual([])
      expect(await subjects(harness)).toEqual([
        expect.stringMatching(/^hr is late \(last applied \d{4}-\d\d-\d\d \d\d:\d\d UTC\)$/),
        expect.stringMatching(/^hr is no longer late \(last applied /),
      ])
    })

    test('is not told as late while it is suspended, and has all its time again when that is over', async () => {
      await harness.begin(notified({ hr: 'expected: 26h' }))
      await harness.deliver('hr', people)
      await check(harness)
      await suspend(harness)
      await pass(harness, '30 h')
      expect(await check(harness)).toEqual([])
      await resume(harness)
      expect(await check(harness)).toEqual([])
      await harness.execute(`update sluice_suspension set resumed_at = resumed_at - interval '27 h'`)
      expect(await check(harness)).toEqual([{ source: 'hr', change: 'late' }])
    })

    test('that was late before it was suspended has not come again when it is resumed', async () => {
      await harness.begin(notified({ hr: 'expected: 26h' }))
      await harness.deliver('hr', people)
      await check(harness)
      await pass(harness, '27 h')
      await check(harness)
      await suspend(harness)
      await resume(harness)
      expect(await check(harness)).toEqual([])
      await harness.deliver('hr', people)
      expect(await check(harness)).toEqual([{ source: 'hr', change: 'recovered' }])
    })

    test('has not come again because somebody else than itself has had a run of it', async () => {
      await harness.begin(notified({ hr: 'expected: 26h' }))
      await harness.deliver('hr', people)
      await check(harness)
      await pass(harness, '27 h')
      await harness.execute(`insert into sluice_run (cause, by_kind, by_name, source_id, state, finished_at)
        select 'ageing', 'schedule', 'ageing', source_id, 'applied', clock_timestamp() from sluice_source where name = 'hr'`)
      expect(await check(harness)).toEqual([{ source: 'hr', change: 'late' }])
    })

    test('is late, too, where no run of it was ever applied, or the last one is held or failed', async () => {
      await harness.begin(notified({ hr: 'expected: 26h' }))
      expect(await check(harness)).toEqual([])
      await pass(harness, '27 h')
      expect(await check(harness)).toEqual([{ source: 'hr', change: 'late' }])
      expect(await subjects(harness)).toEqual(['hr is late (no run of it was ever applied)'])
      await harness.deliver('hr', people)
      await check(harness)
      await pass(harness, '27 h')
      expect(await harness.deliver('hr', { Person: 'n,name,grade\n1,Ann,1' })).toMatchObject({
        state: 'held',
      })
      expect(await check(harness)).toEqual([{ source: 'hr', change: 'late' }])
      await harness.engine.approve(2, { by: 'eve' })
      expect(await check(harness)).toEqual([{ source: 'hr', change: 'recovered' }])
    })

    test('is found late by one of several servers', async () => {
      await harness.begin(notified({ hr: 'expected: 26h' }))
      await check(harness)
      await pass(harness, '27 h')
      const found = await Promise.all([check(harness), check(harness), check(harness)])
      expect(found.flat()).toEqual([{ source: 'hr', change: 'late' }])
      expect(await subjects(harness)).toHaveLength(1)
    })

    // The sessions of PGlite come one after the other: nobody else looks there.
    test.runIf(harness.kind !== 'pglite')('is left to whoever looks at it at this moment', async () => {
      await harness.begin(notified({ hr: 'expected: 26h' }))
      await check(harness)
      await pass(harness, '27 h')
      const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const other = harness.database.transaction(async (session) => {
        await session.query('select from sluice_expected_source for update')
        locked.resolve()
        await released.promise
      })
      await locked.promise
      expect(await check(harness)).toEqual([])
      released.resolve()
      await other
      expect(await check(harness)).toEqual([{ source: 'hr', change: 'late' }])
    })

    test('is looked at only where somebody expects it', async () => {
      await harness.begin(notified())
      await pass(harness, '1000 d')
      expect(await check(harness)).toEqual([])
      expect(await harness.rows('select from sluice_expected_source')).toEqual([])
    })
  },
  ['pglite', 'postgres-18'],
)
