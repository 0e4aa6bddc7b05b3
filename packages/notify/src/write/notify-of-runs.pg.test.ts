/**
 * Every way in which a run ends, or cannot begin, and who is notified of it.
 */
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness } from '../../../engine/test/engine-harness.ts'
import { FolderInbox } from '../../../inbox/src/upload/folder-inbox.ts'
import { notified } from '../../test/notified-companies.ts'
import { openNotifications } from '../notifications.ts'

const people = { Person: 'n,name,grade\n1,Ann,1\n2,Bob,2\n3,Cid,3' }
const nobodyLeft = { Person: 'n,name,grade\n1,Ann,1' }

interface Row {
  readonly receiver: string
  readonly kind: string
  readonly subject: string
  readonly run: string | null
  readonly error: string | null
}

/** Oldest first. */
async function written(harness: EngineHarness): Promise<readonly Row[]> {
  return await harness.rows<Row & object>(
    `select receiver, kind, content ->> 'subject' as subject, run_id as run, content -> 'error' ->> 'code' as error
     from sluice_notification order by position, receiver`,
  )
}

const forOps = async (harness: EngineHarness) =>
  (await written(harness)).filter(({ receiver }) => receiver === 'ops')

/** A process was at work on the delivery, and has died. */
async function die(harness: EngineHarness, id: string): Promise<void> {
  await harness.execute(`insert into sluice_run (cause, by_kind, by_name, delivery_id, source_id, mode, state)
    select 'delivery', by_kind, by_name, delivery_id, source_id, mode, 'running' from sluice_delivery where delivery_id = '${id}'`)
}

