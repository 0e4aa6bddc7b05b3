import { ConnectionError } from '@sluice/repository'
import { expect, test } from 'vitest'
import { whenThere } from './wait-for-database.ts'

const never = new AbortController().signal

function logged() {
  const lines: string[] = []
  const line = (_data: object, message: string) => lines.push(message)
  return { lines, log: { warn: line, info: line } }
}

const failing = (code: string) => new ConnectionError('db', Object.assign(new Error('it says'), { code }))

test('a database that is away is waited for, and that is said once', async () => {
  const { lines, log } = logged()
  let tries = 0
  const opened = await whenThere(
    async () => {
      tries += 1
      if (tries < 3) throw failing('ECONNREFUSED')
      return 'opened'
    },
    { log, signal: never },
  )
  expect(opened).toBe('opened')
  expect(lines).toEqual(['waits for the database', 'the database is there'])
})

test.each(['28P01', '28000', '3D000'])('what waiting does not mend ends it at once: %s', async (code) => {
  const { lines, log } = logged()
  const opening = whenThere(() => Promise.reject(failing(code)), { log, signal: never })
  await expect(opening).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-01' })
  expect(lines).toEqual([])
})

test('somebody who asks to stop does not wait', async () => {
  const { log } = logged()
  const stop = new AbortController()
  const opening = whenThere(
    () => {
      queueMicrotask(() => stop.abort())
      return Promise.reject(failing('ENOTFOUND'))
    },
    { log, signal: stop.signal },
  )
  expect(await opening).toBe(undefined)
})
