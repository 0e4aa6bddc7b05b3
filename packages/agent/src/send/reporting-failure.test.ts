import type { Source } from '@sluice/model'
import type { ExportFailure } from '@sluice/protocol'
import { expect, test } from 'vitest'
import { MissingReferenceError } from '../../../prepare/src/compare/reference-errors.ts'
import { MemoryInbox } from '../../test/memory-inbox.ts'
import type { AgentContext, Decision } from './agent-context.ts'
import { reportingFailure } from './reporting-failure.ts'

class NotingInbox extends MemoryInbox {
  readonly failures: ExportFailure[] = []
  away = false

  override async exportFailed(_source?: string, failure?: ExportFailure): Promise<void> {
    if (this.away) throw new Error('The server is away.')
    if (failure !== undefined) this.failures.push(failure)
  }
}

const source = { name: 'hr' } as const satisfies Pick<Source, 'name'>
const decision: Decision = { mode: 'incremental', auto: true, notes: [] }

async function reported(
  error: Error,
  { aborted = false, auto = true, away = false } = {},
): Promise<readonly string[]> {
  const inbox = new NotingInbox()
  inbox.away = away
  const configuration = {
    model: { entityTypes: new Map(), associations: new Map() },
    prepare: { memoryLimit: 0, maximumFieldSize: 0 },
    workFolder: '',
  }
  const context: AgentContext = { configuration, inbox }
  const signal = aborted ? AbortSignal.abort() : undefined
  const work = () => Promise.reject(error)
  await expect(
    reportingFailure(context, source, { decision: { ...decision, auto }, signal }, work),
  ).rejects.toBe(error)
  return inbox.failures.map(({ code }) => code)
}

const broken = new MissingReferenceError('hr', '/nowhere')

test('a failure is said, unless it was asked for or a complete takes its place, and stays what it is', async () => {
  expect(await reported(new Error('a defect'))).toEqual(['SLUICE-DEFECT'])
  expect(await reported(broken, { auto: false })).toEqual([broken.code])
  expect(await reported(broken)).toEqual([])
  expect(await reported(new Error('stopped'), { aborted: true })).toEqual([])
  expect(await reported(new Error('a defect'), { away: true })).toEqual([])
})
