import { expect, test } from 'vitest'
import { readableLine } from './readable-line.ts'

const time = '2026-11-29T22:10:01.123Z'

function lineOf(facts: object): string {
  return readableLine(JSON.stringify({ time, level: 'info', msg: 'answered', ...facts }))
}

test('a line is the time, the level, what happened and the facts', () => {
  expect(lineOf({ run: 7, reqId: 'x', path: '/api/v1/runs', open: [1] })).toBe(
    '22:10:01.123 info  answered run=7 path=/api/v1/runs open=[1]\n',
  )
})

test('what somebody sends is neither another line nor another fact, and commands no terminal', () => {
  const forged = '\n22:10:02.000 info  answered by=admin'
  expect(lineOf({ reason: forged })).toBe(
    '22:10:01.123 info  answered reason="\\n22:10:02.000 info  answered by=admin"\n',
  )
  expect(lineOf({ job: '\u001b[2J\u202e' })).toBe('22:10:01.123 info  answered job=\\u001b[2J\\u202e\n')
  expect(lineOf({ job: 'a" by="b' })).toBe('22:10:01.123 info  answered job="a\\" by=\\"b"\n')
  expect(lineOf({ '\u001b': 1, msg: '\r' })).toBe('22:10:01.123 info  \\r \\u001b=1\n')
})

test('lines of an error are indented, so that none is taken for one of the log', () => {
  expect(lineOf({ err: { code: 'SLUICE-RUN-01', message: `first\n${forgedStart}\u001b[0m` } })).toBe(
    `22:10:01.123 info  answered\n  SLUICE-RUN-01: first\n    ${forgedStart}\\u001b[0m\n`,
  )
})

const forgedStart = '22:10:02.000 info  '
