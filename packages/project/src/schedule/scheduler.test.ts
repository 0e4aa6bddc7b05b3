import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { AgentLog } from './agent-log.ts'
import { keepDelivering } from './keep-delivering.ts'
import { readScheduleState, type ScheduleRecord, writeScheduleState } from './schedule-state.ts'
import type { ScheduledJob } from './scheduled-job.ts'
import { Scheduler } from './scheduler.ts'
import { SourceReservations } from './source-reservations.ts'

const scratch = mkdtempSync(join(tmpdir(), 'sluice-schedule-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const everySecond = { cron: '* * * * * *', timeZone: 'UTC', jitter: 0, missed: 'run' } as const
const job = (
  name: string,
  sources: string,
  schedule: ScheduledJob['schedule'] | 'none' = everySecond,
  after: readonly string[] = [],
): ScheduledJob => ({
  name,
  schedule: schedule === 'none' ? undefined : schedule,
  after,
  sources: sources.split(' '),
})

interface Line {
  readonly level: string
  readonly message: string
  readonly [key: string]: unknown
}

function logTo(lines: Line[]): AgentLog {
  const write = (level: string) => (data: object, message: string) =>
    void lines.push({ level, message, ...data })
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

interface Agent {
  readonly lines: readonly Line[]
  readonly scheduler: Scheduler
  readonly ended: Promise<void>
  readonly statePath: string
  /** It has read what it remembers, and looked once. */
  loaded(): Promise<void>
  stop(): Promise<void>
}

function start(
  jobs: readonly ScheduledJob[],
  run: (job: string) => Promise<string>,
  statePath = join(mkdtempSync(join(scratch, 'agent-')), 'jobs.json'),
): Agent {
  const lines: Line[] = []
  const stopping = new AbortController()
  const scheduler = new Scheduler({
    jobs,
    statePath,
    run: ({ name }) => run(name),
    reservations: new SourceReservations(),
    log: logTo(lines),
    stop: stopping.signal,
    heartbeat: 500,
  })
  const ended = scheduler.run()
  const stop = () => {
    stopping.abort()
    return ended
  }
  const loaded = () => until(() => lines.some(({ message }) => message === 'job is scheduled'))
  return { lines, scheduler, ended, statePath, loaded, stop }
}

/** Resolves when `condition` holds; the test's time limit ends it otherwise. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10)
}
const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

describe('Scheduler', () => {
  test('starts a job at its times, says so, and writes down that it did', async () => {
    let runs = 0
    const agent = start([job('tick', 'hr')], async () => {
      runs += 1
      return 'done'
    })
    await until(() => runs === 2)
    await agent.stop()
    expect(agent.lines.filter(({ message }) => message === 'the job begins')).toHaveLength(2)
    const record = (await readScheduleState(agent.statePath)).jobs.get('tick')
    expect(record).toMatchObject({ schedule: '* * * * * * UTC', state: 'done', interrupted: 0 })
    expect(Date.parse(record?.endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(record?.startedAt ?? ''))
    expect(readdirSync(join(agent.statePath, '..'))).toEqual(['jobs.json'])
  })

  test('leaves out and says so what comes while a job is at work; another job on its source waits', async () => {
    let atWork = 0
    let most = 0
    const began: string[] = []
    const agent = start([job('long', 'hr ad'), job('short', 'ad')], async (name) => {
      began.push(name)
      atWork += 1
      most = Math.max(most, atWork)
      await sleep(1100)
      atWork -= 1
      return 'done'
    })
    await until(() => began.includes('long') && began.includes('short'))
    await agent.stop()
    expect(most).toBe(1)
    const messages = agent.lines.map(({ message }) => message)
    expect(messages).toContain('starts are left out')
    expect(messages).toContain('waits for sources that another job works on')
    expect(messages).toContain('the agent is alive')
    expect(agent.lines.find(({ message }) => message === 'starts are left out')?.['why']).toBe('at work')
  })

  test('waits for what is at work when it is stopped, and begins nothing more', async () => {
    let ended = false
    const agent = start([job('tick', 'hr'), job('tock', 'hr')], async () => {
      await sleep(700)
      ended = true
      return 'done'
    })
    await until(() => agent.lines.some(({ message }) => message.startsWith('waits for sources')))
    expect(ended).toBe(false)
    await agent.stop()
    expect(ended).toBe(true)
    const messages = agent.lines.map(({ message }) => message)
    expect(messages.filter((message) => message === 'the job begins')).toHaveLength(1)
    expect(messages).toContain('was not begun, because the agent stops')
  })

  test('survives a job that throws', async () => {
    let runs = 0
    const agent = start([job('tick', 'hr')], async () => {
      runs += 1
      throw new Error('It broke.')
    })
    await until(() => runs === 2)
    await agent.stop()
    expect(agent.lines.find(({ message }) => message === 'the job failed')?.level).toBe('error')
    expect((await readScheduleState(agent.statePath)).jobs.get('tick')?.state).toBe('failed')
  })

  const yearly = { cron: '0 0 1 1 *', timeZone: 'UTC', jitter: 0, missed: 'run' } as const
  const record = {
    schedule: '0 0 1 1 * UTC',
    settled: '2020-06-01T00:00:00Z',
    startedAt: '2020-01-01T00:00:00Z',
    endedAt: '2020-01-01T00:05:00Z',
    state: 'done',
    interrupted: 0,
    doneAt: '2020-01-01T00:05:00Z',
    taken: {},
  }
  const withRecord = async (more: Partial<ScheduleRecord>) => {
    const path = join(mkdtempSync(join(scratch, 'agent-')), 'jobs.json')
    await writeScheduleState(path, new Map([['yearly', { ...record, ...more }]]))
    return path
  }

  test('makes up once, after a time in which it did not run, for all starts that were missed', async () => {
    const began: string[] = []
    const run = async (name: string) => {
      began.push(name)
      return 'done'
    }
    const path = await withRecord({})
    const first = start([job('yearly', 'hr', yearly)], run, path)
    await until(() => began.length === 1)
    await first.stop()
    const second = start([job('yearly', 'hr', yearly)], run, path)
    await sleep(200)
    await second.stop()
    expect(began).toEqual(['yearly'])
    expect(first.lines.find(({ message }) => message === 'starts are left out')).toMatchObject({
      why: 'missed',
    })
  })

  test('skips what was missed, says so, and starts a job that it has never seen at its next time', async () => {
    const began: string[] = []
    const skipping = { ...yearly, missed: 'skip' } as const
    const agent = start(
      [job('yearly', 'hr', skipping), job('unseen', 'ad', yearly)],
      async (name) => {
        began.push(name)
        return 'done'
      },
      await withRecord({}),
    )
    await until(() => agent.lines.some(({ message }) => message === 'starts are left out'))
    await agent.stop()
    expect(began).toEqual([])
  })

  test('starts a job again that was killed at work, but not a second time', async () => {
    const settled = new Date().toISOString()
    const path = await withRecord({ endedAt: null, settled })
    const began: string[] = []
    const killed = start([job('yearly', 'hr', yearly)], () => new Promise(() => began.push('first')), path)
    await until(() => began.length === 1)
    const copy = `${path}.copy`
    writeFileSync(copy, readFileSync(path))
    expect((await readScheduleState(copy)).jobs.get('yearly')).toMatchObject({
      endedAt: null,
      interrupted: 1,
    })

    const next = start([job('yearly', 'hr', yearly)], async () => 'done', copy)
    await until(() => next.lines.length >= 2)
    await next.stop()
    expect(next.lines.map(({ message }) => message)).toEqual([
      'the job was interrupted and waits for its next start',
      'job is scheduled',
    ])
    // The one that stands for a killed process has nothing left to wait for.
    expect(killed.lines.filter(({ message }) => message === 'the job begins')).toHaveLength(1)
  })

  test('starts a job again that was stopped', async () => {
    const path = await withRecord({ state: 'stopped', settled: new Date().toISOString() })
    const began: string[] = []
    const agent = start(
      [job('yearly', 'hr', yearly)],
      async (name) => {
        began.push(name)
        return 'done'
      },
      path,
    )
    await until(() => began.length === 1)
    await agent.stop()
    expect((await readScheduleState(path)).jobs.get('yearly')?.state).toBe('done')
  })

  test('takes other schedules while it runs', async () => {
    const began: string[] = []
    const agent = start([job('yearly', 'hr', yearly)], async (name) => {
      began.push(name)
      return 'done'
    })
    await until(() => agent.lines.length === 1)
    agent.scheduler.replace([job('yearly', 'hr', everySecond), job('tick', 'ad')])
    await until(() => began.includes('yearly') && began.includes('tick'))
    agent.scheduler.replace([])
    await sleep(50)
    const before = began.length
    await sleep(1200)
    expect(began).toHaveLength(before)
    await agent.stop()
  })

  test('starts a job after another whenever that ended well, and not when it did not', async () => {
    const ends = ['failed', 'done', 'failed', 'done']
    const began: string[] = []
    const agent = start([job('load', 'hr'), job('next', 'ad', 'none', ['load'])], async (name) => {
      if (name === 'next') {
        began.push(name)
        return 'done'
      }
      const state = ends.shift() ?? 'failed'
      began.push(state)
      return state
    })
    await until(() => began.filter((name) => name === 'next').length === 2)
    await agent.stop()
    expect(began.slice(0, 6)).toEqual(['failed', 'done', 'next', 'failed', 'done', 'next'])
  })

  test('starts a job after others once all of them have ended well, though not together', async () => {
    const began: string[] = []
    const agent = start(
      [job('a', 'hr'), job('b', 'ad'), job('next', 'dc', 'none', ['a', 'b'])],
      async (name) => {
        began.push(name)
        return name === 'b' && began.filter((other) => other === 'b').length < 2 ? 'failed' : 'done'
      },
    )
    await until(() => began.includes('next'))
    await agent.stop()
    expect(began.slice(0, began.indexOf('next')).filter((name) => name === 'b')).toHaveLength(2)
  })

  test('holds a start that is due until the job before it has ended well, and says so', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const began: string[] = []
    const agent = start([job('load', 'hr'), job('next', 'ad', everySecond, ['load'])], async (name) => {
      began.push(name)
      if (name === 'load') await held
      return 'done'
    })
    const waits = () => agent.lines.find(({ message }) => message === 'waits for jobs to end well')
    await until(() => began.includes('load') && waits() !== undefined)
    expect(waits()).toMatchObject({ job: 'next', after: ['load'] })
    expect(began).toEqual(['load'])
    release()
    await until(() => began.includes('next'))
    await agent.stop()
  })

  test('remembers after which end it began, so that another agent does not begin it for the same one', async () => {
    const path = await withRecord({})
    const jobs = [job('yearly', 'hr', { ...yearly, missed: 'skip' }), job('next', 'ad', 'none', ['yearly'])]
    const began: string[] = []
    const run = async (name: string) => {
      began.push(name)
      return 'done'
    }
    const first = start(jobs, run, path)
    await until(() => began.length === 1)
    await first.stop()
    const { taken } = (await readScheduleState(path)).jobs.get('next') ?? {}
    expect(taken).toEqual({ yearly: record.doneAt })
    const second = start(jobs, run, path)
    await sleep(200)
    await second.stop()
    expect(began).toEqual(['next'])
  })

  test('starts a job that was stopped again, though what it comes after has not ended once more', async () => {
    const path = await withRecord({})
    const records = (await readScheduleState(path)).jobs
    const stopped = { ...record, schedule: 'none', state: 'stopped', taken: { yearly: record.doneAt } }
    await writeScheduleState(path, new Map([...records, ['next', stopped]]))
    const began: string[] = []
    const agent = start(
      [job('yearly', 'hr', { ...yearly, missed: 'skip' }), job('next', 'ad', 'none', ['yearly'])],
      async (name) => {
        began.push(name)
        return 'done'
      },
      path,
    )
    await until(() => began.length === 1)
    await agent.stop()
    expect(began).toEqual(['next'])
  })

  test('says that a job comes after one that this agent does not start', async () => {
    const agent = start([job('next', 'ad', 'none', ['load'])], async () => 'done')
    await until(() => agent.lines.some(({ level }) => level === 'warn'))
    await agent.stop()
    expect(agent.lines.find(({ level }) => level === 'warn')).toMatchObject({ job: 'next', after: ['load'] })
  })

  test('says that it cannot read what it remembered, and goes on', async () => {
    const path = join(mkdtempSync(join(scratch, 'agent-')), 'jobs.json')
    writeFileSync(path, '{"version": 1, "jobs": {"yea')
    const agent = start([job('yearly', 'hr', yearly)], async () => 'done', path)
    await until(() => agent.lines.length >= 2)
    await agent.stop()
    expect(agent.lines[0]).toMatchObject({ level: 'error', reason: 'It is not as the agent writes it.' })
    expect((await readScheduleState(path)).jobs.has('yearly')).toBe(true)
  })
})

test('what waits is delivered when the server answers again, and the pauses grow meanwhile', async () => {
  const lines: Line[] = []
  const stopping = new AbortController()
  const tries: number[] = []
  let waiting = ['hr']
  const deliver = async () => {
    tries.push(Date.now())
    if (tries.length < 4) throw new Error('connect ECONNREFUSED')
    waiting = []
    return undefined
  }
  const ended = keepDelivering({
    waiting: { sources: async () => waiting, deliver },
    reservations: new SourceReservations(),
    log: logTo(lines),
    stop: stopping.signal,
    firstPause: 20,
    longestPause: 1000,
  })
  await until(() => waiting.length === 0)
  stopping.abort()
  await ended
  expect(tries).toHaveLength(4)
  expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'warn: what waits is not delivered yet',
    'debug: what waits is not delivered yet',
    'debug: what waits is not delivered yet',
    'info: what waited was delivered',
  ])
  const [first = 0, second = 0, third = 0, fourth = 0] = tries
  expect(fourth - third).toBeGreaterThan(second - first)
})

describe('a start that somebody asks for', () => {
  const by = { kind: 'token', name: 'ada' } as const
  const request = { cause: 'request', by, request: 'r' } as const

  test('begins a job whatever it comes after, once, and lets those begin that come after it', async () => {
    const begun: string[] = []
    const ends = new Map<string, () => void>()
    const agent = start(
      [
        job('load', 'hr', 'none'),
        job('rules', 'ad', 'none', ['load', 'never']),
        job('next', 'ad', 'none', ['rules']),
      ],
      async (name) => {
        begun.push(name)
        if (name === 'rules') await new Promise<void>((resolve) => ends.set(name, resolve))
        return 'done'
      },
    )
    expect(agent.scheduler.begin('rules', request)).toBe(false)
    await agent.loaded()
    expect(agent.scheduler.begin('unknown', request)).toBe(false)
    expect(agent.scheduler.begin('rules', request)).toBe(true)
    expect(agent.scheduler.begin('rules', request)).toBe(false)
    await until(() => ends.has('rules'))
    expect(begun).toEqual(['rules'])
    ends.get('rules')?.()
    await until(() => begun.includes('next'))
    await agent.stop()
    // Without a schedule and without a job before it, nothing begins by itself.
    expect(begun).toEqual(['rules', 'next'])
    const line = agent.lines.find(({ message }) => message === 'the job begins')
    expect(line).toMatchObject({ job: 'rules', cause: 'request', by })
  })

  test('does not begin again what somebody has stopped, nor a job that begins on request alone', async () => {
    const agent = start(
      [job('load', 'hr', { ...everySecond, cron: '0 0 1 1 *' }), job('hand', 'ad', 'none')],
      async (name) => (name === 'load' ? 'stopped on request' : 'stopped'),
    )
    await agent.loaded()
    agent.scheduler.begin('load', request)
    agent.scheduler.begin('hand', request)
    await until(() => agent.lines.filter(({ message }) => message === 'the job ended').length === 2)
    await agent.stop()
    const begun: string[] = []
    const next = start(
      [job('load', 'hr', { ...everySecond, cron: '0 0 1 1 *' }), job('hand', 'ad', 'none')],
      async (name) => {
        begun.push(name)
        return 'done'
      },
      agent.statePath,
    )
    await next.loaded()
    await next.stop()
    expect(begun).toEqual([])
  })
})
