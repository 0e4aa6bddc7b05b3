/**
 * What was prepared, changed by hand or written by a script, and delivered as it is; through a real server.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRemoteProjectHarness, type RemoteProjectHarness } from '../../test/remote-project-harness.ts'

const asTheyAre = { asTheyAre: true }

let at: RemoteProjectHarness
beforeEach(async () => {
  at = await openRemoteProjectHarness()
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
})

async function edit(name: string, change: (text: string) => string): Promise<void> {
  const path = join(at.outbox, name)
  await writeFile(path, change(await readFile(path, 'utf8')))
}

async function deliver() {
  const delivered = await at.project.stages.deliver('hr', asTheyAre)
  const reports = await at.project.synchronize('hr')
  return { delivered, report: reports[0] }
}

describe('a file that was changed after it had been prepared', () => {
  test('is delivered as it is, counted anew, and is what the next incremental is compared with', async () => {
    await at.export('Ann', 'Bob')
    const prepared = await at.project.stages.prepare('hr')
    await edit('Person.sorted.csv', (text) => `${text.replace('Bob', '"Bob\nthe second"')}2,Carol\n`)
    await expect(at.project.stages.deliver('hr')).rejects.toMatchObject({
      code: 'SLUICE-DELIVER-04',
      remedy: expect.stringContaining('sluice deliver hr --as-they-are'),
    })
    const { delivered, report } = await deliver()
    expect(delivered).toMatchObject({ kind: 'delivered', delivery: { mode: 'complete' } })
    expect(await at.project.delivery(prepared.id)).toMatchObject({ state: 'cancelled' })
    expect(report).toMatchObject({
      state: 'applied',
      entities: [{ rows: { read: 3, inserted: 3, unchanged: 0 } }],
    })
    expect(report?.notes).toContain('Person.sorted.csv was changed after it had been prepared.')
    expect(await at.names()).toEqual(['Ann', 'Bob\nthe second', 'Carol'])
    expect(await at.project.sync('hr')).toMatchObject({
      mode: 'incremental',
      entities: [{ changes: { inserted: 0, updated: 1, deleted: 1 } }],
    })
    expect(await at.names()).toEqual(['Ann', 'Bob'])
  })

  test('as a delta, makes the next run a complete, which says why and puts right what was left out', async () => {
    await at.export('Ann')
    await at.project.sync('hr')
    await at.export('Ann', 'Bob', 'Carol')
    await at.project.stages.prepare('hr')
    await edit('Person.sorted.delta', (text) => text.replace('insert,2,Carol\n', ''))
    const { report } = await deliver()
    expect(report).toMatchObject({
      mode: 'incremental',
      state: 'applied',
      entities: [{ rows: { read: 2, inserted: 1, unchanged: 1 } }],
    })
    expect(await at.names()).toEqual(['Ann', 'Bob'])
    await expect(at.project.sync('hr', { mode: 'incremental' })).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-16',
    })
    const complete = await at.project.sync('hr')
    expect(complete.mode).toBe('complete')
    expect(complete.notes[0]).toBe(
      'This run is a complete instead of an incremental. The reference of "hr" is not what was delivered last: ' +
        'Person.sorted.delta was changed after it had been prepared.',
    )
    expect(await at.names()).toEqual(['Ann', 'Bob', 'Carol'])
    expect((await at.project.sync('hr')).mode).toBe('incremental')
  })

  test('is not delivered where the server could not rely on it, and can be mended', async () => {
    await at.export('Ann', 'Bob')
    await at.project.stages.prepare('hr')
    await edit('Person.sorted.csv', (text) => `${text}0,Zoe\n`)
    await expect(deliver()).rejects.toMatchObject({
      code: 'SLUICE-DELIVER-10',
      details: { file: join(at.outbox, 'Person.sorted.csv'), line: 4 },
    })
    await edit('Person.sorted.csv', (text) => text.replace('0,Zoe', '9,Zoe'))
    expect((await deliver()).report?.state).toBe('applied')
    expect(await at.names()).toEqual(['Ann', 'Bob', 'Zoe'])
  })

  test('and after the delivery had arrived, comes as a delivery of its own', async () => {
    await at.export('Ann')
    const first = await at.project.stages.prepare('hr')
    expect((await deliver()).delivered).toMatchObject({ delivery: { id: first.id } })
    expect(await at.project.stages.deliver('hr', asTheyAre)).toEqual({ kind: 'nothing' })
    await edit('Person.sorted.csv', (text) => `${text}1,Bob\n`)
    const { delivered, report } = await deliver()
    expect(delivered).not.toMatchObject({ delivery: { id: first.id } })
    expect(report).toMatchObject({ mode: 'complete', entities: [{ rows: { read: 2, unchanged: 1 } }] })
  })

  test('is delivered without the flag once it was taken, when the server had been away', async () => {
    await at.export('Ann')
    await at.project.stages.prepare('hr')
    await edit('Person.sorted.csv', (text) => text.replace('Ann', 'Eve'))
    await at.stopServer()
    await expect(at.project.stages.deliver('hr', asTheyAre)).rejects.toMatchObject({
      code: 'SLUICE-DELIVER-03',
    })
    await at.startServer()
    await at.project.stages.deliver('hr')
    await at.project.synchronize('hr')
    expect(await at.names()).toEqual(['Eve'])
  })
})

describe('a row that cannot be read, and then is gone', () => {
  test('is gone from the repository, though only a delta that was changed by hand had brought it', async () => {
    await at.export('Ann')
    await at.project.sync('hr')
    await at.export('Ann', 'Bob')
    await at.project.stages.prepare('hr')
    await edit('Person.sorted.delta', (text) => `${text}insert,7,Zoe\n`)
    await deliver()
    await at.exportText('no,name\n0,Ann\n1,Bob\n7,Zoe,too many\n')
    await at.project.sync('hr')
    expect(await at.names()).toEqual(['Ann', 'Bob', 'Zoe'])
    await at.export('Ann', 'Bob')
    expect(await at.project.sync('hr')).toMatchObject({
      mode: 'complete',
      notes: [
        'This run is a complete instead of an incremental. The repository may hold rows of this source that this agent has not delivered.',
      ],
    })
    expect(await at.names()).toEqual(['Ann', 'Bob'])
    expect((await at.project.sync('hr')).mode).toBe('incremental')
  })

  test('is gone, though only a list of rejected rows that was changed by hand had named it', async () => {
    await at.export('Ann', 'Bob')
    await at.project.sync('hr')
    await at.exportText('no,name\n0,Ann\n9,Bob,too many\n')
    await at.project.stages.prepare('hr', { mode: 'complete' })
    await edit('rejected.jsonl', (text) => text.replaceAll('"9"', '"1"'))
    await deliver()
    expect(await at.names()).toEqual(['Ann', 'Bob'])
    await at.export('Ann')
    expect((await at.project.sync('hr')).mode).toBe('complete')
    expect(await at.names()).toEqual(['Ann'])
  })
})

describe('a script in place of sluice prepare', () => {
  test('writes the sorted file, which is delivered as a complete', async () => {
    await at.export('Ann')
    await at.project.sync('hr')
    await rm(at.outbox, { recursive: true })
    expect(await at.project.stages.deliver('hr', asTheyAre)).toEqual({ kind: 'nothing' })
    await mkdir(at.outbox, { recursive: true })
    await writeFile(join(at.outbox, 'Person.sorted.csv'), 'no,name\n0,Ann\n1,Bob\n')
    const { report } = await deliver()
    expect(report).toMatchObject({
      mode: 'complete',
      state: 'applied',
      entities: [{ rows: { read: 2, inserted: 1, unchanged: 1 } }],
    })
    expect(report?.notes[0]).toContain('These files were delivered as they lie in the outbox')
    await at.export('Ann', 'Bob', 'Carol')
    expect(await at.project.sync('hr')).toMatchObject({ mode: 'incremental' })
    expect(await at.names()).toEqual(['Ann', 'Bob', 'Carol'])
  })
})
