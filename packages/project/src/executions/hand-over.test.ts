/**
 * What a work folder knows of executions, and what becomes of it.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { takeAgentLock } from '@sluice/agent'
import { type Execution, SluiceError } from '@sluice/model'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { identityOf } from './agent-identity.ts'
import { noteExecution, readJournal } from './execution-journal.ts'
import { handOver } from './hand-over.ts'
import { stopHere } from './stop-here.ts'
import { forgetStop, readStop } from './stop-note.ts'

const scratch = mkdtempSync(join(tmpdir(), 'sluice-executions-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(scratch, 'work-'))
})

async function noted(of: Partial<Execution> = {}): Promise<Execution> {
  const execution: Execution = {
    execution: randomUUID(),
    job: 'nightly',
    source: null,
    agent: await identityOf(folder),
    state: 'done',
    cause: 'schedule',
    by: { kind: 'schedule', name: 'nightly' },
    start: null,
    startedAt: '2026-11-30T02:30:00.000Z',
    finishedAt: null,
    stop: null,
    error: null,
    steps: [],
    ...of,
  }
  await noteExecution(folder, execution)
  return execution
}

/** What was kept; it refuses, or is away, as `answer` throws. */
function keeper(answer: () => void = () => undefined) {
  const kept: Execution[] = []
  const keep = async (execution: Execution) => {
    answer()
    kept.push(execution)
    return null
  }
  return { kept, keep }
}

const left = () => readdirSync(join(folder, 'state', 'executions'))

describe('what is handed over', () => {
  test('goes in the order in which it began, and is forgotten here', async () => {
    const late = await noted({ startedAt: '2026-11-30T03:00:00.000Z' })
    const early = await noted({ state: 'failed' })
    const there = keeper()
    await handOver(folder, there)
    expect(there.kept).toEqual([early, late])
    expect(left()).toEqual([])
  })

  test('is not what another process is at; without the lock of its job it was cut off', async () => {
    const running = await noted({ state: 'running' })
    const there = keeper()
    {
      await using _lock = await takeAgentLock(join(folder, 'state', 'locks'), 'job-nightly')
      await handOver(folder, there)
      expect(there.kept).toEqual([])
      expect(await readJournal(folder)).toEqual([running])
    }
    await handOver(folder, there)
    expect(there.kept).toEqual([{ ...running, state: 'interrupted' }])
  })

  test('waits where nobody takes it, and nothing behind it goes first', async () => {
    await noted()
    await noted({ startedAt: '2026-11-30T03:00:00.000Z' })
    let asked = 0
    await handOver(
      folder,
      keeper(() => {
        asked += 1
        throw new Error('away')
      }),
    )
    expect(asked).toBe(1)
    expect(left()).toHaveLength(2)
  })

  test('is let go where the server understands it and will never take it', async () => {
    class RefusedError extends SluiceError {
      readonly code = 'SLUICE-SERVER-04'
      readonly blame = 'usage'
      readonly retry = false
    }
    await noted()
    const refusing = keeper(() => {
      throw new RefusedError('The request cannot be understood.')
    })
    await handOver(folder, refusing)
    expect(left()).toEqual([])
  })

  test('is nothing that somebody has written in between', async () => {
    await noted()
    writeFileSync(join(folder, 'state', 'executions', `${randomUUID()}.json`), '{"execution": 7}')
    const there = keeper()
    await handOver(folder, there)
    expect(there.kept).toHaveLength(1)
  })
})

test('a thousand wait at most; the oldest ones go', async () => {
  const [first] = [await noted({ startedAt: '2026-01-01T00:00:00.000Z' })]
  const text = JSON.stringify(await noted())
  for (let count = 0; count < 999; count += 1) {
    const execution = randomUUID()
    const one = text.replace(/"execution":"[^"]*"/, `"execution":"${execution}"`)
    writeFileSync(join(folder, 'state', 'executions', `${execution}.json`), one)
  }
  expect(left()).toHaveLength(1001)
  expect((await readJournal(folder)).map(({ execution }) => execution)).not.toContain(first?.execution)
  expect(left()).toHaveLength(1000)
})

test('a work folder has one id, whoever asks first', async () => {
  const found = await Promise.all(Array.from({ length: 8 }, () => identityOf(folder)))
  expect(new Set(found.map(({ agent }) => agent)).size).toBe(1)
  expect(await identityOf(folder)).toEqual(found[0])
  writeFileSync(join(folder, 'state', 'agent.json'), 'broken')
  const next = await identityOf(folder)
  expect(next.agent).not.toBe(found[0]?.agent)
  expect(await identityOf(folder)).toEqual(next)
})

test('a job is asked to stop by a note, where a process executes it', async () => {
  const by = { kind: 'command-line', name: 'olga' } as const
  expect(await stopHere(folder, 'nightly', by)).toBeUndefined()
  await using _lock = await takeAgentLock(join(folder, 'state', 'locks'), 'job-nightly')
  const running = await noted({ state: 'running' })
  expect(await stopHere(folder, 'nightly', by)).toEqual({
    execution: running.execution,
    agent: running.agent,
  })
  expect(await readStop(folder, 'nightly')).toMatchObject({ by })
  await forgetStop(folder, 'nightly')
  expect(await readStop(folder, 'nightly')).toBeUndefined()
})
