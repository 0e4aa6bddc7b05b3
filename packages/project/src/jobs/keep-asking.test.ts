import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StartRecord } from '@sluice/model'
import { afterAll, expect, test } from 'vitest'
import type { Project } from '../open/project.ts'
import { keepAsking } from './keep-asking.ts'

const workFolder = mkdtempSync(join(tmpdir(), 'sluice-asking-'))
afterAll(() => rmSync(workFolder, { recursive: true, force: true }))

const agent = { agent: randomUUID(), host: 'office', folder: workFolder }

function startOf(job: string): StartRecord {
  const by = { kind: 'token', name: 'ada' } as const
  const more = { agent, by, askedAt: '2026-11-30T02:30:00.000Z', state: 'taken' } as const
  return {
    start: randomUUID(),
    job,
    source: null,
    mode: null,
    hold: false,
    reason: null,
    execution: null,
    ...more,
  }
}

const nothing = { starts: [], checks: [], previews: [] }

type CheckIn = NonNullable<Project['jobs']['requests']>['checkIn']

/** Asks a server that answers so, until `stop` is aborted; what was logged and refused. */
async function asking(
  checkIn: CheckIn,
  stop: AbortController,
  begin: (start: StartRecord) => string | undefined,
) {
  const logged: string[] = []
  const refused: unknown[] = []
  const log = (level: string) => (_data: object, message: string) => void logged.push(`${level} ${message}`)
  const requests = {
    checkIn,
    answer: async () => undefined,
    show: async () => undefined,
    refuse: async (start: string, reason: string) => void refused.push([start, reason]),
  }
  let opened = 0
  await keepAsking({
    agent,
    workFolder,
    open: async () => {
      opened += 1
      return { jobs: { keep: async () => null, requests }, [Symbol.asyncDispose]: async () => undefined }
    },
    announced: () => ({ jobs: [], sources: [] }),
    changed: () => new AbortController().signal,
    begin,
    check: async () => ({ facts: {}, warnings: [], discovered: null, error: null }),
    preview: async () => ({ mapping: null, rows: [], findings: [], error: null }),
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    stop: stop.signal,
    firstPause: 1,
  })
  return { logged, refused, opened }
}

test('what is wanted is begun, and what cannot be is refused with the reason; the last word is that it leaves', async () => {
  const stop = new AbortController()
  const [one, other] = [startOf('nightly'), startOf('gone')]
  const asked: unknown[] = []
  const answers = [[one], [other], []].map((starts) => ({ starts, checks: [], previews: [] }))
  const checkIn: CheckIn = async (_agent, { known, leaving }) => {
    asked.push({ known, leaving })
    if (leaving === true) return nothing
    if (answers.length === 1) stop.abort()
    return answers.shift() ?? nothing
  }
  const begun: string[] = []
  const { refused, logged } = await asking(checkIn, stop, ({ job }) => {
    begun.push(job)
    return job === 'gone' ? 'There is none.' : undefined
  })
  expect(begun).toEqual(['nightly', 'gone'])
  expect(refused).toEqual([[other.start, 'There is none.']])
  expect(logged).toEqual(['warn a start that somebody asked for is refused'])
  expect(asked).toEqual([
    { known: [], leaving: undefined },
    { known: [one.start], leaving: undefined },
    { known: [one.start, other.start], leaving: undefined },
    { known: [], leaving: true },
  ])
})

test('a server that is away is asked again, and nothing is told twice', async () => {
  const stop = new AbortController()
  let asked = 0
  const checkIn: CheckIn = async (_agent, { leaving }) => {
    if (leaving === true) return nothing
    asked += 1
    if (asked === 4) stop.abort()
    throw new Error('It is away.')
  }
  const { opened, logged } = await asking(checkIn, stop, () => undefined)
  expect([asked, opened]).toEqual([4, 4])
  expect(logged.filter((line) => line.startsWith('warn'))).toEqual([
    'warn jobs and sources cannot be started and stopped through the server',
  ])
})
