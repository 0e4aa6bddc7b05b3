/**
 * A configuration that is an object of a program.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConfigurationObject } from '@sluice/model'
import { expect, test } from 'vitest'
import { checkProject } from '../folder/check-project.ts'
import { openProject } from './open-project.ts'

const configuration: ConfigurationObject = {
  repository: './repository',
  entityTypes: {
    Computer: {
      display: { expression: 'name.upperAscii()' },
      properties: { serial: 'string', name: 'string', price: 'decimal' },
    },
  },
  sources: {
    inventory: {
      entities: {
        Computer: {
          file: 'computers.csv',
          key: 'serial',
          absent: [null, 'n/a'],
          properties: { serial: 'serial', name: 'name', price: { column: 'price', decimalSeparator: ',' } },
        },
      },
    },
  },
}

async function folderWith(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-object-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

test('does what a folder does: plans, synchronizes, edits, and is read', async () => {
  await using files = await folderWith({ 'computers.csv': 'serial,name,price\n1,alpha,"9,90"\n2,n/a,\n' })
  const place = { configuration, folder: files.folder }
  {
    await using project = await openProject(place)
    expect((await project.plan('inventory')).report.entities).toMatchObject([{ changes: { inserted: 2 } }])
    expect(await project.sync('inventory')).toMatchObject({ state: 'applied' })
  }
  await using project = await openProject(place)
  const { repository } = project
  const found = []
  for await (const { values } of repository.resources('Computer')) found.push(values)
  expect(found).toEqual([
    { serial: '1', name: 'alpha', price: '9.90' },
    { serial: '2', name: null, price: null },
  ])
  expect(await repository.explain('Computer', 'ALPHA')).toMatchObject({ display: 'ALPHA' })
  const edited = await project.edit([
    { action: 'create', type: 'Computer', values: { serial: '3', name: 'charlie' } },
  ])
  expect(edited.report.state).toBe('applied')
})

test('names what is wrong by its path within the object', async () => {
  const placesOf = async (of: ConfigurationObject) =>
    (await checkProject({ configuration: of })).findings.map(({ file, line, remedy }) => [file, line, remedy])
  const Person = { display: { expression: 'nam' }, properties: { name: 'string' } } as const
  const hr = { entities: { Person: { file: 'p.csv', key: 'nam', properties: { name: 'name' } } } }
  expect(await placesOf({ entityTypes: { Person }, sources: { hr } })).toEqual([
    ['entityTypes.Person.display.expression', undefined, 'Did you mean "name"?'],
    ['sources.hr.entities.Person.key', undefined, 'Did you mean "name"?'],
  ])
  expect(await placesOf({ entityTypes: { Person }, sources: { 'the hr': hr } })).toMatchObject([
    ['sources["the hr"]', undefined, expect.anything()],
  ])
})

test('is refused with its paths where it has errors', async () => {
  await expect(
    openProject({ configuration: { repository: './r', jobs: { nightly: { steps: [] } } } }),
  ).rejects.toMatchObject({
    code: 'SLUICE-CONFIGURATION-01',
    place: { file: expect.stringContaining('jobs.nightly') },
  })
})
