/**
 * Files of changes that feed several mappings: a command acts on what its row is of, and on nothing that stands beside it.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunReport } from '@sluice/model'
import { expect, test } from 'vitest'
import { testLocation } from '../../../../test/databases.ts'
import { checkProject } from '../folder/check-project.ts'
import { openLocalProject } from './open-project.ts'

const company = `
entityTypes:
  Dept: {display: code, properties: {code: string, city: string}}
  Person: {display: id, properties: {id: string, name: string, dept: {type: reference, to: Dept}}}
  Group: {display: code, properties: {code: string}}
associations:
  Member: {from: Person, to: Group, properties: {role: string}}
`
const people = `
      Dept: {file: people.csv, key: code, properties: {code: dept, city: city}}
      Person: {file: people.csv, key: id, properties: {id: id, name: name, dept: dept}}
      Group: {file: groups.csv, key: code, properties: {code: code}}
    associations:
      Member: {file: people.csv, from: id, to: group, properties: {role: role}}
`
const header = 'id,name,dept,city,group,role'
const groups = { 'groups.csv': 'code\nG\nH\nI\n' }
const start = {
  ...groups,
  'people.csv': `${header}\n1,Ole,A,Oslo,G,\n2,Una,A,Oslo,G,\n2,Una,A,Oslo,H,\n3,Ida,B,Bodo,,\n`,
}

/** A project with these entity mappings; what it writes is gone when the test is. */
async function projectOf(entities: string, model = company) {
  const place = await testLocation('postgres-18')
  if (place.location.kind !== 'postgres') throw new Error('a server')
  const { url, schema } = place.location
  const folder = await mkdtemp(join(tmpdir(), 'sluice-commands-'))
  await mkdir(join(folder, 'data'))
  await writeFile(
    join(folder, 'sluice.yaml'),
    `repository: {url: "${url}", schema: ${schema}}\n${model}
sources:
  hr:
    folder: data
    mode: incremental
    thresholds: off
    entities:
${entities}`,
  )
  const project = await openLocalProject(folder)
  const write = async (files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'data', name), text)
  }
  return {
    project,
    folder,
    write,
    sync: async (files: Readonly<Record<string, string>>, mode?: 'complete' | 'incremental') => {
      await write(files)
      return await project.sync('hr', mode === undefined ? {} : { mode })
    },
    resources: async (type: string, ...properties: readonly string[]) => {
      const lines: string[] = []
      for await (const { values } of project.repository.resources(type))
        lines.push(properties.map((name) => values[name] ?? '').join(' '))
      return lines.sort()
    },
    links: async () => {
      const lines: string[] = []
      for await (const { from, to, properties } of project.repository.links('Member'))
        lines.push([from, to, properties['role']].filter(Boolean).join(' '))
      return lines.sort()
    },
    /** What the run rejected: where, and of which key. */
    rejected: async (run: number | null) => {
      const lines: string[] = []
      for await (const { mapping, file, line, key, value } of project.repository.rejectedRows(run ?? 0))
        lines.push([mapping, file, line, key, value].join(' '))
      return lines
    },
    async [Symbol.asyncDispose]() {
      await project[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function rowsOf({ entities, associations }: RunReport, mapping: string) {
  return [...entities, ...associations].find((one) => one.mapping === mapping)?.rows
}

const changes = (rows: string) => ({ 'people.csv': `command,${header}\n${rows}` })

test('a person who leaves takes nothing of the department with him, and a change makes one that is new', async () => {
  await using at = await projectOf(people)
  await at.sync(start)
  const report = await at.sync(
    changes('delete,1,Ole,A,,,\nupdate,3,Ida,C,Voss,I,boss\nupdate,2,Una,A,Oslo,H,\n'),
  )
  expect(await at.resources('Dept', 'code', 'city')).toEqual(['A Oslo', 'B Bodo', 'C Voss'])
  expect(await at.resources('Person', 'id', 'dept')).toEqual(['2 A', '3 C'])
  expect(await at.links()).toEqual(['2 H', '3 I boss'])
  expect(rowsOf(report, 'Dept')).toMatchObject({ read: 3, inserted: 1, unchanged: 2, deleted: 0 })
  expect(rowsOf(report, 'Person')).toMatchObject({ read: 3, updated: 1, unchanged: 1, deleted: 1 })
  expect(rowsOf(report, 'Member')).toMatchObject({ read: 3, inserted: 1, unchanged: 1, deleted: 1 })
  expect(report.notes).toEqual([
    'The column command of people.csv is taken for commands: they act on Person; the links of Member follow its rows; a row says of Dept only that it exists.',
  ])
})

test('a row without a link takes that of its person away, and other rows of its department say nothing of it', async () => {
  await using at = await projectOf(people)
  await at.sync(start)
  const report = await at.sync(changes('update,1,Ole,A,Oslo,,\ndelete,2,,,,,\n,3,Ida,A,Oslo,H,\n'))
  expect(await at.links()).toEqual(['3 H'])
  expect(await at.resources('Dept', 'code', 'city')).toEqual(['A Oslo', 'B Bodo'])
  expect(rowsOf(report, 'Member')).toMatchObject({ read: 3, noLink: 1, deleted: 1, inserted: 1 })
  expect(rowsOf(report, 'Dept')).toMatchObject({ read: 3, duplicate: 1, unchanged: 2 })
})

test('changes say the same as everything would', async () => {
  const rows = '2,Una,B,Bodo,I,lead\n3,Ida,B,Bodo,G,\n3,Ida,B,Bodo,I,\n4,Nio,D,Nes,H,\n'
  const found = async (files: Readonly<Record<string, string>>, mode: 'complete' | 'incremental') => {
    await using at = await projectOf(people)
    await at.sync(start)
    await at.sync(files, mode)
    return { people: await at.resources('Person', 'id', 'name', 'dept'), links: await at.links() }
  }
  const merging = rows.replace(/^/gm, 'merge,').replace(/merge,$/, '')
  const changed = await found(changes(`${merging}delete,1,,,,,\n`), 'incremental')
  expect(changed).toEqual(await found({ 'people.csv': `${header}\n${rows}` }, 'complete'))
})

test('where nothing tells what the rows are of, an incremental is refused, and sluice check asks for it', async () => {
  const apart = people.replace(', dept: dept}', '}')
  await using at = await projectOf(apart)
  await at.sync(start)
  await at.write(changes('delete,1,Ole,A,,,\n'))
  await expect(at.project.sync('hr')).rejects.toMatchObject({
    code: 'SLUICE-PREPARE-34',
    message: 'people.csv holds commands, and they could act on Dept or on Person.',
  })
  expect(await at.resources('Person', 'id')).toEqual(['1', '2', '3'])
  const { findings } = await checkProject(at.folder)
  expect(findings).toEqual([
    expect.objectContaining({ severity: 'error', code: 'SLUICE-CONFIGURATION-18', line: 17 }),
  ])
})

test('commands: true says it, and is no news in the report', async () => {
  const apart = people.replace(', dept: dept}', '}').replace('key: id', 'key: id, commands: true')
  await using at = await projectOf(apart)
  await at.sync(start)
  const report = await at.sync(changes('delete,1,Ole,A,,,\n'))
  expect(await at.resources('Person', 'id')).toEqual(['2', '3'])
  expect(await at.resources('Dept', 'code')).toEqual(['A', 'B'])
  expect(report.notes).toEqual([])
})

test('commands: true wants the column, and is never content with a complete in its place', async () => {
  await using at = await projectOf(people.replace('key: id', 'key: id, commands: true'))
  await at.sync(start)
  const refused = { code: 'SLUICE-PREPARE-33', message: expect.stringContaining('"Person"') }
  const few = { 'people.csv': `${header}\n3,Ida,B,Bodo,,\n` }
  await expect(at.sync(few)).rejects.toMatchObject(refused)
  await at.sync(changes('update,3,Ida,B,Bodo,,\n'))
  await expect(at.sync(few)).rejects.toMatchObject(refused)
  await rm(join(at.folder, '.sluice/state/hr/previous'), { recursive: true })
  await expect(at.sync(few)).rejects.toMatchObject(refused)
  expect(await at.resources('Person', 'id')).toEqual(['1', '2', '3'])
  expect(await at.sync(few, 'complete')).toMatchObject({ state: 'applied' })
})

test('the column of commands is the one that the mapping names, and no other', async () => {
  await using at = await projectOf(people.replace('key: id', 'key: id, commands: {column: Action}'))
  await at.sync(start)
  const other = { 'people.csv': `${header},command\n3,Ida,B,Bodo,,,delete\n` }
  await expect(at.sync(other)).rejects.toMatchObject({
    code: 'SLUICE-PREPARE-33',
    message: expect.stringContaining('no column "Action"'),
  })
  const report = await at.sync({
    'people.csv': `${header},command,ACTION\n1,Ole,A,Oslo,G,,insert,delete\n`,
  })
  expect(rowsOf(report, 'Person')).toMatchObject({ read: 1, deleted: 1 })
  expect(await at.resources('Person', 'id')).toEqual(['2', '3'])
})

test('commands: true makes a column of commands of one that holds other words, too', async () => {
  await using at = await projectOf(people.replace('key: id', 'key: id, commands: true'))
  await at.sync(start)
  const report = await at.sync({
    'people.csv': `${header},Command\n1,Ole,A,Oslo,G,,delete\n2,,,,,,/bin/true\n`,
  })
  expect(await at.resources('Person', 'id')).toEqual(['2', '3'])
  expect(rowsOf(report, 'Person')).toMatchObject({ read: 2, deleted: 1, rejected: 1 })
})

test('commands: false makes data of the column, where the rows say what they like', async () => {
  const data = people
    .replace('key: id', 'key: id, commands: false')
    .replace('key: code', 'key: code, commands: false')
  await using at = await projectOf(data)
  await at.sync({ ...groups, ...changes('delete,1,Ole,A,Oslo,,\nupdate,2,Una,A,Oslo,,\n') })
  const report = await at.sync(changes('delete,1,Olé,A,Oslo,,\n'))
  expect(report).toMatchObject({ mode: 'incremental', notes: [] })
  expect(await at.resources('Person', 'id', 'name')).toEqual(['1 Olé'])
  await rm(join(at.folder, '.sluice/state/hr/previous'), { recursive: true })
  expect(await at.sync(changes('delete,1,Ole,A,Oslo,,\n'))).toMatchObject({ mode: 'complete' })
})

test('an association may be what the rows are of', async () => {
  const members = people.replace('to: group', 'to: group, commands: true')
  await using at = await projectOf(members)
  await at.sync(start)
  await at.sync(changes('delete,2,Una,A,Oslo,G,\ninsert,1,Ole,A,Oslo,I,\n'))
  expect(await at.links()).toEqual(['1 G', '1 I', '2 H'])
  expect(await at.resources('Person', 'id')).toEqual(['1', '2', '3'])
})

test('every update of what is not there by then is rejected, with key, file and line', async () => {
  await using at = await projectOf(people)
  await at.sync(start)
  const report = await at.sync(
    changes(
      'delete,3,,,,,\nupdate,3,Ida,B,"Bo\ndo",,\nremove,1,,,,,\nupdate,8,Eva,A,Oslo,,\ninsert,8,Eva,A,Oslo,,\nupdate,9,Nio,A,Oslo,,\nupdate,9,Nio,A,Oslo,,\n',
    ),
  )
  expect((await at.rejected(report.run)).filter((line) => line.startsWith('Person'))).toEqual([
    'Person people.csv 5  remove,1,,,,,',
    'Person people.csv 3 3 update',
    'Person people.csv 6 8 update',
    'Person people.csv 8 9 update',
    'Person people.csv 9 9 update',
  ])
  expect(rowsOf(report, 'Person')).toMatchObject({
    read: 7,
    rejected: 5,
    inserted: 1,
    deleted: 1,
    duplicate: 0,
  })
})

test('a last row without line feed is rejected like any other, unless its end may be missing', async () => {
  await using at = await projectOf(people)
  await at.sync(start)
  const report = await at.sync(changes('update,1,Olé,A,Oslo,G,\nupsert,2,Una,A,Oslo,G,x'))
  expect(await at.resources('Person', 'id', 'name')).toContain('1 Olé')
  expect(rowsOf(report, 'Person')).toMatchObject({ read: 2, updated: 1, rejected: 1 })
  const last = (word: string) => ({ 'people.csv': `${header},command\n1,Ole,A,Oslo,G,,${word}` })
  await expect(at.sync(last('del'))).rejects.toMatchObject({ code: 'SLUICE-PREPARE-04' })
  expect(rowsOf(await at.sync(last('upsert')), 'Person')).toMatchObject({ rejected: 1 })
})
