/**
 * A project that works through a real server: the same calls with the same outcomes, and a server that goes away.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunReport } from '@sluice/model'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRemoteProjectHarness, type RemoteProjectHarness } from '../../test/remote-project-harness.ts'
import { openReader } from './open-project.ts'

const later = { code: 'SLUICE-DELIVER-03' }
const short = ({ mode, state, entities }: RunReport) => ({ mode, state, changes: entities[0]?.changes })

let at: RemoteProjectHarness
beforeEach(async () => {
  at = await openRemoteProjectHarness()
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
})

describe('a project that works through a server', () => {
  test('synchronizes as one with its repository in the same process, and opens none', async () => {
    await at.export('Ann', 'Bob')
    const first = await at.project.sync('hr')
    expect(short(first)).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(first.notes).toEqual([expect.stringContaining('The first run of a source is a complete')])
    await at.export('Ann', 'Robert', 'Carol')
    expect(short(await at.project.sync('hr'))).toEqual({
      mode: 'incremental',
      state: 'applied',
      changes: { inserted: 1, updated: 1, deleted: 0 },
    })
    expect(await at.names()).toEqual(['Ann', 'Carol', 'Robert'])
    expect(await readdir(at.folder)).toEqual(['.sluice', 'data', 'sluice.yaml'])
  })

  test('reads what is stored', async () => {
    await at.export('Ann', 'Bob')
    const { run } = await at.project.sync('hr')
    await using reader = await openReader(at.folder, {
      environment: {},
      server: at.url,
      token: at.secret,
    })
    expect([...(await reader.model()).entityTypes.keys()]).toEqual(['Person'])
    const found: unknown[] = []
    const where = [{ property: 'name', operator: '~' as const, value: 'ob' }]
    for await (const { values } of reader.resources('Person', { where, columns: ['name'] }))
      found.push(values)
    expect(found).toEqual([{ name: 'Bob' }])
    expect(await reader.explain('Person', 'Ann')).toMatchObject({ replicas: [{ source: 'hr', key: '0' }] })
    expect(await reader.explain('Person', 'Nobody')).toBeUndefined()
    await expect(reader.explain('Persn', 'Ann')).rejects.toMatchObject({
      code: expect.stringMatching(/^SLUICE-REPOSITORY/),
    })
    expect(await reader.runs({ source: 'hr' })).toMatchObject([{ run, state: 'applied' }])
    expect(await reader.run(999)).toBeUndefined()
  })

  test('approves, rejects and forces what a threshold holds', async () => {
    await at.export('A', 'B', 'C', 'D', 'E')
    await at.project.sync('hr')
    await at.export('A', 'B')
    const held = await at.project.sync('hr')
    expect(held).toMatchObject({ mode: 'incremental', state: 'held' })
    await expect(at.project.sync('hr')).rejects.toMatchObject({ code: 'SLUICE-DELIVER-01' })
    const changes: unknown[] = []
    for await (const change of at.project.changes(held.run ?? 0)) changes.push(change)
    expect(changes).toHaveLength(3)
    await at.export('A')
    const forced = await at.project.sync('hr', { force: true })
    expect(forced).toMatchObject({ mode: 'incremental', state: 'applied' })
    expect(forced.notes).toEqual([`The held run ${held.run} was applied first, because of --force.`])
    expect(await at.names()).toEqual(['A'])
    await at.export('A', 'C')
    const { report } = await at.project.plan('hr')
    expect(report).toMatchObject({ run: null, mode: 'incremental', state: 'planned' })
    expect(report.entities).toMatchObject([{ changes: { inserted: 1, updated: 0, deleted: 0 } }])
    expect(await at.names()).toEqual(['A'])
  })

  test('runs a complete when the server holds something else than was delivered last', async () => {
    await at.export('Ann')
    await at.project.sync('hr')
    await at.forget()
    await at.export('Ann', 'Bob')
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes[0]).toContain('The repository does not hold')
    expect((await at.project.sync('hr')).mode).toBe('incremental')
  })

  test('refuses an initial of a source that holds resources before anything is exported', async () => {
    await at.exportText('no,name\n1,Ann\n')
    await expect(at.project.sync('hr', { mode: 'initial' })).resolves.toMatchObject({ state: 'applied' })
    await expect(at.project.sync('hr', { mode: 'initial' })).rejects.toMatchObject({
      code: 'SLUICE-DELIVER-02',
    })
    await expect(at.project.sync('hr', { mode: 'incremental' })).resolves.toMatchObject({ state: 'applied' })
  })
})

describe('while the server is away', () => {
  test('one delivery waits, prepared anew under its id, and goes first of all when the server is back', async () => {
    await at.export('Ann')
    await at.project.sync('hr')
    await at.stopServer()
    await at.export('Ann', 'Bob')
    await expect(at.project.sync('hr')).rejects.toMatchObject(later)
    const waiting = await at.project.stages.waiting('hr')
    expect(waiting).toMatchObject({ mode: 'incremental', stage: 'prepared' })
    await at.export('Ann', 'Bob', 'Carol')
    await expect(at.project.sync('hr')).rejects.toMatchObject(later)
    expect((await at.project.stages.waiting('hr'))?.id).toBe(waiting?.id)
    expect(await at.project.stages.queue('hr')).toHaveLength(1)
    await at.export('Ann', 'Bob', 'Carol', 'Dora')
    await at.startServer()
    const other = await at.reopen()
    const report = await other.sync('hr')
    expect(short(report)).toEqual({
      mode: 'incremental',
      state: 'applied',
      changes: { inserted: 1, updated: 0, deleted: 0 },
    })
    const runs = await other.repository.runs({ source: 'hr' })
    expect(runs.map(({ delivery, state }) => [delivery, state])).toEqual([
      [report.delivery, 'applied'],
      [waiting?.id, 'applied'],
      [expect.anything(), 'applied'],
    ])
    expect(runs[1]?.entities[0]?.changes.inserted).toBe(2)
    expect(await at.names()).toEqual(['Ann', 'Bob', 'Carol', 'Dora'])
  })

  test('the first delivery of a source waits too, as a complete', async () => {
    await at.stopServer()
    await at.export('Ann')
    await expect(at.project.sync('hr')).rejects.toMatchObject(later)
    expect(await at.project.stages.waiting('hr')).toMatchObject({ mode: 'complete' })
    await at.startServer()
    expect(await at.project.stages.deliver('hr')).toMatchObject({ kind: 'delivered' })
    expect(await at.project.synchronize('hr')).toMatchObject([{ mode: 'complete', state: 'applied' }])
    expect(await at.names()).toEqual(['Ann'])
    expect(await at.project.stages.deliver('hr')).toEqual({ kind: 'nothing' })
  })

  test('what the server will not take any more is let go, and a complete says why', async () => {
    await at.export('Ann')
    await at.project.sync('hr')
    await at.stopServer()
    await at.export('Ann', 'Bob')
    await expect(at.project.sync('hr')).rejects.toMatchObject(later)
    await at.forget()
    await at.startServer()
    await at.export('Ann', 'Bob', 'Carol')
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes.join(' ')).toMatch(
      /was dropped: the repository has applied newer deliveries.*does not hold/,
    )
    expect(await at.names()).toEqual(['Ann', 'Bob', 'Carol'])
  })

  test('nothing prepared is delivered that was changed meanwhile; a fresh one takes its place', async () => {
    await at.export('Ann')
    await at.project.sync('hr')
    await at.stopServer()
    await at.export('Ann', 'Bob')
    await expect(at.project.sync('hr')).rejects.toMatchObject(later)
    const path = join(at.outbox, 'Person.sorted.delta')
    await writeFile(path, (await readFile(path, 'utf8')).replace('Bob', 'Rob'))
    await at.startServer()
    await expect(at.project.stages.deliver('hr')).rejects.toMatchObject({ code: 'SLUICE-DELIVER-04' })
    const report = await at.project.sync('hr')
    expect(report.notes[0]).toContain('its checksum differs')
    expect(await at.names()).toEqual(['Ann', 'Bob'])
  })
})

describe('one stage after the other', () => {
  test('each leaves what the next one needs', async () => {
    await at.export('Ann', 'Bob')
    const exported = await at.project.stages.export('hr')
    expect(exported).toMatchObject({ decision: { mode: 'complete' }, exported: { by: 'files' } })
    const prepared = await (await at.reopen()).stages.prepare('hr')
    expect(prepared.folder).toBe(at.outbox)
    expect(await readFile(join(at.outbox, 'Person.sorted.csv'), 'utf8')).toBe('no,name\n0,Ann\n1,Bob\n')
    expect(await (await at.reopen()).stages.deliver('hr')).toMatchObject({
      kind: 'delivered',
      delivery: { id: prepared.id },
    })
    expect(await (await at.reopen()).synchronize('hr')).toMatchObject([
      { delivery: prepared.id, state: 'applied' },
    ])
  })

  test('a preparation takes the place of one before, which is given up', async () => {
    await at.export('Ann')
    const first = await at.project.stages.prepare('hr')
    await at.export('Ann', 'Bob')
    const second = await at.project.stages.prepare('hr')
    expect(await at.project.delivery(first.id)).toMatchObject({ state: 'cancelled' })
    expect(await at.project.stages.deliver('hr')).toMatchObject({ delivery: { id: second.id } })
    await at.project.synchronize('hr')
    expect(await at.names()).toEqual(['Ann', 'Bob'])
  })

  test('but is put behind commands that nobody has yet', async () => {
    await at.export('Ann')
    await at.project.sync('hr')
    await at.exportText('command,no,name\nadd,1,Bob\n')
    const first = await at.project.stages.prepare('hr')
    await at.exportText('command,no,name\nadd,2,Carol\n')
    const second = await at.project.stages.prepare('hr')
    expect(second).toMatchObject({ base: first.id, folder: at.outbox })
    expect(await at.project.stages.deliver('hr')).toMatchObject({ before: [{ id: first.id }] })
    expect((await at.project.synchronize('hr')).map(({ delivery, state }) => [delivery, state])).toEqual([
      [first.id, 'applied'],
      [second.id, 'applied'],
    ])
    expect(await at.names()).toEqual(['Ann', 'Bob', 'Carol'])
  })

  test('a delivery that was given up at the server comes again under another id', async () => {
    await at.export('Ann')
    await at.project.sync('hr')
    await at.export('Ann', 'Bob')
    const { id, source, mode } = await at.project.stages.prepare('hr')
    await at.project.giveUp({ deliveryId: id, source, mode }, 'Expired.')
    const delivered = await at.project.stages.deliver('hr')
    expect(delivered).toMatchObject({ kind: 'delivered' })
    await at.project.synchronize('hr')
    expect(await at.names()).toEqual(['Ann', 'Bob'])
  })

  test('a table that came with commands and then comes whole is compared by the server', async () => {
    await at.export('Ann')
    await at.project.sync('hr')
    await at.exportText('command,no,name\nadd,1,Bob\n')
    await at.project.sync('hr')
    await at.export('Ann')
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes.join(' ')).toContain(
      'holds all rows, and the deliveries before it brought only changes',
    )
    expect(await at.names()).toEqual(['Ann'])
  })
})
