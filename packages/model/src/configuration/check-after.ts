/**
 * Which jobs come after which: they have to exist, never in a circle, and begin by themselves.
 *
 * @module
 */
import type { Job } from '../job/job.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { JobInput } from './job-schema.ts'
import { suggestion } from './names.ts'

interface Context {
  readonly jobs: ReadonlyMap<string, Job>
  /** Those that were told of, by the names of their jobs. */
  readonly circles: Set<string>
  readonly findings: Findings
}

export function checkAfter(
  definitions: ReadonlyMap<string, Definition<JobInput>>,
  jobs: readonly Job[],
  findings: Findings,
): void {
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const context: Context = { jobs: byName, circles: new Set(), findings }
  for (const definition of definitions.values()) {
    const after = byName.get(definition.name)?.after ?? []
    for (const index of after.keys()) checkOne(definition, after, index, context)
  }
}

function checkOne(
  definition: Definition<JobInput>,
  after: readonly string[],
  index: number,
  { jobs, circles, findings }: Context,
): void {
  const { name } = definition
  const before = after[index] ?? ''
  const place = placeIn(definition, typeof definition.value.after === 'string' ? ['after'] : ['after', index])
  const job = jobs.get(before)
  if (job === undefined) {
    const others = [...jobs.keys()].filter((other) => other !== name)
    const remedy = suggestion(before, others)
    findings.add(findingCodes.unknownName, place, `There is no job "${before}".`, { remedy })
    return
  }
  if (after.indexOf(before) < index) {
    const message = `"${before}" is named a second time.`
    findings.add(findingCodes.job, place, message, { remedy: 'Remove it.' })
    return
  }
  const circle = circleFrom(before, name, jobs)
  if (circle !== undefined) {
    const members = [...circle].sort().join()
    if (circles.has(members)) return
    circles.add(members)
    const message = `A job cannot come after itself: ${[name, ...circle].join(' after ')}.`
    findings.add(findingCodes.job, place, message, { remedy: 'Remove one of them from "after".' })
  } else if (job.schedule === undefined && job.after.length === 0) {
    const message = `"${before}" has no schedule and no "after", so no agent ever starts "${name}" after it.`
    const remedy = `Give "${before}" a schedule.`
    findings.add(findingCodes.job, place, message, { severity: 'warning', remedy })
  }
}

/** The jobs from `from` back to `to`, each after the next; `undefined` when no way leads there. */
function circleFrom(
  from: string,
  to: string,
  jobs: ReadonlyMap<string, Job>,
  seen = new Set<string>(),
): readonly string[] | undefined {
  if (from === to) return [to]
  if (seen.has(from)) return undefined
  seen.add(from)
  for (const before of jobs.get(from)?.after ?? []) {
    const rest = circleFrom(before, to, jobs, seen)
    if (rest !== undefined) return [from, ...rest]
  }
  return undefined
}
