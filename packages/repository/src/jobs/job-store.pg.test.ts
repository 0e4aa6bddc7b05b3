/**
 * What a repository keeps of jobs, on every database that it may be in.
 */
import { randomUUID } from 'node:crypto'
import type { AnnouncedJob, Execution, JobAgent, RunBy } from '@sluice/model'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import type { Database } from '../database/database.ts'
import { migrate } from '../migrations/migrate.ts'
import { openTokenStore } from '../tokens/token-store.ts'
import { openJobStore } from './job-store.ts'
import { keptExecutions } from './keep-execution.ts'

const onFailed = async () => undefined

const ada: RunBy = { kind: 'token', name: 'ada' }
const olga: RunBy = { kind: 'token', name: 'olga' }

function agentAt(host: string): JobAgent {
  return { agent: randomUUID(), host, folder: `/srv/${host}` }
}

function announced(...names: readonly string[]): readonly AnnouncedJob[] {
  return names.map((job) => ({
    job,
    description: null,
    steps: ['all'],
    schedule: '30 2 * * * UTC',
    after: [],
    nextStart: '2026-12-01T02:30:00.000Z',
    waitsFor: [],
  }))
}

function executionOf(agent: JobAgent, of: Partial<Execution> = {}): Execution {
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

const step: Execution['steps'][number] = {
  step: 'all',
  stage: 'sync',
  state: 'failed',
  warning: false,
  milliseconds: 12,
  sources: [
    {
      source: 'hr',
      state: 'failed',
      reason: 'a NUL\0 in it',
      runs: [3],
      changes: { inserted: 1, updated: 2, deleted: 3 },
      rejected: 4,
      failedTries: [{ at: '2026-11-30T02:30:01.000Z', reason: 'away' }],
      error: { code: 'SLUICE-X-01', message: 'No.', remedy: null },
      milliseconds: 11,
    },
  ],
}

describeEachDatabase('jobs', (open) => {
  const opened = async () => {
    const database = await open()
    await migrate(database)
    return {
      database,
      jobs: openJobStore(database),
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    }
  }

  test('an execution is kept from its beginning to its end, and read as it was reported', async () => {
    await using at = await opened()
    const agent = agentAt('office')
    const begun = executionOf(agent)
    expect(await at.jobs.keep(begun, { onFailed })).toEqual({ stop: null, ended: false })
    const [listed] = await at.jobs.executions()
    expect(listed).toEqual({ ...begun, heardAt: listed?.heardAt })
    const ended = executionOf(agent, {
      ...begun,
      state: 'failed',
      finishedAt: '2026-11-30T02:31:00.000Z',
      steps: [step],
      error: { code: 'SLUICE-X-02', message: 'Not at all.', remedy: 'Do.' },
    })
    expect(await at.jobs.keep(ended, { onFailed })).toEqual({ stop: null, ended: true })
    // Said again, it ends no second time.
    expect(await at.jobs.keep(ended, { onFailed })).toEqual({ stop: null, ended: false })
    const [source] = step.sources
    const kept = { ...ended, steps: [{ ...step, sources: [{ ...source, reason: 'a NUL␀ in it' }] }] }
    expect(await at.jobs.execution(begun.execution.slice(0, 8))).toMatchObject(kept)
    expect(await at.jobs.execution('0000')).toBeUndefined()
    expect(await at.jobs.execution('nothing')).toBeUndefined()
    expect((await at.jobs.newest()).get('nightly')).toMatchObject({ atWork: null, last: { state: 'failed' } })
    expect(await at.jobs.count()).toEqual([
      { job: 'nightly', atWork: 0, doneAt: null, failedAt: '2026-11-30T02:31:00.000Z' },
    ])
  })

  test('what comes late of the time before its end changes nothing', async () => {
    await using at = await opened()
    const begun = executionOf(agentAt('office'))
    await at.jobs.keep({ ...begun, state: 'done', finishedAt: '2026-11-30T02:31:00.000Z' }, { onFailed })
    await at.jobs.keep(begun, { onFailed })
    expect(await at.jobs.executions()).toMatchObject([
      { state: 'done', finishedAt: '2026-11-30T02:31:00.000Z' },
    ])
  })

  test('one of which nothing is heard is interrupted, until it is heard of again', async () => {
    await using at = await opened()
    const begun = executionOf(agentAt('office'))
    await at.jobs.keep(begun, { onFailed })
    expect(await at.jobs.executions()).toMatchObject([{ state: 'running' }])
    await silent(at.database)
    expect(await at.jobs.executions()).toMatchObject([{ state: 'interrupted', finishedAt: null }])
    expect((await at.jobs.newest()).get('nightly')).toMatchObject({
      atWork: null,
      last: { state: 'interrupted' },
    })
    await at.jobs.keep(begun, { onFailed })
    expect(await at.jobs.executions()).toMatchObject([{ state: 'running' }])
  })

  test('a job that begins again was cut off before, whoever says so first; its agent knows better what it came to', async () => {
    await using at = await opened()
    const agent = agentAt('office')
    const first = executionOf(agent)
    const second = executionOf(agent, { startedAt: '2026-11-30T03:00:00.000Z' })
    const other = executionOf(agent, { job: 'hourly' })
    for (const one of [first, other, second]) await at.jobs.keep(one, { onFailed })
    const states = async () => (await at.jobs.executions()).map(({ job, state }) => `${job} ${state}`)
    expect((await states()).sort()).toEqual(['hourly running', 'nightly interrupted', 'nightly running'])
    await at.jobs.keep({ ...first, state: 'done', finishedAt: '2026-11-30T02:59:00.000Z' }, { onFailed })
    expect((await states()).sort()).toEqual(['hourly running', 'nightly done', 'nightly running'])
  })

  test('of each job of an agent the last ones are kept', async () => {
    await using at = await opened()
    const agent = agentAt('office')
    const other = executionOf(agent, { job: 'hourly', state: 'done', finishedAt: '2026-11-30T02:31:00.000Z' })
    await at.jobs.keep(other, { onFailed })
    await at.database.session(async (session) => {
      await session.query(
        `insert into sluice_job_execution (execution_id, agent_id, job, state, started_at, document)
         select gen_random_uuid(), $1, 'nightly', 'done', timestamptz '2026-01-01' + n * interval '1 hour',
           (select document from sluice_job_execution limit 1)
         from generate_series(1, $2::int) n`,
        [agent.agent, keptExecutions + 5],
      )
    })
    await at.jobs.keep(executionOf(agent, { state: 'done', finishedAt: '2026-11-30T02:31:00.000Z' }), {
      onFailed,
    })
    const kept = await at.jobs.executions({ limit: 1000 })
    expect(kept.filter(({ job }) => job === 'nightly')).toHaveLength(keptExecutions)
    expect(kept.filter(({ job }) => job === 'hourly')).toHaveLength(1)
    expect(kept[0]?.startedAt).toBe('2026-11-30T02:30:00.000Z')
  })

  test('an agent that asks is there; jobs that it has no more are gone', async () => {
    await using at = await opened()
    const agent = agentAt('office')
    await at.jobs.checkIn(agent, { jobs: announced('nightly', 'hourly'), known: [] })
    expect(await at.jobs.list()).toMatchObject([
      { job: 'nightly', agent: { host: 'office', there: true }, atWork: null, last: null, asked: null },
      { job: 'hourly' },
    ])
    await at.jobs.keep(executionOf(agent), { onFailed })
    await at.jobs.checkIn(agent, { jobs: announced('nightly'), known: [], leaving: true })
    expect(await at.jobs.list()).toMatchObject([
      { job: 'nightly', agent: { there: false, askedAt: null }, atWork: { state: 'running' } },
    ])
  })

  test('a start is asked for once, fetched until its agent knows of it, and begun by an execution', async () => {
    await using at = await opened()
    const agent = agentAt('office')
    const jobs = announced('nightly')
    await expect(at.jobs.start({ job: 'nightly', by: ada })).rejects.toMatchObject({ code: 'SLUICE-JOB-06' })
    await at.jobs.checkIn(agent, { jobs, known: [] })
    const asked = await at.jobs.start({ job: 'nightly', by: ada })
    expect(asked).toMatchObject({ state: 'waiting', by: ada, agent: { host: 'office' } })
    // Whoever wants the same joins.
    expect(await at.jobs.start({ job: 'nightly', by: olga })).toEqual(asked)
    expect(await at.jobs.list()).toMatchObject([{ asked: { by: ada } }])
    expect((await at.jobs.fetch(agent, [])).starts).toMatchObject([
      { start: asked.start, by: ada, state: 'taken' },
    ])
    // The answer was lost, or the process that had it has ended.
    expect((await at.jobs.checkIn(agent, { jobs, known: [] })).starts).toMatchObject([{ start: asked.start }])
    expect((await at.jobs.fetch(agent, [asked.start])).starts).toEqual([])
    const begun = executionOf(agent, { cause: 'request', by: ada, start: asked.start })
    await at.jobs.keep(begun, { onFailed })
    expect(await at.jobs.startRecord(asked.start)).toMatchObject({
      state: 'begun',
      execution: begun.execution,
    })
    expect((await at.jobs.fetch(agent, [])).starts).toEqual([])
    await expect(at.jobs.start({ job: 'nightly', by: olga })).rejects.toMatchObject({ code: 'SLUICE-JOB-09' })
  })

  test('a source is started by itself by the agent that delivers it, in a mode; it is no job of the lists', async () => {
    await using at = await opened()
    const agent = agentAt('office')
    const request = { source: 'hr', mode: 'complete', by: ada } as const
    await expect(at.jobs.start(request)).rejects.toThrow('No agent delivers the source "hr".')
    const modes = ['complete' as const, 'incremental' as const]
    const sources = [{ source: 'hr', modes, connector: null, checks: false, previews: false, holds: false }]
    await at.jobs.checkIn(agent, { jobs: announced('nightly'), sources, known: [] })
    expect(await at.jobs.list()).toMatchObject([{ job: 'nightly' }])
    expect(await at.jobs.delivered('hr')).toMatchObject([
      { ...sources[0], agent: { host: 'office', there: true }, atWork: null, last: null, asked: null },
    ])
    const asked = await at.jobs.start(request)
    expect(asked).toMatchObject({ job: 'sync.hr', source: 'hr', mode: 'complete', state: 'waiting' })
    // Whoever wants it in another mode joins all the same: it is one synchronization.
    expect(await at.jobs.start({ source: 'hr', by: olga })).toEqual(asked)
    expect((await at.jobs.fetch(agent, [])).starts).toMatchObject([
      { start: asked.start, source: 'hr', mode: 'complete' },
    ])
    const begun = executionOf(agent, { job: 'sync.hr', source: 'hr', cause: 'request', start: asked.start })
    await at.jobs.keep(begun, { onFailed })
    expect(await at.jobs.executions()).toMatchObject([{ job: 'sync.hr', source: 'hr' }])
    expect(await at.jobs.delivered('hr')).toMatchObject([{ asked: null, atWork: { state: 'running' } }])
    await expect(at.jobs.start(request)).rejects.toThrow('The source "hr" is already running since')
    await at.jobs.checkIn(agent, { jobs: [], sources: [], known: [], leaving: true })
    expect(await at.jobs.delivered('hr')).toEqual([])
  })

  test('a run is held where its agent can hold it, and nobody has just asked for it to be applied', async () => {
    await using at = await opened()
    const agent = agentAt('office')
    const hr = { source: 'hr', modes: [], connector: null, checks: false, previews: false, holds: false }
    const request = { source: 'hr', hold: true, by: ada } as const
    await at.jobs.checkIn(agent, { jobs: [], sources: [hr], known: [] })
    await expect(at.jobs.start(request)).rejects.toThrow('is of a version that cannot hold its run.')
    await at.jobs.checkIn(agent, { jobs: [], sources: [{ ...hr, holds: true }], known: [] })
    await at.jobs.start({ source: 'hr', by: olga })
    await expect(at.jobs.start(request)).rejects.toThrow('olga has just asked for "hr" to be synchronized')
    await at.jobs.stop({ job: 'sync.hr', by: ada })
    expect(await at.jobs.start(request)).toMatchObject({ hold: true, state: 'waiting' })
    expect((await at.jobs.fetch(agent, [])).starts).toMatchObject([{ source: 'hr', hold: true }])
  })

  test('a check is asked for once, fetched and answered by its agent, and over when that leaves', async () => {
    await using at = await opened()
    const agent = agentAt('office')
    const request = { source: 'hr', by: ada }
    const hr = { source: 'hr', modes: [], connector: 'ldap', checks: true, previews: false, holds: false }
    const checkIn = (of: object = {}) =>
      at.jobs.checkIn(agent, { jobs: [], sources: [hr], known: [], ...of }, 'one')
    await expect(at.jobs.askCheck(request)).rejects.toMatchObject({ code: 'SLUICE-JOB-06' })
    await checkIn({ sources: [{ ...hr, checks: false, previews: false, holds: false }] })
    await expect(at.jobs.askCheck(request)).rejects.toMatchObject({ code: 'SLUICE-JOB-13' })
    await checkIn()
    const asked = await at.jobs.askCheck(request)
    expect(asked).toMatchObject({ source: 'hr', state: 'waiting', by: ada, answer: null })
    expect(await at.jobs.askCheck({ source: 'hr', by: olga })).toEqual(asked)
    expect((await checkIn()).checks).toMatchObject([{ check: asked.check, state: 'taken' }])
    expect((await checkIn({ known: [asked.check] })).checks).toEqual([])
    const answer = { facts: { server: 'a NUL\0' }, warnings: ['Slow.'], discovered: null, error: null }
    expect(await at.jobs.answerCheck(asked.check, answer, 'other')).toBe(false)
    expect(await at.jobs.answerCheck(asked.check, answer, 'one')).toBe(true)
    expect(await at.jobs.answerCheck(asked.check, answer, 'one')).toBe(false)
    expect(await at.jobs.check(asked.check)).toMatchObject({
      state: 'answered',
      answer: { ...answer, facts: { server: 'a NUL␀' } },
    })
    const discovering = await at.jobs.askCheck({ ...request, kind: 'discover' })
    const other = await at.jobs.askCheck(request)
    expect((await checkIn()).checks).toMatchObject([
      { check: discovering.check, kind: 'discover' },
      { kind: 'check' },
    ])
    expect(await at.jobs.checks('hr', 'discover')).toMatchObject([{ check: discovering.check }])
    await checkIn({ leaving: true })
    expect(await at.jobs.checks('hr')).toMatchObject([
      { check: other.check, state: 'expired' },
      { state: 'answered' },
    ])
    await at.database.session((session) =>
      session.query("update sluice_system_check set asked_at = now() - interval '8 days'"),
    )
    await checkIn()
    await at.jobs.askCheck(request)
    expect(await at.jobs.checks('hr')).toHaveLength(1)
  })

  test('a preview is given once, to whoever has asked for it, and forgotten when nobody reads it', async () => {
    await using at = await opened()
    const agent = agentAt('office')
    const request = { source: 'hr', rows: 5, by: ada }
    const hr = { source: 'hr', modes: [], connector: null, checks: false, previews: true, holds: false }
    const checkIn = (of: object = {}) =>
      at.jobs.checkIn(agent, { jobs: [], sources: [hr], known: [], ...of }, 'one')
    await checkIn({ sources: [{ ...hr, previews: false, holds: false }] })
    await expect(at.jobs.askPreview(request)).rejects.toMatchObject({ code: 'SLUICE-JOB-16' })
    await checkIn()
    const first = await at.jobs.askPreview(request)
    const asked = await at.jobs.askPreview({ ...request, proposal: 'sources: {}' })
    // Who asks again does not want the one before.
    expect(await at.jobs.preview(first.preview, ada)).toBeUndefined()
    const other = await at.jobs.askPreview({ ...request, by: olga, mapping: 'Person' })
    expect((await checkIn()).previews).toMatchObject([
      { preview: asked.preview, proposal: 'sources: {}', mapping: null, state: 'taken' },
      { preview: other.preview, proposal: null, mapping: 'Person', rows: 5 },
    ])
    expect((await checkIn({ known: [asked.preview, other.preview] })).previews).toEqual([])
    const answer = { mapping: 'a NUL\0', rows: [], findings: [], error: null }
    expect(await at.jobs.answerPreview(asked.preview, answer, 'another')).toBe(false)
    expect(await at.jobs.answerPreview(asked.preview, answer, 'one')).toBe(true)
    expect(await at.jobs.answerPreview(asked.preview, answer, 'one')).toBe(false)
    expect(await at.jobs.preview(asked.preview, olga)).toBeUndefined()
    expect(await at.jobs.preview(asked.preview, ada)).toMatchObject({ answer: { mapping: 'a NUL␀' } })
    expect(await at.jobs.preview(asked.preview, ada)).toBeUndefined()

    await at.jobs.answerPreview(other.preview, answer, 'one')
    const stands = async () => {
      await at.jobs.forgetPreviews()
      const { rows } = await at.database.session((session) => session.query('select from sluice_preview'))
      return rows.length
    }
    expect(await stands()).toBe(1)
    await at.database.session((session) =>
      session.query("update sluice_preview set answered_at = now() - interval '61 seconds'"),
    )
    expect(await stands()).toBe(0)

    const late = await at.jobs.askPreview(request)
    await checkIn({ leaving: true })
    expect(await at.jobs.preview(late.preview, ada)).toMatchObject({ state: 'expired', answer: null })
  })

  test('of an agent no more than a few previews wait', async () => {
    await using at = await opened()
    const hr = { source: 'hr', modes: [], connector: null, checks: false, previews: true, holds: false }
    await at.jobs.checkIn(agentAt('office'), { jobs: [], sources: [hr], known: [] }, 'one')
    const by = (name: string): RunBy => ({ kind: 'person', name })
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      await at.jobs.askPreview({ source: 'hr', rows: 1, by: by(name) })
    await expect(at.jobs.askPreview({ source: 'hr', rows: 1, by: by('f') })).rejects.toMatchObject({
      code: 'SLUICE-JOB-17',
    })
    await at.jobs.askPreview({ source: 'hr', rows: 1, by: by('a') })
  })

  test('a start that is refused or not fetched in time is over', async () => {
    await using at = await opened()
    const agent = agentAt('office')
    await at.jobs.checkIn(agent, { jobs: announced('nightly'), known: [] })
    const refused = await at.jobs.start({ job: 'nightly', by: ada })
    await at.jobs.fetch(agent, [])
    expect(await at.jobs.refuseStart(refused.start, 'No.')).toBe(true)
    expect(await at.jobs.refuseStart(refused.start, 'No.')).toBe(false)
    expect(await at.jobs.startRecord(refused.start)).toMatchObject({ state: 'refused', reason: 'No.' })
    const late = await at.jobs.start({ job: 'nightly', by: ada })
    expect(late.start).not.toBe(refused.start)
    await at.database.session((session) =>
      session.execute(`update sluice_job_start set asked_at = asked_at - interval '11 minutes'`),
    )
    expect((await at.jobs.fetch(agent, [])).starts).toEqual([])
    expect(await at.jobs.startRecord(late.start)).toMatchObject({ state: 'expired' })
    expect(await at.jobs.startRecord(randomUUID())).toBeUndefined()
  })

  test('nothing is kept for an agent that is not there, and of several one has to be named', async () => {
    await using at = await opened()
    const [office, plant] = [agentAt('office'), agentAt('plant')]
    await at.jobs.checkIn(office, { jobs: announced('nightly'), known: [] })
    await at.jobs.checkIn(plant, { jobs: announced('nightly'), known: [] })
    const ask = (agent?: string) => at.jobs.start({ job: 'nightly', by: ada, agent })
    await expect(ask()).rejects.toMatchObject({ code: 'SLUICE-JOB-08' })
    expect(await ask('plant')).toMatchObject({ agent: { host: 'plant' } })
    expect(await ask(office.agent.slice(0, 8))).toMatchObject({ agent: { host: 'office' } })
    await expect(ask('attic')).rejects.toMatchObject({ code: 'SLUICE-JOB-06' })
    await at.jobs.checkIn(plant, { jobs: announced('nightly'), known: [], leaving: true })
    await expect(ask('plant')).rejects.toMatchObject({ code: 'SLUICE-JOB-07' })
    // The other one is the only one that is there.
    expect(await ask()).toMatchObject({ agent: { host: 'office' } })
    await at.database.session((session) =>
      session.execute(`update sluice_job_agent set asked_at = asked_at - interval '2 minutes'`),
    )
    await expect(ask('office')).rejects.toThrow(/is not there\. It asked last at/)
  })

  test('a stop reaches the execution with its next word, under the name of whoever asked first', async () => {
    await using at = await opened()
    const agent = agentAt('office')
    const stop = (by: RunBy) => at.jobs.stop({ job: 'nightly', by })
    await expect(stop(ada)).rejects.toMatchObject({ code: 'SLUICE-JOB-10' })
    const begun = executionOf(agent)
    await at.jobs.keep(begun, { onFailed })
    expect(await stop(ada)).toMatchObject({ execution: begun.execution, agent: { host: 'office' } })
    await stop(olga)
    const { stop: asked } = await at.jobs.keep(begun, { onFailed })
    expect(asked).toMatchObject({ by: ada })
    await at.jobs.keep(
      { ...begun, state: 'stopped', finishedAt: '2026-11-30T02:31:00.000Z', stop: asked },
      { onFailed },
    )
    expect(await at.jobs.executions()).toMatchObject([{ state: 'stopped', stop: { by: ada } }])
    await expect(stop(olga)).rejects.toMatchObject({ code: 'SLUICE-JOB-10' })
  })

  test('a start that is stopped before it begins does not begin, and is stopped where it had been fetched', async () => {
    await using at = await opened()
    const agent = agentAt('office')
    await at.jobs.checkIn(agent, { jobs: announced('nightly'), known: [] })
    const first = await at.jobs.start({ job: 'nightly', by: ada })
    expect(await at.jobs.stop({ job: 'nightly', by: olga })).toMatchObject({ execution: null })
    expect(await at.jobs.startRecord(first.start)).toMatchObject({ state: 'cancelled' })
    expect((await at.jobs.fetch(agent, [])).starts).toEqual([])
    const second = await at.jobs.start({ job: 'nightly', by: ada })
    await at.jobs.fetch(agent, [])
    await at.jobs.stop({ job: 'nightly', by: olga })
    const { stop } = await at.jobs.keep(executionOf(agent, { start: second.start }), { onFailed })
    expect(stop).toMatchObject({ by: olga })
  })

  test('an agent is believed with its own token, and seen by it alone', async () => {
    await using at = await opened()
    const tokens = openTokenStore(at.database)
    for (const name of ['office', 'plant'])
      await tokens.create({ name, role: 'agent', sources: ['hr'] }, 'test', ['hr'])
    const agent = agentAt('office')
    await at.jobs.checkIn(agent, { jobs: announced('nightly'), known: [] }, 'office')
    await at.jobs.keep(executionOf(agent), { token: 'office', onFailed })
    await expect(at.jobs.keep(executionOf(agent), { token: 'plant', onFailed })).rejects.toMatchObject({
      code: 'SLUICE-JOB-11',
    })
    expect(await at.jobs.list('plant')).toEqual([])
    expect(await at.jobs.executions({ token: 'plant' })).toEqual([])
    expect(await at.jobs.list('office')).toHaveLength(1)
    const { start } = await at.jobs.start({ job: 'nightly', by: ada }).catch(() => ({ start: randomUUID() }))
    expect(await at.jobs.refuseStart(start, 'No.', 'plant')).toBe(false)
    await tokens.revoke('office')
    await at.jobs.keep(executionOf(agent), { token: 'plant', onFailed })
    expect(await at.jobs.executions({ token: 'plant' })).toHaveLength(2)
  })

  test('an agent that has not been heard of for three months is forgotten with all that was known of it', async () => {
    await using at = await opened()
    const [old, other] = [agentAt('old'), agentAt('other')]
    await at.jobs.checkIn(old, { jobs: announced('nightly'), known: [] })
    await at.jobs.keep(executionOf(old), { onFailed })
    await at.database.session((session) =>
      session.execute(`update sluice_job_agent set heard_at = heard_at - interval '91 days'`),
    )
    await at.jobs.checkIn(other, { jobs: announced('hourly'), known: [] })
    expect((await at.jobs.list()).map(({ job }) => job)).toEqual(['hourly'])
    expect(await at.jobs.executions()).toEqual([])
  })
})

/** As after a minute without a sign of life. */
async function silent(database: Database): Promise<void> {
  await database.session((session) =>
    session.execute(`update sluice_job_execution set heard_at = heard_at - interval '61 seconds'`),
  )
}
