import { DeliveredLaterError, SourceHeldError } from '@sluice/agent'
import { type Job, type JobStep, type RunReport, SluiceError, type Source } from '@sluice/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JobReport } from './job-report.ts'
import { carryOutJob, type RunJobOptions, type StagePerformer } from './run-job.ts'

class BrokenError extends SluiceError {
  readonly code = 'SLUICE-TEST-01'
  readonly blame = 'source'
  readonly retry = false
}

const step = (stage: JobStep['stage'], sources: string, more: Partial<JobStep> = {}): JobStep => ({
  name: `${stage}-${sources}`,
  stage,
  sources: sources.split(' '),
  mode: undefined,
  force: false,
  continueOnError: false,
  ...more,
})

const job = (...steps: readonly JobStep[]): Job => ({ name: 'nightly', after: [], steps })

const source = (name: string, mode: Source['mode']): Source => ({
  name,
  folder: '/',
  mode,
  entities: [],
  associations: [],
  thresholds: {},
})

const report = (name: string, state: RunReport['state']): RunReport => ({
  run: 7,
  cause: 'delivery',
  by: { kind: 'program', name: 'test' },
  delivery: 'd',
  source: name,
  mode: 'complete',
  state,
  startedAt: '',
  finishedAt: '',
  entities: [],
  associations: [],
  exceeded: [],
  drift: null,
  decision: null,
  replacedBy: null,
  stages: [],
  notes: [],
  error: null,
})

type Ending = 'applied' | 'held' | 'broken' | 'dropped' | 'held before' | 'server away'

interface Scenario {
  /** What `stage source` ends with; applied when not given. */
  readonly endings?: Readonly<Record<string, Ending>>
  readonly held?: readonly string[]
  readonly incremental?: readonly string[]
  readonly during?: (what: string) => void | Promise<void>
}

/** Runs a job in a scenario with three sources; what was begun, and in one line per source how it ended. */
async function run(work: Job, scenario: Scenario = {}, options: RunJobOptions = {}) {
  const begun: string[] = []
  const names = ['hr', 'ad', 'dc']
  const project: StagePerformer = {
    sources: new Map(
      names.map((name) => [
        name,
        source(name, scenario.incremental?.includes(name) ? 'incremental' : 'auto'),
      ]),
    ),
    perform: async (stage, name) => {
      const what = `${stage} ${name}`
      begun.push(what)
      await scenario.during?.(what)
      const ending = scenario.endings?.[what] ?? 'applied'
      if (ending === 'broken') throw new BrokenError('It broke.')
      if (ending === 'held before') throw new SourceHeldError(name, 7)
      if (ending === 'server away') throw new DeliveredLaterError(name, 'd', new Error('No answer.'))
      if (ending === 'dropped') return { reports: [], problem: 'It was overtaken.' }
      return { reports: stage === 'sync' || stage === 'synchronize' ? [report(name, ending)] : [] }
    },
    heldRun: async (name) => (scenario.held?.includes(name) ? 7 : undefined),
  }
  const result = await carryOutJob(project, work, options)
  return { begun, state: result.state, lines: linesOf(result), result }
}

function linesOf({ steps }: JobReport): readonly string[] {
  return steps.flatMap(({ step: name, sources }) =>
    sources.map((outcome) =>
      [name, outcome.source, outcome.state, outcome.reason].filter(Boolean).join(' | '),
    ),
  )
}

