import { expect, test } from 'vitest'
import { createRunProgress } from './run-progress.ts'

test('a run at work is known by its source, with the stages that it is through, until it ends', () => {
  const progress = createRunProgress()
  expect(progress.of('hr')).toBeUndefined()
  progress.report({ source: 'hr', stage: 'receive' })
  progress.report({ source: 'ad', stage: 'guard' })
  progress.report({ source: 'hr', stage: 'reconcile', subject: 'Person' })
  progress.report({ source: 'hr', stage: 'reconcile', subject: 'Department' })
  expect(progress.of('hr')).toEqual({
    now: { stage: 'reconcile', subject: 'Department', since: expect.stringMatching(/Z$/) },
    stages: [{ stage: 'receive', milliseconds: expect.any(Number) }],
  })
  progress.end('hr')
  expect(progress.of('hr')).toBeUndefined()
  expect(progress.of('ad')?.now).toMatchObject({ stage: 'guard', subject: null })
})
