import type { Job } from '@sluice/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UnknownStepError } from './job-errors.ts'
import { type StepSelection, selectSteps } from './select-steps.ts'

/** A job of steps of these names. */
function jobOf(...names: readonly string[]): Job {
  const steps = names.map(
    (name) => ({ name, stage: 'sync', sources: ['hr'], force: false, continueOnError: false }) as const,
  )
  return { name: 'nightly', after: [], steps }
}

const selected = (selection: StepSelection, job = jobOf('export', 'prepare', 'deliver')) =>
  selectSteps(job, selection).map(({ name }) => name)

describe('the steps of a job', () => {
  test.each<[StepSelection, readonly string[]]>([
    [{}, ['export', 'prepare', 'deliver']],
    [{ from: 'prepare' }, ['prepare', 'deliver']],
    [{ to: 'prepare' }, ['export', 'prepare']],
    [{ from: '2', to: 'deliver' }, ['prepare', 'deliver']],
    [{ from: '2', to: '2' }, ['prepare']],
    [{ only: 'deliver' }, ['deliver']],
    [{ only: '1' }, ['export']],
  ])('that %j asks for are %j', (selection, names) => {
    expect(selected(selection)).toEqual(names)
  })

  test('are called by name before they are called by number', () => {
    expect(selected({ only: '2' }, jobOf('2', '1'))).toEqual(['2'])
  })

  test.each(['0', '4', '-1', '1.5', ' 1', 'Export', ''])('do not have one called %j', (only) => {
    expect(() => selected({ only })).toThrow(UnknownStepError)
  })

  test('name the one that was probably meant', () => {
    expect(() => selected({ only: 'prepar' })).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('prepare') }),
    )
  })

  test('are never none: the last may not come before the first', () => {
    expect(() => selected({ from: 'deliver', to: '1' })).toThrow('step "deliver" comes after step "1"')
  })

  test('from one to another are those that are both from the one and up to the other', () => {
    const job = jobOf('a', 'b', 'c', 'd', 'e')
    const position = fc.integer({ min: 1, max: job.steps.length })
    fc.assert(
      fc.property(position, position, (one, other) => {
        const [from, to] = [String(Math.min(one, other)), String(Math.max(one, other))]
        const upTo = selected({ to }, job)
        expect(selected({ from, to }, job)).toEqual(
          selected({ from }, job).filter((name) => upTo.includes(name)),
        )
      }),
    )
  })
})