describe('carryOutJob', () => {
  test('runs the steps in their order, each after the one before', async () => {
    const stages = ['export', 'prepare', 'deliver', 'synchronize'] as const
    const { begun, state } = await run(job(...stages.map((stage) => step(stage, 'dc')), step('sync', 'hr')))
    expect(begun).toEqual(['export dc', 'prepare dc', 'deliver dc', 'synchronize dc', 'sync hr'])
    expect(state).toBe('done')
  })

  test('works on the sources of a step together, but on few of them', async () => {
    let atWork = 0
    let most = 0
    const during = async () => {
      atWork += 1
      most = Math.max(most, atWork)
      await new Promise((resolve) => setTimeout(resolve, 5))
      atWork -= 1
    }
    const { lines } = await run(job(step('sync', 'hr ad dc')), { during })
    expect(most).toBe(2)
    expect(lines.map((line) => line.split(' | ')[1])).toEqual(['hr', 'ad', 'dc'])
  })

  test('ends with a failed step, and says of every later one that it was not begun', async () => {
    const { lines, state } = await run(job(step('sync', 'hr ad'), step('sync', 'dc')), {
      endings: { 'sync hr': 'broken' },
    })
    expect(state).toBe('failed')
    expect(lines).toEqual([
      'sync-hr ad | hr | failed | It broke.',
      'sync-hr ad | ad | done',
      'sync-dc | dc | skipped | Step "sync-hr ad" failed.',
    ])
  })

  test('goes on after a failure when the step says so, except with what builds on it', async () => {
    const failing = step('export', 'dc', { continueOnError: true })
    const work = job(failing, step('prepare', 'dc'), step('synchronize', 'dc'), step('sync', 'dc hr'))
    const { lines, state, result } = await run(work, { endings: { 'export dc': 'broken' } })
    expect(lines).toEqual([
      'export-dc | dc | failed | It broke.',
      'prepare-dc | dc | skipped | It builds on "export-dc", which failed: It broke.',
      'synchronize-dc | dc | skipped | It builds on "export-dc", which failed: It broke.',
      'sync-dc hr | dc | done',
      'sync-dc hr | hr | done',
    ])
    expect(state).toBe('done')
    expect(result.steps[0]?.warning).toBe(true)
  })

  test('ends the steps of a source of which a run is held, and goes on with the others', async () => {
    const { lines, state } = await run(
      job(step('sync', 'hr ad'), step('sync', 'hr ad', { name: 'again', mode: 'complete' })),
      { endings: { 'sync hr': 'held' } },
    )
    expect(state).toBe('held')
    expect(lines).toEqual([
      'sync-hr ad | hr | held | Run 7 of "hr" exceeds a threshold and is held.',
      'sync-hr ad | ad | done',
      'again | hr | skipped | Run 7 of "hr" exceeds a threshold and is held. The remaining sources wait for a decision.',
      'again | ad | done',
    ])
  })

  test('leaves out the incrementals of a source that is held, exports included, and not its completes', async () => {
    const waiting = 'Run 7 of "dc" is held; incremental runs wait until it is approved or rejected.'
    const { begun, lines, state } = await run(
      job(
        step('export', 'dc'),
        step('deliver', 'dc'),
        step('sync', 'hr', { mode: 'incremental' }),
        step('sync', 'dc', { mode: 'complete' }),
      ),
      { held: ['dc'], incremental: ['dc'] },
    )
    expect(begun).toEqual(['sync hr', 'sync dc'])
    expect(lines.slice(0, 2)).toEqual([
      `export-dc | dc | left out | ${waiting}`,
      `deliver-dc | dc | left out | ${waiting}`,
    ])
    expect(state).toBe('held')
  })

  test('takes a refused incremental for one that was left out', async () => {
    const { lines, state } = await run(job(step('sync', 'hr')), { endings: { 'sync hr': 'held before' } })
    expect(lines[0]).toMatch(/^sync-hr \| hr \| left out \| Run 7 of "hr" is held/)
    expect(state).toBe('held')
  })

  test('goes on with the other sources while the server is away, and says what waits for it', async () => {
    const work = job(
      step('export', 'hr'),
      step('deliver', 'hr'),
      step('synchronize', 'hr'),
      step('sync', 'ad'),
    )
    const { lines, state } = await run(work, { endings: { 'deliver hr': 'server away' } })
    expect(lines.slice(1)).toEqual([
      'deliver-hr | hr | waiting | The changes of "hr" are prepared, but could not be delivered yet; they wait: No answer.',
      'synchronize-hr | hr | skipped | It builds on "deliver-hr", which waits for the server.',
      'sync-ad | ad | done',
    ])
    expect(state).toBe('waiting')
  })

  test('takes a delivery that was dropped for a failure', async () => {
    const { lines, state } = await run(job(step('deliver', 'hr')), { endings: { 'deliver hr': 'dropped' } })
    expect(lines).toEqual(['deliver-hr | hr | failed | It was overtaken.'])
    expect(state).toBe('failed')
  })

  test('forced, asks nobody whether the source is held', async () => {
    const scenario = { held: ['hr'], incremental: ['hr'] }
    expect((await run(job(step('sync', 'hr')), scenario, { force: true })).begun).toEqual(['sync hr'])
  })

  test('ends after the step at work when it is asked to stop', async () => {
    const stopping = new AbortController()
    const scenario = { during: () => stopping.abort() }
    const { lines, state } = await run(job(step('sync', 'hr ad'), step('sync', 'dc')), scenario, {
      stop: stopping.signal,
    })
    expect(lines).toEqual([
      'sync-hr ad | hr | done',
      'sync-hr ad | ad | done',
      'sync-dc | dc | skipped | The job was stopped.',
    ])
    expect(state).toBe('stopped')
  })

  test('gives up the work in hand when it has to, and says so of all that it did not end', async () => {
    const stopping = new AbortController()
    const during = () => {
      stopping.abort()
      throw stopping.signal.reason
    }
    const { lines, state } = await run(
      job(step('sync', 'hr'), step('sync', 'dc')),
      { during },
      { signal: stopping.signal },
    )
    expect(lines).toEqual([
      'sync-hr | hr | stopped | The job was stopped.',
      'sync-dc | dc | skipped | The job was stopped.',
    ])
    expect(state).toBe('stopped')
  })

  const steps = job(step('export', 'dc'), step('prepare', 'dc'), step('deliver', 'dc'))
  test.each([
    [{ from: 'prepare-dc' }, ['prepare dc', 'deliver dc']],
    [{ to: '2' }, ['export dc', 'prepare dc']],
    [{ from: '2', to: 'prepare-dc' }, ['prepare dc']],
    [{ only: '3' }, ['deliver dc']],
  ])('runs only the steps asked for: %o', async (selection, begun) => {
    expect((await run(steps, {}, selection)).begun).toEqual(begun)
  })

  test.each([
    [{ from: 'prepre-dc' }, 'has no step "prepre-dc"', 'Did you mean "prepare-dc"?'],
    [{ only: '4' }, 'has no step "4"', 'Known: export-dc, prepare-dc, deliver-dc.'],
    [{ from: '3', to: '1' }, 'step "3" comes after step "1"', 'Give the earlier one with --from'],
  ])('refuses steps that are none: %o', async (selection, message, remedy) => {
    await expect(run(steps, {}, selection)).rejects.toMatchObject({
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
    })
  })

  test('whatever happens, accounts for every source of every step, and begins none after what it builds on failed', async () => {
    const names = ['hr', 'ad', 'dc'] as const
    const stages = ['sync', 'export', 'prepare', 'deliver', 'synchronize'] as const
    const steps = fc.array(
      fc.record({
        stage: fc.constantFrom(...stages),
        sources: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
        continueOnError: fc.boolean(),
        ending: fc.constantFrom<Ending>('applied', 'held', 'broken'),
      }),
      { minLength: 1, maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (drawn) => {
        const work = job(
          ...drawn.map(({ stage, sources, continueOnError }, index) =>
            step(stage, sources.join(' '), { name: `s${index}`, continueOnError }),
          ),
        )
        const endings = Object.fromEntries(
          drawn.flatMap(({ stage, sources, ending }) => sources.map((name) => [`${stage} ${name}`, ending])),
        )
        const { result, begun } = await run(work, { endings })
        expect(result.steps.map(({ sources }) => sources.map((outcome) => outcome.source))).toEqual(
          work.steps.map(({ sources }) => sources),
        )
        const outcomes = result.steps.flatMap(({ sources }) => sources)
        const carriedOut = outcomes.filter(({ state }) => state !== 'skipped' && state !== 'left out')
        expect(begun).toHaveLength(carriedOut.length)
        for (const { state, reason } of outcomes) expect(reason === undefined).toBe(state === 'done')
        const ended = result.steps.findIndex(({ state, warning }) => state === 'failed' && !warning)
        if (ended !== -1) {
          expect(result.state).toBe('failed')
          expect(result.steps.slice(ended + 1).every(({ state }) => state === 'skipped')).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('tries a source again by itself where the job says so, with the others of its step untouched', async () => {
    const events: string[] = []
    const work = { ...job(step('sync', 'hr ad')), retry: { times: 2, wait: 1, factor: 1, atMost: 1 } }
    let tries = 0
    const scenario: Scenario = {
      during: (what) => {
        if (what !== 'sync hr') return
        tries += 1
        if (tries < 3) throw new DeliveredLaterError('hr', 'd', new Error('No answer.'))
      },
    }
    const onEvent: RunJobOptions['onEvent'] = (event) => {
      if (event.kind === 'source retried')
        events.push(`${event.source} ${event.next.number} of ${event.next.of}`)
    }
    const { begun, state } = await run(work, scenario, { onEvent })
    expect(state).toBe('done')
    expect(begun.sort()).toEqual(['sync ad', 'sync hr', 'sync hr', 'sync hr'])
    expect(events).toEqual(['hr 1 of 2', 'hr 2 of 2'])
  })

  test('does not try again what the source itself has to mend', async () => {
    const work = { ...job(step('sync', 'hr')), retry: { times: 2, wait: 1, factor: 1, atMost: 1 } }
    const { begun, state } = await run(work, { endings: { 'sync hr': 'broken' } })
    expect(state).toBe('failed')
    expect(begun).toEqual(['sync hr'])
  })

  test('is stopped, and not failed, when it is asked to end while it waits for another try', async () => {
    const stop = new AbortController()
    const hour = 3_600_000
    const work = { ...job(step('sync', 'hr')), retry: { times: 2, wait: hour, factor: 1, atMost: hour } }
    const onEvent: RunJobOptions['onEvent'] = ({ kind }) => {
      if (kind === 'source retried') setImmediate(() => stop.abort())
    }
    const endings = { 'sync hr': 'server away' } as const
    const { lines, state } = await run(work, { endings }, { onEvent, stop: stop.signal })
    expect(state).toBe('stopped')
    expect(lines[0]).toMatch(/^sync-hr \| hr \| stopped \| The changes of "hr" are prepared/)
  })
})
