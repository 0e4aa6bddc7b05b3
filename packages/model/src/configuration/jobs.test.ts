/**
 * What is found about jobs that come after one another, try again, and leave completes out.
 */
import { describe, expect, test } from 'vitest'
import { formatFinding } from './finding.ts'
import { parseConfiguration } from './parse-configuration.ts'

const head = `entityTypes:
  Person: {properties: {number: string}}
sources:
  hr: {folder: hr, mode: incremental, entities: {Person: {file: p.csv, key: number, properties: {number: no}}}}
  ad: {folder: ad, entities: {Person: {file: p.csv, key: number, properties: {number: no}}}}
jobs:
`
const parse = (jobs: string) => parseConfiguration([{ path: 'sluice.yaml', text: head + jobs }])
const findingsOf = (jobs: string) => parse(jobs).findings.map(formatFinding)

const load = 'load: {schedule: "@daily", steps: [{sync: hr, mode: complete}]}'

describe('jobs that come after others', () => {
  test('name one or several, with what is tried again and the usual waits', () => {
    const { configuration, findings } = parse(`
  ${load}
  other: {schedule: "@daily", steps: [{sync: ad}]}
  one: {after: load, retry: {times: 3}, steps: [{sync: ad}]}
  both: {after: [load, other], retry: {times: 5, wait: 10s, factor: 1.5, atMost: 1h}, steps: [{sync: ad}]}
`)
    expect(findings).toEqual([])
    const job = (name: string) => configuration?.jobs.get(name)
    expect(job('load')).toMatchObject({ after: [], retry: undefined })
    expect(job('one')).toMatchObject({
      after: ['load'],
      retry: { times: 3, wait: 60_000, factor: 2, atMost: 900_000 },
    })
    expect(job('both')).toMatchObject({
      after: ['load', 'other'],
      retry: { times: 5, wait: 10_000, factor: 1.5, atMost: 3_600_000 },
    })
  })

  test.each([
    [
      'no job has the name',
      `  ${load}\n  next: {after: loads, steps: [{sync: ad}]}`,
      'sluice.yaml:8:17: error: There is no job "loads". Did you mean "load"?',
    ],
    [
      'one of several has no such job',
      `  ${load}\n  next: {after: [load, extract], steps: [{sync: ad}]}`,
      'sluice.yaml:8:24: error: There is no job "extract". Known: load.',
    ],
    [
      'one is named twice',
      `  ${load}\n  next: {after: [load, load], steps: [{sync: ad}]}`,
      'sluice.yaml:8:24: error: "load" is named a second time. Remove it.',
    ],
    [
      'a job comes after itself',
      '  one: {schedule: "@daily", after: one, steps: [{sync: ad}]}',
      'sluice.yaml:7:36: error: A job cannot come after itself: one after one. Remove one of them from "after".',
    ],
    [
      'three come after one another in a circle, which is told once',
      `  a: {after: c, steps: [{sync: ad}]}\n  b: {after: a, steps: [{sync: ad}]}\n  c: {after: b, steps: [{sync: ad}]}`,
      'sluice.yaml:7:14: error: A job cannot come after itself: a after c after b after a. Remove one of them from "after".',
    ],
    [
      'the one before begins by hand alone',
      '  hand: {steps: [{sync: ad}]}\n  next: {after: hand, steps: [{sync: ad}]}',
      'sluice.yaml:8:17: warning: "hand" has no schedule and no "after", so no agent ever starts "next" after it. Give "hand" a schedule.',
    ],
  ])('are found wrong where %s', (_what, jobs, finding) => {
    expect(findingsOf(jobs)).toEqual([finding])
  })

  test('may begin after one that comes after a circle that they are not in', () => {
    const circle = '  a: {after: b, steps: [{sync: ad}]}\n  b: {after: a, steps: [{sync: ad}]}\n'
    expect(findingsOf(`${circle}  c: {after: a, steps: [{sync: ad}]}`)).toHaveLength(1)
  })
})

test.each([
  ['times: 0', '"times" must be 1 or more, not "0".'],
  ['times: 1000', '"times" must be a whole number from 1 to 100, not "1000".'],
  ['times: 1.5', '"times" must be a whole number from 1 to 100, not "1.5".'],
  ['times: 3, factor: 0.5', '"factor" must be 1 or more, not "0.5".'],
  ['times: 3, wait: 10', '"wait" must be a duration such as 90s, 5m, 1h or 2d, not "10".'],
])('a retry of {%s} is refused', (retry, message) => {
  const [finding, ...others] = findingsOf(`  a: {retry: {${retry}}, steps: [{sync: ad}]}`)
  expect(others).toEqual([])
  expect(finding).toContain(`error: ${message}`)
})

describe('a source that jobs ask for changes', () => {
  const warning =
    'sluice.yaml:7:3: warning: Jobs run "hr" only as an incremental; no job ever runs it as a complete. A complete run repairs what incrementals miss. Add a job or a step with {sync: hr, mode: complete}, every night for example.'

  test.each([
    ['its own mode', '  a: {steps: [{sync: [hr, ad]}]}', [warning]],
    [
      'the mode of the step',
      '  a: {steps: [{sync: ad, mode: incremental}]}',
      [warning.replaceAll('hr', 'ad')],
    ],
    [
      'stage by stage',
      '  a: {steps: [{export: ad, mode: incremental}, {prepare: ad, mode: incremental}]}',
      [warning.replaceAll('hr', 'ad')],
    ],
  ])('is told of where none runs it complete: %s', (_how, jobs, findings) => {
    expect(findingsOf(jobs).filter((text) => !text.includes('no export program'))).toEqual(findings)
  })

  test.each([
    [
      'another job runs it complete',
      '  a: {steps: [{sync: hr}]}\n  b: {steps: [{sync: hr, mode: complete}]}',
    ],
    ['no job works on it at all', '  a: {steps: [{sync: ad}]}'],
    ['jobs only apply what agents deliver', '  a: {steps: [{synchronize: hr}]}'],
    [
      'it is complete unless a step says otherwise',
      '  a: {steps: [{sync: ad, mode: incremental}, {sync: ad}]}',
    ],
  ])('is not told of where %s', (_why, jobs) => {
    expect(findingsOf(jobs)).toEqual([])
  })
})
