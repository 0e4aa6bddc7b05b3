/**
 * Makes jobs of their definitions: names every step and checks that its sources can take it.
 *
 * @module
 */
import { type Job, type JobRetry, type JobStage, type JobStep, jobStages } from '../job/job.ts'
import type { Source } from '../source/source.ts'
import { checkAfter } from './check-after.ts'
import { checkCompletes } from './check-completes.ts'
import { millisecondsOf } from './common-schema.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { JobInput, JobRetryInput, JobStepInput } from './job-schema.ts'
import { suggestion } from './names.ts'
import { resolveSchedule } from './resolve-schedule.ts'
import type { YamlPath } from './yaml-file.ts'

interface Context {
  readonly job: Definition<JobInput>
  readonly sources: ReadonlyMap<string, Source>
  /** A name that no file defines may be that of a source in the repository. */
  readonly othersMayBeStored: boolean
  readonly findings: Findings
}

export function resolveJobs(
  jobs: ReadonlyMap<string, Definition<JobInput>>,
  known: Pick<Context, 'sources' | 'othersMayBeStored'>,
  findings: Findings,
): ReadonlyMap<string, Job> {
  const resolved = [...jobs.values()].map((job): Job => {
    const context: Context = { job, ...known, findings }
    return {
      name: job.name,
      description: job.value.description,
      schedule: resolveSchedule(job, findings),
      after: namesOf(job.value.after),
      retry: resolveRetry(job.value.retry),
      steps: resolveSteps(context),
    }
  })
  checkAfter(jobs, resolved, findings)
  checkCompletes(jobs, resolved, known.sources, findings)
  return new Map(resolved.map((job) => [job.name, job]))
}

function resolveSteps(context: Context): readonly JobStep[] {
  const { job, findings } = context
  const given = job.value.steps.flatMap(({ name }) => (name === undefined ? [] : [name]))
  const taken = new Set(given)
  const seen = new Set<string>()
  return job.value.steps.flatMap((input, index) => {
    const path = ['steps', index]
    const stage = resolveStage(context, path, input)
    if (stage === undefined) return []
    const sources = namesOf(input[stage])
    checkSources(context, [...path, stage], stage, sources)
    checkOptions(context, path, stage, input)
    const name = input.name ?? freeName(`${stage}-${sources.join('-')}`, taken)
    if (input.name !== undefined && seen.has(input.name)) {
      const message = `Two steps of "${job.name}" are called "${input.name}".`
      findings.add(findingCodes.job, placeIn(job, [...path, 'name']), message, {
        remedy: 'Give one of them another name.',
      })
    }
    seen.add(name)
    taken.add(name)
    const { mode, force = false, continueOnError = false } = input
    return [{ name, stage, sources, mode, force, continueOnError }]
  })
}

function resolveRetry(input: JobRetryInput | undefined): JobRetry | undefined {
  if (input === undefined) return undefined
  const { times, wait = '1m', factor = 2, atMost = '15m' } = input
  return { times, wait: millisecondsOf(wait), factor, atMost: millisecondsOf(atMost) }
}

function namesOf(written: string | readonly string[] | undefined): readonly string[] {
  if (written === undefined) return []
  return typeof written === 'string' ? [written] : written
}

/** `sync-hr`, or `sync-hr-2` where an earlier step is called so. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`
  return free
}

function resolveStage({ job, findings }: Context, path: YamlPath, input: JobStepInput): JobStage | undefined {
  const given = jobStages.filter((stage) => input[stage] !== undefined)
  const [stage, second] = given
  if (stage !== undefined && second === undefined) return stage
  if (stage === undefined) {
    findings.add(findingCodes.job, placeIn(job, path), 'This step has no stage.', {
      remedy: `Add a stage with a source: ${jobStages.join(', ')}, such as {sync: hr}.`,
    })
  } else {
    const message = `This step has ${given.length === 2 ? 'two' : given.length} stages: ${given.join(', ')}.`
    findings.add(findingCodes.job, placeIn(job, [...path, second ?? stage], 'key'), message, {
      remedy: 'Make a step of each.',
    })
  }
  return undefined
}

function checkSources(context: Context, path: YamlPath, stage: JobStage, names: readonly string[]): void {
  const { job, sources, findings } = context
  for (const [index, name] of names.entries()) {
    const source = sources.get(name)
    const listed = typeof job.value.steps.at(Number(path[1]))?.[stage] !== 'string'
    const place = placeIn(job, listed ? [...path, index] : path)
    if (source === undefined) {
      findings.add(findingCodes.unknownName, place, `There is no source "${name}".`, {
        remedy: suggestion(name, sources.keys()),
        severity: context.othersMayBeStored ? 'warning' : 'error',
      })
    } else if (names.indexOf(name) < index) {
      findings.add(findingCodes.job, place, `"${name}" occurs twice in this step.`, {
        remedy: 'Remove it, or make another step for it.',
      })
    } else if (stage === 'export' && source.export === undefined) {
      const message = `Source "${name}" has no export program, so this step only finds its files.`
      findings.add(findingCodes.job, place, message, {
        severity: 'warning',
        remedy: 'Give the source a program under export, or leave this step out.',
      })
    }
  }
}

const takesMode: readonly JobStage[] = ['sync', 'export', 'prepare']
const takesForce: readonly JobStage[] = ['sync', 'synchronize', 'age']

function checkOptions(
  { job, findings }: Context,
  path: YamlPath,
  stage: JobStage,
  input: JobStepInput,
): void {
  if (input.mode !== undefined && !takesMode.includes(stage)) {
    const message = `"${stage}" has no mode: the mode is decided when a source is prepared.`
    findings.add(findingCodes.job, placeIn(job, [...path, 'mode'], 'key'), message, {
      remedy: 'Write it at the step that prepares.',
    })
  }
  if (input.force === true && !takesForce.includes(stage)) {
    const message = `"${stage}" applies nothing, so "force" has no effect.`
    findings.add(findingCodes.job, placeIn(job, [...path, 'force'], 'key'), message, {
      remedy: 'Write it at the step that synchronizes.',
    })
  }
}
