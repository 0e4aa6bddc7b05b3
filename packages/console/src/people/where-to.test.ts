import { expect, test } from 'vitest'
import { signInProblem, whereWeAre } from './where-to.ts'

test('whoever signs in elsewhere comes back to the page that was asked for', () => {
  const base = 'https://example.org/sluice/console/'
  expect(whereWeAre(base, `${base}runs/12?tab=changes#x`)).toBe('runs/12?tab=changes')
  expect(whereWeAre(base, base)).toBe('')
  expect(whereWeAre(base, `${base}runs?signInProblem=SLUICE-SERVER-19`)).toBe('runs')
  expect(whereWeAre(base, 'https://example.org/other')).toBe('')
  expect(whereWeAre(base, 'https://example.com/sluice/console/runs')).toBe('')
})

test('only the code of an error is taken from the address', () => {
  expect(signInProblem('https://x/?signInProblem=SLUICE-SERVER-21')).toBe('SLUICE-SERVER-21')
  for (const text of ['', '?signInProblem=', '?signInProblem=Call%20this%20number'])
    expect(signInProblem(`https://x/${text}`)).toBeUndefined()
})
