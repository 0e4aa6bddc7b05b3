/**
 * Looks for sources that jobs ask for changes and never for everything: what an export has not told, and what somebody
 * wrote into the tables, is repaired by a complete alone.
 *
 * @module
 */
import type { Job } from '../job/job.ts'
import { makesIncremental } from '../job/makes-incremental.ts'
import type { Source } from '../source/source.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { JobInput } from './job-schema.ts'

export function checkCompletes(
  definitions: ReadonlyMap<string, Definition<JobInput>>,
  jobs: readonly Job[],
  sources: ReadonlyMap<string, Source>,
  findings: Findings,
): void {
  const steps = jobs.flatMap((job) =>
    job.steps
      .filter(({ stage }) => stage === 'sync' || stage === 'export' || stage === 'prepare')
      .map((step) => ({ job: job.name, step })),
  )
  for (const source of sources.values()) {
    const own = steps.filter(({ step }) => step.sources.includes(source.name))
    const [first] = own
    const definition = first && definitions.get(first.job)
    if (definition === undefined || !own.every(({ step }) => makesIncremental(step, source))) continue
    const message = `Jobs run "${source.name}" only as an incremental; no job ever runs it as a complete.`
    findings.add(findingCodes.job, placeIn(definition, [], 'key'), message, {
      severity: 'warning',
      remedy: `A complete run repairs what incrementals miss. Add a job or a step with {sync: ${source.name}, mode: complete}, every night for example.`,
    })
  }
}
