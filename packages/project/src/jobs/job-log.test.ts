import { expect, test } from 'vitest'
import { loggedWork } from './job-log.ts'
import { watchServer } from './watch-server.ts'

function logged() {
  const lines: unknown[] = []
  const take = (level: string) => (data: object, message: string) => void lines.push([level, message, data])
  const log = { debug: take('debug'), info: take('info'), warn: take('warn'), error: take('error') }
  let time = 0
  const watch = watchServer(log, () => time)
  const pass = (seconds: number) => {
    time += seconds * 1000
  }
  return { lines, pass, listeners: loggedWork(log, 'nightly', watch) }
}

test('a server that is away is one line for each reason, and one when it is back', () => {
  const { lines, pass, listeners } = logged()
  const away = (source: string, retrying = 'No server answers.') =>
    listeners.onProgress?.({ stage: 'deliver', source, retrying })
  away('hr')
  pass(30)
  away('ad')
  away('ad', 'The server is being stopped.')
  pass(40)
  listeners.onProgress?.({ stage: 'prepare', source: 'hr', subject: 'Person' })
  away('hr')
  pass(60)
  away('hr')
  listeners.onAnswer?.()
  listeners.onAnswer?.()
  pass(5)
  away('ad')
  const reason = 'No server answers.'
  expect(lines).toEqual([
    ['warn', 'the server is away and is tried again', { reason }],
    ['warn', 'the server is away and is tried again', { reason: 'The server is being stopped.' }],
    ['debug', 'the server is still away', { reason, seconds: 130 }],
    ['info', 'the server is back', { seconds: 130 }],
    ['warn', 'the server is away and is tried again', { reason }],
  ])
})

test('what an export program writes is in the log, with its source', () => {
  const { lines, listeners } = logged()
  listeners.onProgramLine?.('hr', { stream: 'stderr', text: 'page 3 of 9' })
  expect(lines).toEqual([
    ['info', 'the export says', { job: 'nightly', source: 'hr', stream: 'stderr', text: 'page 3 of 9' }],
  ])
})
