import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { testLocation } from '../../../../test/databases.ts'
import { openProject } from './open-project.ts'

const yaml = `
entityTypes:
  Person: { display: name, properties: { number: { type: string, required: true }, name: string } }
  Site: { display: name, properties: { code: { type: string, required: true }, name: string } }
sources:
  hr:
    folder: .
    entities: { Person: { file: people.csv, key: number, properties: { number: number, name: name } } }
  sites:
    folder: .
    entities: { Site: { file: sites.csv, key: code, properties: { code: code, name: name } } }
`

async function twoSources(): Promise<string> {
  const place = await testLocation('postgres-18')
  onTestFinished(() => place[Symbol.asyncDispose]())
  if (place.location.kind !== 'postgres') throw new Error('a server')
  const { url, schema } = place.location
  const folder = await mkdtemp(join(tmpdir(), 'sluice-progress-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'sluice.yaml'), `repository: {url: "${url}", schema: ${schema}}\n${yaml}`)
  await writeFile(join(folder, 'people.csv'), 'number,name\n1,Ann\n2,Bob\n')
  await writeFile(join(folder, 'sites.csv'), 'code,name\nA,Alpha\n')
  return folder
}

test('sources that are synchronized at once hear of their own progress alone', async () => {
  await using project = await openProject(await twoSources(), { environment: {} })
  const heard = new Map<string, Set<string>>()
  const sync = (source: string) => {
    const named = new Set<string>()
    heard.set(source, named)
    return project.sync(source, { onProgress: (progress) => named.add(progress.source) })
  }
  const reports = await Promise.all([sync('hr'), sync('sites')])
  expect(reports.map(({ state }) => state)).toEqual(['applied', 'applied'])
  expect([...heard].map(([source, named]) => [source, [...named]])).toEqual([
    ['hr', ['hr']],
    ['sites', ['sites']],
  ])
})

test('a run says why it happened, and who made it happen', async () => {
  const by = { kind: 'person', name: 'Eve' } as const
  await using project = await openProject(await twoSources(), { environment: {}, by })
  expect(await project.sync('hr')).toMatchObject({ cause: 'delivery', by, source: 'hr', mode: 'complete' })
  const job = { kind: 'schedule', name: 'nightly' } as const
  expect(await project.sync('sites', { by: job })).toMatchObject({ by: job })
  expect((await project.repository.runs()).map((run) => run.by)).toEqual([job, by])
  const found = await project.repository.explain('Person', 'Ann')
  expect(found?.history).toMatchObject([{ operation: 'insert', cause: 'delivery', by, approvedBy: null }])
})
