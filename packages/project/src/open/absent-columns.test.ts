/**
 * Files of changes that lack columns: what they have no column for stays as it is stored.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mode } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { type DatabaseKind, testLocation } from '../../../../test/databases.ts'
import { openLocalProject } from './open-project.ts'

const model = (required = '') => `
entityTypes:
  Unit: { display: code, properties: { code: string } }
  Person:
    display: number
    properties:
      number: string
      name: { type: string${required} }
      born: date
      unit: { type: reference, to: Unit }
      boss: { type: reference, to: Person }
associations:
  Member: { from: Person, to: Unit }
`
const properties =
  '{ number: no, name: name, born: {column: born, format: dd.MM.yyyy}, unit: {column: unit, by: code}, boss: {column: boss, by: number} }'
const header = 'no,name,born,unit,boss,team'
const start = {
  'units.csv': 'code\nA\nB\n',
  'people.csv': `${header}\n1,Ann,01.02.1990,A,,A\n2,Bob,,B,1,\n3,Cid,,Z,9,B\n`,
}

async function projectOf(kind: DatabaseKind, { required = '', sharing = '' } = {}) {
  const place = await testLocation(kind)
  const { location } = place
  const folder = await mkdtemp(join(tmpdir(), 'sluice-absent-'))
  await mkdir(join(folder, 'data'))
  const repository =
    location.kind === 'postgres'
      ? `{ url: "${location.url}", schema: ${location.schema} }`
      : JSON.stringify(location.path)
  await writeFile(
    join(folder, 'sluice.yaml'),
    `repository: ${repository}
${model(required)}
sources:
  hr:
    folder: data
    mode: incremental
    thresholds: off
    entities:
      Unit: { file: units.csv, key: code, properties: { code: code } }
      Person: { file: people.csv, key: number, properties: ${properties}${sharing} }
    associations:
      Member: { file: people.csv, from: no, to: team }
`,
  )
  const project = await openLocalProject(folder)
  return {
    project,
    sync: async (files: Readonly<Record<string, string>>, mode?: Mode) => {
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'data', name), text)
      return await project.sync('hr', { mode })
    },
    people: async () => {
      const lines: string[] = []
      for await (const { values } of project.repository.resources('Person'))
        lines.push(['number', 'name', 'born', 'unit', 'boss'].map((name) => values[name] ?? '').join(' '))
      return lines.sort()
    },
    links: async () => {
      const lines: string[] = []
      for await (const { from, to } of project.repository.links('Member')) lines.push(`${from} ${to}`)
      return lines.sort()
    },
    orphans: async () => {
      const lines: string[] = []
      for await (const { value } of project.repository.orphans()) lines.push(value)
      return lines.sort()
    },
    async [Symbol.asyncDispose]() {
      await project[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const units = { 'units.csv': start['units.csv'] }
const changes = (text: string) => ({ ...units, 'people.csv': text })
const asStored = ['1 Ann 1990-02-01 A ', '2 Bob  B 1', '3 Cid   ']

describe.each(['pglite', 'postgres-18'] as const)('columns that changes lack, on %s', (kind) => {
  test('leave values, references, orphans and links as they are', async () => {
    await using at = await projectOf(kind)
    await at.sync(start)
    expect(await at.people()).toEqual(asStored)
    const orphans = await at.orphans()
    const report = await at.sync(
      changes('command,no,name\nmerge,1,Anna\nupdate,3,Cyd\ninsert,4,Dora\ndelete,2,\n'),
    )
    expect(report.state).toBe('applied')
    expect(await at.people()).toEqual(['1 Anna 1990-02-01 A ', '3 Cyd   ', '4 Dora   '])
    expect(await at.links()).toEqual(['1 A', '3 B'])
    expect(await at.orphans()).toEqual(orphans)
    expect(report.notes).toContain(
      'people.csv has no columns for born, unit, boss of Person: they stay as they are.',
    )
    expect(report.entities.find(({ mapping }) => mapping === 'Person')).toMatchObject({
      changes: { inserted: 1, updated: 2, deleted: 1 },
    })
  })

  test('and the same rows once more are no news; a complete finds what is true', async () => {
    await using at = await projectOf(kind)
    await at.sync(start)
    const again = changes('command,no,name\nmerge,1,Ann\nmerge,2,Bob\n')
    for (const updated of [0, 0]) {
      const report = await at.sync(again)
      expect(report.entities.find(({ mapping }) => mapping === 'Person')?.changes.updated).toBe(updated)
    }
    const complete = await at.sync(start, 'complete')
    expect(complete.entities.map(({ changes }) => changes)).toEqual([
      { inserted: 0, updated: 0, deleted: 0 },
      { inserted: 0, updated: 0, deleted: 0 },
    ])
    const changed = { ...start, 'people.csv': start['people.csv'].replace('01.02.1990', '02.02.1990') }
    await at.sync(changed, 'complete')
    expect(await at.people()).toEqual(['1 Ann 1990-02-02 A ', ...asStored.slice(1)])
  })

  test('are empty in a new row, which is rejected where one is required', async () => {
    await using at = await projectOf(kind, { required: ', required: true' })
    await at.sync(start)
    const report = await at.sync(changes('command,no,born\nmerge,1,03.03.1993\ninsert,7,04.04.1994\n'))
    expect(await at.people()).toEqual(['1 Ann 1993-03-03 A ', ...asStored.slice(1)])
    const rejected: string[] = []
    for await (const { key, column, reason } of at.project.repository.rejectedRows(report.run ?? 0))
      rejected.push([key, column, reason].join(' '))
    expect(rejected).toEqual(['7 name a value is required'])
    // It stands until somebody says the row whole.
    await at.sync(changes('command,no,name,born\ninsert,7,Gus,04.04.1994\n'))
    expect(await at.people()).toContain('7 Gus 1994-04-04  ')
  })

  test('leave a shared resource alone, too', async () => {
    await using at = await projectOf(kind, { sharing: ', reconciliation: { rules: [[number]] }' })
    await at.sync(start)
    await at.sync(changes('command,no,name\nmerge,1,Anna\nupdate,3,Cyd\ninsert,4,Dora\ndelete,2,\n'))
    expect(await at.people()).toEqual(['1 Anna 1990-02-01 A ', '3 Cyd   ', '4 Dora   '])
    await at.sync(changes('command,no,born\nmerge,4,05.05.1995\n'))
    expect(await at.people()).toContain('4 Dora 1995-05-05  ')
  })
})