describeWithEngine(
  'receivers',
  (harness) => {
    test('hear nothing of a run that was applied and left nothing out', async () => {
      await harness.begin(notified())
      await harness.deliver('hr', people)
      await harness.deliver('hr', people)
      expect(await written(harness)).toEqual([])
    })

    test('hear of rows that were rejected, with their number', async () => {
      await harness.begin(notified())
      await harness.deliver('hr', { Person: 'n,name,grade\n1,Ann,one\n2,Bob,2\n3,Cid,x' })
      expect(await written(harness)).toEqual([
        {
          receiver: 'ops',
          kind: 'rejectedRows',
          subject: 'hr: run 1 rejected rows (1 inserted, 2 rejected)',
          run: '1',
          error: null,
        },
      ])
    })

    test('hear of a run that is held, with what holds it and where it can be looked at', async () => {
      await harness.begin(notified())
      await harness.deliver('hr', people)
      await harness.deliver('hr', nobodyLeft)
      expect(await written(harness)).toMatchObject([
        { receiver: 'ops', kind: 'held', run: '2', subject: 'hr: run 2 is held (2 deleted)' },
        { receiver: 'boss', kind: 'held' },
      ])
      const [row] = await harness.rows('select content from sluice_notification')
      expect(row).toMatchObject({
        content: {
          source: 'hr',
          owner: 'the HR team',
          link: 'https://sluice.example.org/api/v1/runs/2',
          run: { state: 'held', exceeded: expect.arrayContaining(['source: 2 of 3 deleted, at most 1']) },
        },
      })
    })

    test('hear nothing of what somebody decides', async () => {
      await harness.begin(notified())
      await harness.deliver('hr', people)
      await harness.deliver('hr', nobodyLeft)
      await harness.engine.reject(2, { by: 'eve' })
      await harness.deliver('hr', nobodyLeft)
      await harness.engine.approve(3, { by: 'eve' })
      expect((await forOps(harness)).map(({ kind }) => kind)).toEqual(['held'])
    })

    test('hear of a run that failed', async () => {
      await harness.begin(notified())
      const id = await harness.send('hr', people)
      await harness.execute("alter table person add constraint nobody check (name <> 'Bob')")
      await expect(harness.engine.synchronize('hr')).rejects.toThrow()
      expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'failed' })
      expect(await written(harness)).toMatchObject([{ receiver: 'ops', kind: 'failed', run: '1' }])
    })

    test('hear of a run whose process died', async () => {
      await harness.begin(notified())
      await die(harness, await harness.send('hr', people))
      await harness.engine.synchronize('hr')
      expect(await written(harness)).toMatchObject([
        {
          kind: 'failed',
          run: '1',
          error: 'SLUICE-NOTIFY-05',
          subject: 'hr: run 1 failed (SLUICE-NOTIFY-05)',
        },
      ])
    })

    test('hear nothing of a run that was asked to stop', async () => {
      await harness.begin(notified())
      await harness.send('hr', people)
      const stop = new AbortController()
      const stopped = harness.engine.synchronize('hr', {
        signal: stop.signal,
        onProgress: () => stop.abort(),
      })
      await expect(stopped).rejects.toThrow()
      expect(await written(harness)).toEqual([])
    })

    test('hear of deliveries that no run can work on: refused, inapplicable, without their base, expired', async () => {
      await harness.begin(notified({ settings: 'repeatAfter: 1ms' }))
      await harness.deliver('hr', people)
      const { inbox } = harness.engine
      const announce = async (base?: string) => {
        const id = randomUUID()
        await inbox.announce({
          id,
          source: 'hr',
          mode: base === undefined ? 'complete' : 'incremental',
          base,
        })
        return id
      }
      await inbox.giveUp(await announce(), 'refused', 'people.csv has no header.')
      const base = await announce()
      await announce(base)
      await inbox.giveUp(base, 'cancelled', 'It is not wanted any more.')
      await harness.send(
        'hr',
        { Person: 'command,n,name,grade\ninsert,4,Dan,4' },
        { mode: 'incremental', base: randomUUID() },
      )
      await harness.engine.synchronize('hr')
      await announce()
      await harness.execute(`update sluice_delivery set touched_at = touched_at - interval '1 hour'`)
      await harness.engine.expireDeliveries(60_000)
      const rows = await forOps(harness)
      expect(rows.every(({ kind }) => kind === 'notStarted')).toBe(true)
      expect(rows.map(({ error }) => error)).toEqual([
        'SLUICE-RECEIVE-13',
        'SLUICE-RECEIVE-15',
        'SLUICE-RECEIVE-06',
        'SLUICE-RECEIVE-14',
      ])
      expect(rows[0]?.subject).toBe('hr could not start (SLUICE-RECEIVE-13)')
    })

    test('hear of a delivery that was put aside', async () => {
      await harness.begin(notified())
      const id = await harness.send('hr', people)
      await harness.execute(`update sluice_delivery set deaths = 1 where delivery_id = '${id}'`)
      await die(harness, id)
      await writeFile(`${harness.configuration.workFolder}/inbox/${id}/at-work`, '')
      await harness.engine.synchronize('hr')
      expect((await forOps(harness)).map(({ kind, error }) => [kind, error])).toEqual([
        ['failed', 'SLUICE-NOTIFY-05'],
        ['notStarted', 'SLUICE-RECEIVE-19'],
      ])
    })

    test('hear of an export that failed, which is recorded as a failed run', async () => {
      await harness.begin(notified())
      const failure = { code: 'SLUICE-EXPORT-03', message: 'export.sh ended with 1.', remedy: 'Mend it.' }
      await harness.engine.inbox.exportFailed('hr', failure)
      expect(await written(harness)).toEqual([
        {
          receiver: 'ops',
          kind: 'notStarted',
          subject: 'hr could not start (SLUICE-EXPORT-03)',
          run: '1',
          error: 'SLUICE-EXPORT-03',
        },
      ])
      const recorded = `select cause, state, delivery_id as delivery, report -> 'error' as error from sluice_run`
      expect(await harness.rows(recorded)).toEqual([
        { cause: 'delivery', state: 'failed', delivery: null, error: failure },
      ])
    })

    test('are those that a source names, where it names some', async () => {
      await harness.begin(notified({ hr: 'notify: [boss]' }))
      await harness.deliver('hr', people)
      await harness.deliver('hr', nobodyLeft)
      expect(await written(harness)).toMatchObject([{ receiver: 'boss', kind: 'held' }])
    })

    test('are told of the same once within its time, and it is counted', async () => {
      await harness.begin(notified())
      const bad = { Person: 'n,name,grade\n1,Ann,one\n2,Bob,2' }
      for (const _ of [1, 2, 3]) await harness.deliver('hr', bad)
      const [first] = await openNotifications(harness.database, harness.configuration).list()
      expect(first).toMatchObject({ run: 1, repetitions: 2 })
      // Something else is something new.
      const failure = { code: 'SLUICE-EXPORT-03', message: 'export.sh ended with 1.' }
      await harness.engine.inbox.exportFailed('hr', failure)
      await harness.engine.inbox.exportFailed('hr', { ...failure, message: 'export.sh ended with 2.' })
      await harness.engine.inbox.exportFailed('hr', { ...failure, message: 'There is no export.sh.' })
      expect((await forOps(harness)).map(({ kind }) => kind)).toEqual([
        'rejectedRows',
        'notStarted',
        'notStarted',
      ])
    })

    test('are told again afterwards, and how often it happened meanwhile', async () => {
      await harness.begin(notified())
      const bad = { Person: 'n,name,grade\n1,Ann,one\n2,Bob,2' }
      for (const _ of [1, 2, 3]) await harness.deliver('hr', bad)
      await harness.execute(`update sluice_notification set created_at = created_at - interval '61 min'`)
      await harness.deliver('hr', bad)
      expect(
        await harness.rows(
          'select run_id as run, repetitions, repeated_before as before from sluice_notification order by 1',
        ),
      ).toEqual([
        { run: '1', repetitions: 2, before: 0 },
        { run: '4', repetitions: 0, before: 2 },
      ])
    })

    test('are written down with the run or not at all', async () => {
      await harness.begin(notified())
      const { database, configuration } = harness
      const inbox = new FolderInbox({
        database,
        configuration,
        folder: `${configuration.workFolder}/inbox`,
        onClosed: async () => {
          throw new Error('It cannot be written.')
        },
      })
      const id = randomUUID()
      await inbox.announce({ id, source: 'hr', mode: 'complete' })
      await expect(inbox.giveUp(id, 'refused', 'no header')).rejects.toThrow('It cannot be written.')
      expect(await inbox.status(id)).toMatchObject({ state: 'announced' })
      expect(await harness.rows('select from sluice_run')).toEqual([])
    })
  },
  ['pglite', 'postgres-18'],
)
