/**
 * A source whose changes lie in a folder of their own: which files a run takes, and what it refuses.
 */
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { testLocation } from '../../../../test/databases.ts'
import { openLocalProject } from './open-project.ts'

async function projectOf() {
  const place = await testLocation('postgres-18')
  if (place.location.kind !== 'postgres') throw new Error('a server')
  const { url, schema } = place.location
  const folder = await mkdtemp(join(tmpdir(), 'sluice-apart-'))
  await writeFile(
    join(folder, 'sluice.yaml'),
    `repository: {url: "${url}", schema: ${schema}}
entityTypes: { Person: { properties: { number: string, name: string } } }
sources:
  hr:
    folder: { complete: full, incremental: changes }
    thresholds: off
    entities: { Person: { file: people.csv, key: number, properties: { number: no, name: name } } }
`,
  )
  const project = await openLocalProject(folder)
  return {
    project,
    /** Written so many hours ago. */
    write: async (name: string, text: string, hours: number) => {
      const path = join(folder, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
      const time = new Date(Date.now() - hours * 3_600_000)
      await utimes(path, time, time)
    },
    names: async () => {
      const names: unknown[] = []
      for await (const { values } of project.repository.resources('Person')) names.push(values['name'])
      return names.sort()
    },
    async [Symbol.asyncDispose]() {
      await project[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const everything = 'no,name\n1,Ann\n2,Bob\n'

test('runs take changes while there are some that are not older than everything', async () => {
  await using at = await projectOf()
  await at.write('full/people.csv', everything, 5)
  await at.write('changes/people.csv', 'command,no,name\ndelete,1,\n', 4)
  // Nothing stands yet that they could build on.
  expect(await at.project.sync('hr')).toMatchObject({ mode: 'complete' })
  expect(await at.names()).toEqual(['Ann', 'Bob'])
  expect(await at.project.sync('hr')).toMatchObject({ mode: 'incremental' })
  expect(await at.names()).toEqual(['Bob'])
  await at.write('full/people.csv', everything, 3)
  const report = await at.project.sync('hr')
  expect(report).toMatchObject({ mode: 'complete' })
  expect(report.notes.join()).toMatch(/are older than those in .*full, which say everything/)
  expect(await at.names()).toEqual(['Ann', 'Bob'])
})

test('what lies among changes is never taken for everything, whoever asks', async () => {
  await using at = await projectOf()
  await at.write('full/people.csv', everything, 5)
  await at.project.sync('hr')
  await at.write('changes/people.csv', 'no,name\n1,Anna\n', 1)
  const refused = {
    code: 'SLUICE-PREPARE-43',
    message:
      '../changes/people.csv lies among files of changes, and has no column "command" that says what happened to each row; it has "no", "name".',
  }
  await expect(at.project.sync('hr')).rejects.toMatchObject(refused)
  await expect(at.project.sync('hr', { mode: 'incremental' })).rejects.toMatchObject(refused)
  const announced = await at.project.announce('hr', { mode: 'incremental' })
  await expect(at.project.prepare(announced)).rejects.toMatchObject(refused)
  expect(await at.names()).toEqual(['Ann', 'Bob'])
})

test('a plan looks into the same folder as the run behind it', async () => {
  await using at = await projectOf()
  await at.write('full/people.csv', everything, 5)
  await at.project.sync('hr')
  await at.write('changes/people.csv', 'command,no,name\ndelete,1,\n', 1)
  const { report } = await at.project.plan('hr')
  expect(report).toMatchObject({ mode: 'incremental', entities: [{ changes: { deleted: 1 } }] })
  expect(await at.names()).toEqual(['Ann', 'Bob'])
})
