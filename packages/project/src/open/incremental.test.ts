import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mode } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { type DatabaseKind, testLocation } from '../../../../test/databases.ts'
import { openLocalProject } from './open-project.ts'
import type { Project } from './project.ts'

const database: DatabaseKind = 'postgres-18'

/** A project of people whose source asks for incrementals; what it writes is gone when the test is. */
async function peopleProject(sourceMode: Mode = 'incremental', properties = '{number: no, name: name}') {
  const place = await testLocation(database)
  if (place.location.kind !== 'postgres') throw new Error('a server')
  const { url, schema } = place.location
  const folder = await mkdtemp(join(tmpdir(), 'sluice-incremental-'))
  await mkdir(join(folder, 'data'))
  const text = `
repository: {url: "${url}", schema: ${schema}}
entityTypes: {Person: {properties: {number: string, name: string, born: date, grade: {type: enum, values: [a, b]}}}}
sources:
  hr:
    folder: data
    mode: ${sourceMode}
    thresholds: {deleted: {count: 2}}
    entities: {Person: {file: people.csv, key: number, properties: ${properties}}}
`
  await writeFile(join(folder, 'sluice.yaml'), text)
  const project = await openLocalProject(folder)
  return {
    project,
    /** The same project after its configuration was edited. */
    reconfigured: async (edit: (yaml: string) => string) => {
      await writeFile(join(folder, 'sluice.yaml'), edit(text))
      return await openLocalProject(folder)
    },
    reference: join(folder, '.sluice/state/hr/previous/Person.sorted.csv'),
    export: (...names: readonly string[]) =>
      writeFile(
        join(folder, 'data/people.csv'),
        `no,name\n${names.map((name, at) => `${at},${name}\n`).join('')}`,
      ),
    exportText: (rows: string) => writeFile(join(folder, 'data/people.csv'), rows),
    async [Symbol.asyncDispose]() {
      await project[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function names(project: Project): Promise<readonly unknown[]> {
  const found: unknown[] = []
  for await (const { values } of project.repository.resources('Person')) found.push(values['name'])
  return found.sort()
}

describe('rows that are read otherwise from now on', () => {
  const properties = '{number: no, born: {column: born, format: MM/dd/yyyy}, grade: grade}'
  const rows = 'no,born,grade\n1,03/04/2024,a\n2,25/12/2025,a\n3,01/02/2024,c\n'

  async function stored(project: Project) {
    const found: unknown[] = []
    for await (const { values } of project.repository.resources('Person')) found.push(values)
    return found
  }

  test('because a format was mended, are all read again by a complete, which says why', async () => {
    await using at = await peopleProject('incremental', properties)
    await at.exportText(rows)
    expect((await at.project.sync('hr')).entities[0]?.rows).toMatchObject({ inserted: 1, rejected: 2 })
    await using mended = await at.reconfigured((yaml) => yaml.replace('MM/dd/yyyy', 'dd/MM/yyyy'))
    const report = await mended.sync('hr')
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes[0]).toBe(
      'This run is a complete instead of an incremental. The mapping of Person changed since the last delivery: born: ' +
        'column born, format "dd/MM/yyyy", date (it was: column born, format "MM/dd/yyyy", date).',
    )
    expect(await stored(mended)).toMatchObject([
      { number: '1', born: '2024-04-03' },
      { number: '2', born: '2025-12-25' },
    ])
    expect((await mended.sync('hr')).mode).toBe('incremental')
  })

  test('because the model takes other values, too: a row that was rejected for one that is legal now comes', async () => {
    await using at = await peopleProject('incremental', properties)
    await at.exportText(rows)
    await at.project.sync('hr')
    await using widened = await at.reconfigured((yaml) => yaml.replace('[a, b]', '[a, b, c]'))
    expect(await widened.sync('hr')).toMatchObject({ mode: 'complete' })
    expect(await stored(widened)).toMatchObject([{ number: '1' }, { number: '3', grade: 'c' }])
  })

  test('because a property is required now: rows that did not change are rejected, each time', async () => {
    await using at = await peopleProject('complete')
    await at.exportText('no,name\n1,Ann\n2,\n')
    await at.project.sync('hr')
    await using required = await at.reconfigured((yaml) =>
      yaml.replace('name: string', 'name: {type: string, required: true}'),
    )
    for (let time = 0; time < 2; time += 1) {
      const report = await required.sync('hr')
      expect(report.entities[0]?.rows).toMatchObject({ read: 2, unchanged: 1, rejected: 1 })
    }
  })
})

describe('a file of changes', () => {
  test('is never taken for everything because an incremental is not possible any more', async () => {
    await using at = await peopleProject()
    await at.export('Ann', 'Bob')
    await at.project.sync('hr')
    await rm(at.reference)
    await at.exportText('command,no,name\ninsert,7,Gus\n')
    await expect(at.project.sync('hr')).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-32',
      remedy: expect.stringContaining('sluice sync hr --mode complete'),
    })
    expect(await names(at.project)).toEqual(['Ann', 'Bob'])
    // Asked for by name, it is what a dump says of every row.
    await at.exportText('command,no,name\ninsert,0,Ann\ninsert,1,Bob\nadd,7,Gus\n')
    expect(await at.project.sync('hr', { mode: 'complete' })).toMatchObject({
      mode: 'complete',
      state: 'applied',
    })
    expect(await names(at.project)).toEqual(['Ann', 'Bob', 'Gus'])
  })

  test('may be the first delivery only where it says of every row that it is new', async () => {
    await using at = await peopleProject()
    await at.exportText('command,no,name\ninsert,1,Ann\ndelete,2,Bob\n')
    await expect(at.project.sync('hr')).rejects.toMatchObject({ code: 'SLUICE-PREPARE-31' })
    await at.exportText('command,no,name\ninsert,1,Ann\ninsert,2,Bob\n')
    expect(await at.project.sync('hr')).toMatchObject({ mode: 'complete', state: 'applied' })
  })
})

describe('a source that asks for incrementals', () => {
  test('runs a complete first, says why, and incrementals from then on', async () => {
    await using at = await peopleProject()
    await at.export('Ann', 'Bob')
    const first = await at.project.sync('hr')
    expect(first.mode).toBe('complete')
    expect(first.notes).toEqual([
      'The first run of a source is a complete; later runs deliver only what changed.',
    ])
    await at.export('Ann', 'Robert', 'Carol')
    const second = await at.project.sync('hr')
    expect(second).toMatchObject({ mode: 'incremental', state: 'applied', notes: [] })
    expect(second.entities[0]).toMatchObject({
      rows: { read: 3, inserted: 1, updated: 1, unchanged: 1 },
      changes: { inserted: 1, updated: 1, deleted: 0 },
    })
    expect(await names(at.project)).toEqual(['Ann', 'Carol', 'Robert'])
  })

  test('goes on with a complete when the reference was edited, and finds what that would have hidden', async () => {
    await using at = await peopleProject()
    await at.export('Ann', 'Bob', 'Carol')
    await at.project.sync('hr')
    const text = await readFile(at.reference, 'utf8')
    await writeFile(at.reference, text.replace('2,Carol\n', '').replace('Bob', 'Bob and Ed'))
    await at.export('Ann', 'Bob')
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes[0]).toMatch(/is not the file that was written after the last delivery/)
    expect(await names(at.project)).toEqual(['Ann', 'Bob'])
  })

  test('finds an edit that leaves the size as it was while it compares', async () => {
    await using at = await peopleProject()
    await at.export('Ann', 'Bob')
    const { delivery } = await at.project.sync('hr')
    await writeFile(at.reference, (await readFile(at.reference, 'utf8')).replace('Bob', 'Rob'))
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes[0]).toContain('its checksum differs')
    expect(report.delivery).not.toBe(delivery)
    expect((await at.project.sync('hr')).mode).toBe('incremental')
  })

  test('goes on with a complete when the repository holds something else than was delivered last', async () => {
    await using at = await peopleProject()
    await at.export('Ann')
    const { delivery } = await at.project.sync('hr')
    await at.export('Ann', 'Bob')
    await at.project.sync('hr')
    // As after an older dump was restored.
    await at.project.repository.database.session(async (session) => {
      await session.query(`update sluice_source set applied_delivery = $1`, [delivery])
    })
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes[0]).toContain('The repository does not hold')
  })

  test('applies what a process delivered that did not live to apply it, and builds on it', async () => {
    await using at = await peopleProject()
    await at.export('Ann')
    await at.project.sync('hr')
    await at.export('Ann', 'Bob')
    const announced = await at.project.announce('hr')
    expect(announced.mode).toBe('incremental')
    await at.project.deliver(announced, await at.project.prepare(announced))
    await at.export('Ann', 'Bob', 'Carol')
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'incremental', state: 'applied' })
    expect(report.entities[0]?.changes.inserted).toBe(1)
    expect(await names(at.project)).toEqual(['Ann', 'Bob', 'Carol'])
  })

  test('leaves the run out while one is held, and goes on after the decision', async () => {
    await using at = await peopleProject()
    await at.export('Ann', 'Bob', 'Carol', 'Dan')
    await at.project.sync('hr')
    await at.export('Ann')
    const held = await at.project.sync('hr')
    expect(held).toMatchObject({ mode: 'incremental', state: 'held' })
    await expect(at.project.sync('hr')).rejects.toMatchObject({ code: 'SLUICE-DELIVER-01' })
    expect((await at.project.repository.runs({ source: 'hr' })).length).toBe(2)
    await at.project.approve(held.run ?? 0, { by: 'a test' })
    await at.export('Ann', 'Eve')
    expect(await at.project.sync('hr')).toMatchObject({ mode: 'incremental', state: 'applied' })
    expect(await names(at.project)).toEqual(['Ann', 'Eve'])
  })

  test('compares as a whole after a held run was rejected, for its changes are in no delivery that was applied', async () => {
    await using at = await peopleProject()
    await at.export('Ann', 'Bob', 'Carol', 'Dan')
    await at.project.sync('hr')
    await at.export('Ann')
    const held = await at.project.sync('hr')
    await at.project.reject(held.run ?? 0, { by: 'a test' })
    await at.export('Ann', 'Bob', 'Carol')
    expect(await at.project.sync('hr')).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(await names(at.project)).toEqual(['Ann', 'Bob', 'Carol'])
  })

  test('plans an incremental and leaves no trace of it', async () => {
    await using at = await peopleProject()
    await at.export('Ann')
    await at.project.sync('hr')
    await at.export('Anna')
    const before = await readFile(at.reference, 'utf8')
    const plan = await at.project.plan('hr')
    expect(plan.report).toMatchObject({ mode: 'incremental', state: 'planned' })
    expect(plan.changes).toMatchObject([{ operation: 'update', after: { name: 'Anna' } }])
    expect(await readFile(at.reference, 'utf8')).toBe(before)
    expect(await names(at.project)).toEqual(['Ann'])
  })
})

