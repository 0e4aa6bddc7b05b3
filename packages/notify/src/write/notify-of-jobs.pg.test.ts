/**
 * Every way in which a job fails or is cut off, and who is notified of it.
 */
import { randomUUID } from 'node:crypto'
import { type Execution, typeOfKind, webhookDocumentSchema } from '@sluice/model'
import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness } from '../../../engine/test/engine-harness.ts'
import { openJobStore } from '../../../repository/src/jobs/job-store.ts'
import { notified } from '../../test/notified-companies.ts'
import { openNotifications } from '../notifications.ts'
import { readWaiting, take } from '../outbox/outbox.ts'
import { composeEmail } from '../send/compose-email.ts'
import { webhookDocument } from '../send/webhook-document.ts'
import { notifyOfJobs } from './tell-failed-job.ts'

const agent = { agent: randomUUID(), host: 'office', folder: '/srv/office' }
const away = { code: 'SLUICE-EXPORT-03', message: 'export.sh failed.', remedy: 'Look at its output.' }

function executionOf(of: Partial<Execution> = {}): Execution {
  return {
    execution: randomUUID(),
    job: 'nightly',
    source: null,
    agent,
    state: 'running',
    cause: 'schedule',
    by: { kind: 'schedule', name: 'nightly' },
    start: null,
    startedAt: '2026-11-30T02:30:00.000Z',
    finishedAt: null,
    stop: null,
    error: null,
    steps: [],
    ...of,
  }
}

function stepOf(
  state: 'running' | 'done' | 'failed',
  ...failing: readonly string[]
): Execution['steps'][number] {
  const changes = { inserted: 0, updated: 0, deleted: 0 }
  return {
    step: 'load',
    stage: 'sync',
    state,
    warning: false,
    milliseconds: 12,
    sources: failing.map((source) => ({
      source,
      state: 'failed',
      reason: away.message,
      runs: [],
      changes,
      rejected: 0,
      failedTries: [],
      error: away,
      milliseconds: 11,
    })),
  }
}

const finishedAt = '2026-11-30T02:31:00.000Z'
const failed = (...failing: readonly string[]) =>
  executionOf({ state: 'failed', finishedAt, steps: [stepOf('failed', ...failing)] })

const wanted = notified().replace('events: [late]', 'events: [late, jobFailed]')

