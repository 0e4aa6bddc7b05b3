/**
 * The steps of a job that are asked for: all, one, or those between two.
 *
 * @module
 */
import { type Job, type JobStep, suggestion } from '@sluice/model'
import { UnknownStepError } from './job-errors.ts'

export interface StepSelection {
  /** Name or number of the first step, of the last step, or of the only one. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly only?: string | undefined
}

/** In their order; throws `UnknownStepError` when a step does not exist or nothing remains. */
export function selectSteps(job: Job, { from, to, only }: StepSelection): readonly JobStep[] {
  const first = positionOf(job, only ?? from, 0)
  const last = positionOf(job, only ?? to, job.steps.length - 1)
  if (first > last) {
    const message = `In "${job.name}", step "${from}" comes after step "${to}".`
    throw new UnknownStepError(message, 'Give the earlier one with --from, the later one with --to.')
  }
  return job.steps.slice(first, last + 1)
}

function positionOf(job: Job, step: string | undefined, otherwise: number): number {
  if (step === undefined) return otherwise
  const names = job.steps.map(({ name }) => name)
  const byName = names.indexOf(step)
  if (byName !== -1) return byName
  const number = /^\d{1,4}$/.test(step) ? Number(step) : 0
  if (number >= 1 && number <= names.length) return number - 1
  throw new UnknownStepError(`"${job.name}" has no step "${step}".`, suggestion(step, names))
}