describe('an incremental asked for by name', () => {
  test('works for a source that does not ask for it', async () => {
    await using at = await peopleProject('complete')
    await at.export('Ann')
    await at.project.sync('hr')
    await at.exportText('command,no,name\nmerge,0,Anna\nadd,7,Zoe\n')
    expect(await at.project.sync('hr', { mode: 'incremental' })).toMatchObject({
      mode: 'incremental',
      state: 'applied',
    })
    expect(await names(at.project)).toEqual(['Anna', 'Zoe'])
  })

  test('fails with the reason where it is impossible, and a complete mends it', async () => {
    await using at = await peopleProject()
    await at.export('Ann')
    await expect(at.project.sync('hr', { mode: 'incremental' })).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-11',
    })
    const { delivery } = await at.project.sync('hr')
    await at.export('Ann', 'Bob')
    await at.project.repository.database.session(async (session) => {
      await session.query('update sluice_source set applied_delivery = null')
    })
    const remedy = 'sluice sync hr --mode complete'
    await expect(at.project.sync('hr', { mode: 'incremental' })).rejects.toMatchObject({
      code: 'SLUICE-PROJECT-05',
      message: expect.stringContaining(delivery ?? ''),
      remedy,
    })
    expect(await at.project.sync('hr', { mode: 'complete' })).toMatchObject({ state: 'applied' })
    expect((await at.project.sync('hr', { mode: 'incremental' })).state).toBe('applied')
  })
})