describeWithEngine(
  'of a job',
  (harness) => {
    const keep = ({ database, configuration }: EngineHarness, execution: Execution) =>
      openJobStore(database).keep(execution, { onFailed: notifyOfJobs(configuration) })
    const check = (silentBefore?: ReadonlySet<string>) =>
      openNotifications(harness.database, harness.configuration).checkJobs(silentBefore)
    const notifications = async () =>
      await harness.rows<{ receiver: string; subject: string; state: string; again: number }>(
        `select receiver, content ->> 'subject' as subject, content -> 'job' ->> 'state' as state, repetitions as again
        from sluice_notification where kind = 'jobFailed' order by position, receiver`,
      )
    /** Its agent says nothing more. */
    const silence = () =>
      harness.execute(`update sluice_job_execution set heard_at = heard_at - interval '2 minutes'`)

    test('that failed, those hear who hear of a source that failed in it, with the reason and what to do', async () => {
      await harness.begin(wanted)
      const execution = failed('hr')
      await keep(harness, { ...execution, state: 'running', finishedAt: null })
      expect(await notifications()).toEqual([])
      await keep(harness, execution)
      await keep(harness, execution)
      const subject = 'job nightly failed (step load: hr)'
      expect(await notifications()).toEqual([{ receiver: 'ops', subject, state: 'failed', again: 0 }])
      const [waiting] = await readWaiting(harness.database)
      const taken = waiting && (await take(harness.database, waiting))
      if (taken === undefined) throw new Error('There is one.')
      const message = {
        ...taken,
        type: typeOfKind(taken.kind),
        at: taken.createdAt,
      }
      const id = execution.execution
      expect(webhookDocumentSchema.parse(webhookDocument(message))).toMatchObject({
        type: 'job.failed',
        data: {
          source: null,
          error: away,
          link: `https://sluice.example.org/api/v1/job-results/${id}`,
          job: {
            job: 'nightly',
            execution: id,
            agent,
            finishedAt,
            failed: [{ step: 'load', stage: 'sync', sources: [{ source: 'hr', reason: away.message }] }],
          },
        },
      })
      const { text } = composeEmail(message)
      expect(text).toContain('step load, hr: export.sh failed.')
      expect(text).toContain('Look at its output.')
      expect(text).toContain(`sluice jobs show ${id.slice(0, 8)}`)
    })

    test('that failed with another source, they hear who follow that one', async () => {
      await harness.begin(wanted)
      await keep(harness, failed('hr', 'sites'))
      expect((await notifications()).map(({ receiver }) => receiver).sort()).toEqual(['nobody', 'ops'])
    })

    test('that could not even begin, those hear who hear of everything', async () => {
      await harness.begin(wanted)
      const error = { code: 'SLUICE-CONFIG-01', message: 'No.', remedy: null }
      await keep(harness, executionOf({ state: 'failed', finishedAt, error }))
      expect(await notifications()).toEqual([
        { receiver: 'ops', subject: 'job nightly failed', state: 'failed', again: 0 },
      ])
    })

    test.each(['done', 'held', 'waiting', 'stopped'] as const)('that is %s, nobody hears', async (state) => {
      await harness.begin(wanted)
      await keep(harness, executionOf({ state, finishedAt, steps: [stepOf('done')] }))
      expect(await notifications()).toEqual([])
    })

    test('that fails again for the same is counted', async () => {
      await harness.begin(wanted)
      await keep(harness, failed('hr'))
      await keep(harness, failed('hr'))
      expect(await notifications()).toMatchObject([{ receiver: 'ops', again: 1 }])
    })

    test('of which nothing more is heard is told once, as one that was cut off', async () => {
      await harness.begin(wanted)
      const execution = executionOf({ steps: [stepOf('running')] })
      await keep(harness, execution)
      expect((await check()).changes).toEqual([])
      await silence()
      // Of several that look, one tells.
      const found = await Promise.all([check(), check()])
      expect(found.flatMap(({ changes }) => changes)).toEqual([{ job: 'nightly', change: 'cutOff' }])
      expect((await check()).changes).toEqual([])
      const subject = 'job nightly was cut off (step load)'
      expect(await notifications()).toEqual([{ receiver: 'ops', subject, state: 'interrupted', again: 0 }])
      // Its agent was only away, and knows more now.
      await keep(harness, { ...execution, state: 'failed', finishedAt, steps: [stepOf('failed', 'hr')] })
      expect((await notifications()).map((one) => one.state)).toEqual(['interrupted', 'failed'])
    })

    test('that is silent only until its agent comes back is told of by nobody who looks again and again', async () => {
      await harness.begin(wanted)
      const execution = executionOf()
      await keep(harness, execution)
      await silence()
      const first = await check(new Set())
      expect(first).toEqual({ silent: new Set([execution.execution]), changes: [] })
      await keep(harness, execution)
      expect((await check(first.silent)).changes).toEqual([])
      await silence()
      const second = await check(new Set())
      expect((await check(second.silent)).changes).toEqual([{ job: 'nightly', change: 'cutOff' }])
    })

    test('that was cut off is told by the next execution of it, or by its agent that was started again', async () => {
      await harness.begin(wanted)
      const [first, second] = [executionOf(), executionOf({ startedAt: '2026-11-30T03:30:00.000Z' })]
      await keep(harness, first)
      await keep(harness, second)
      expect(await notifications()).toMatchObject([{ state: 'interrupted', again: 0 }])
      await keep(harness, { ...first, state: 'interrupted' })
      expect(await notifications()).toMatchObject([{ state: 'interrupted', again: 0 }])
    })
  },
  ['pglite', 'postgres-18'],
)
