import { expect, test } from 'vitest'
import { parseConfiguration } from './parse-configuration.ts'

const day = 86_400_000
const project = `
entityTypes: { Person: { properties: { number: string } } }
sources: { hr: { folder: ., thresholds: { window: WINDOW }, entities: { Person: { file: p.csv, key: number, properties: { number: n } } } } }
`

function parse(retention: string, window = '{ days: 30, deleted: 25% }') {
  return parseConfiguration([
    { path: 'sluice.yaml', text: `${project.replace('WINDOW', window)}${retention}` },
  ])
}

function messages(retention: string, window?: string): readonly string[] {
  return parse(retention, window).findings.map(({ message }) => message)
}

test('a year of everything is kept, and looked through each hour, where nothing is said', () => {
  const year = { age: 365 * day, count: undefined }
  expect(parse('').configuration?.retention).toEqual({
    every: 3_600_000,
    history: year,
    runs: year,
    rejectedRows: year,
    deliveries: year,
    executions: year,
    notifications: year,
    audit: year,
    files: 365 * day,
  })
})

test('what is kept is an age, for ever, or an age and a number', () => {
  const { configuration } = parse(
    'retention: { prune: off, history: 90d, runs: { count: 50 }, deliveries: forever, rejectedRows: { age: forever, count: 3 }, files: forever }',
  )
  expect(configuration?.retention).toMatchObject({
    every: undefined,
    history: { age: 90 * day, count: undefined },
    runs: { age: 365 * day, count: 50 },
    deliveries: { age: undefined, count: undefined },
    rejectedRows: { age: undefined, count: 3 },
    files: undefined,
  })
})

test.each([
  ['history: 1h', /must be at least 1d/],
  ['history: 3 days', /^"history" must be a duration such as [^\n]*$/],
  ['history: long', /^"history" must be a duration such as [^\n]*$/],
  ['runs: { count: 0 }', /must be 1 or more/],
  ['runs: { ages: 1d }', /ages/],
  ['everything: 1d', /everything/],
])('%s is refused', (text, message) => {
  expect(messages(`retention: { ${text} }`).join('\n')).toMatch(message)
})

test('fewer runs than the thresholds of a source look back on are refused, with the place', () => {
  const [finding] = parse('retention: { runs: 20d }').findings
  expect(finding).toMatchObject({
    severity: 'error',
    line: 4,
    message: 'The thresholds of "hr" look back on 30 days, and fewer are kept.',
  })
  expect(messages('retention: { runs: { count: 9 } }', '{ runs: 10, deleted: 25% }')).toEqual([
    'The thresholds of "hr" look back on 10 runs, and fewer are kept.',
  ])
  expect(messages('retention: { runs: { age: 30d, count: 10 } }')).toEqual([])
})

test('notifications are kept for as long as the same is not told again', () => {
  const notifications = 'notifications: { repeatAfter: 7d, receivers: {} }'
  expect(
    parse(`retention: { notifications: 1d }\n${notifications}`).configuration?.retention.notifications.age,
  ).toBe(7 * day)
})
