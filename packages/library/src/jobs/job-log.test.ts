import { expect, test } from 'vitest'
import { loggedWork } from './job-log.ts'

function logged() {
  const lines: unknown[] = []
  const take = (level: string) => (data: object, message: string) => void lines.push([level, message, data])
  const log = { info: take('info'), warn: take('warn'), error: take('error') }
  return { lines, listeners: loggedWork(log, 'nightly') }
}

test('a server that is away is one line for each source, until it has answered', () => {
  const { lines, listeners } = logged()
  const away = (source: string) =>
    listeners.onProgress?.({ stage: 'deliver', source, retrying: 'No server answers.' })
  away('hr')
  away('hr')
  away('ad')
  listeners.onProgress?.({ stage: 'deliver', source: 'hr', subject: 'Person.sorted.csv' })
  away('hr')
  const line = (source: string) => [
    'warn',
    'the server is tried again',
    { job: 'nightly', source, reason: 'No server answers.' },
  ]
  expect(lines).toEqual([line('hr'), line('ad'), line('hr')])
})

test('what an export program writes is in the log, with its source', () => {
  const { lines, listeners } = logged()
  listeners.onProgramLine?.('hr', { stream: 'stderr', text: 'page 3 of 9' })
  expect(lines).toEqual([
    [
      'info',
      'the export program says',
      { job: 'nightly', source: 'hr', stream: 'stderr', text: 'page 3 of 9' },
    ],
  ])
})
