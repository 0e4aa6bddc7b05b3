/**
 * Stored sources at their edges: links, what is under way, several people at once, names that are taken.
 */
import { expect, test } from 'vitest'
import { projectOf, valuesOf } from '../../test/project-of.ts'
import { readProject } from '../folder/load-configuration.ts'
import type { LocalProject, Project } from '../open/project.ts'
import { LocalSources } from './local-sources.ts'

const configuration = `
entityTypes:
  Person: {display: name, properties: {name: {type: string, required: true}, phone: string, boss: {type: reference, to: Person}}}
  Team: {display: name, properties: {name: string}}
associations:
  Member: {from: Person, to: Team}
sources:
  ad:
    precedence: 1
    entities:
      Person: {file: ad.csv, key: name, thresholds: {updated: 2}, reconciliation: {rules: [[name]]}, properties: {name: cn, phone: tel}}
`

const hr = `sources:
  hr:
    precedence: 9
    entities:
      Person: {file: people.csv, key: name, thresholds: {updated: 2}, reconciliation: {rules: [[name]]}, properties: {name: name, phone: phone, boss: boss}}
      Team: {file: teams.csv, key: name, properties: {name: name}}
    associations:
      Member: {file: members.csv, from: {column: person, by: name}, to: {column: team, by: name}}
`

const people = ['Ada', 'Bob', 'Eve', 'Zoe']
const files = {
  'people.csv': `name,phone,boss\n${people.map((name, index) => `${name},${index},Ada\n`).join('')}`,
  'teams.csv': 'name\nred\nblue\n',
  'members.csv': 'person,team\nAda,red\nBob,blue\n',
  'ad.csv': `cn,tel\n${people
    .slice(0, 3)
    .map((name) => `${name},9\n`)
    .join('')}`,
}

const by = { kind: 'person', name: 'olga' } as const

async function stored() {
  const harness = await projectOf({ configuration, files })
  const sources = () => {
    const { repository } = harness.project as LocalProject
    return new LocalSources({ repository, read: () => readProject(harness.folder), by })
  }
  await sources().apply({ path: 'hr.yaml', text: hr })
  const reopen = () => harness.reconfigure(() => configuration)
  await reopen()
  return { harness, sources, reopen }
}

async function linksOf({ repository }: Project) {
  const found: string[] = []
  for await (const { from, to, source } of repository.links('Member')) found.push(`${from}-${to} ${source}`)
  return found.sort()
}

test('what a source leaves is free, and nothing that was under way for it stays stuck', async () => {
  const { harness: held, sources, reopen } = await stored()
  await using harness = held
  expect(await harness.project.sync('hr')).toMatchObject({ state: 'applied' })
  expect(await linksOf(harness.project)).toEqual(['Ada-red hr', 'Bob-blue hr'])
  await harness.project.stateOrders([
    { id: 'R-1', source: 'hr', entityType: 'Person', resource: 'Ada', values: { phone: '7' } },
  ])
  const announced = await harness.project.announce('hr', { mode: 'complete' })

  const { report } = await sources().remove('hr', { resources: 'keep' })
  expect(report).toMatchObject({ state: 'applied', cause: 'removal', source: 'hr', by })
  await reopen()
  const { project } = harness
  expect(await linksOf(project)).toEqual(['Ada-red null', 'Bob-blue null'])
  expect(await valuesOf(project, 'Person')).toHaveLength(4)
  expect(await project.delivery(announced.deliveryId)).toMatchObject({
    state: 'cancelled',
    reason: 'The source was deleted.',
  })
  for await (const order of project.repository.orders()) expect(order.state).toBe('cancelled')
  await project.edit([
    { action: 'update', type: 'Person', resource: 'Ada', values: { phone: '8' } },
    {
      action: 'unlink',
      association: 'Member',
      from: { property: 'name', value: 'Ada' },
      to: { property: 'name', value: 'red' },
    },
  ])
  expect(await linksOf(project)).toEqual(['Bob-blue null'])
})

test('what others take over is weighed, and the source is gone when somebody approves it', async () => {
  const { harness: held, sources, reopen } = await stored()
  await using harness = held
  await harness.project.sync('ad')
  await harness.project.sync('hr', { force: true })
  const phones = async () =>
    (await valuesOf(harness.project, 'Person')).map(({ name, phone }) => `${name} ${phone}`).sort()
  expect(await phones()).toEqual(['Ada 0', 'Bob 1', 'Eve 2', 'Zoe 3'])
  const { report } = await sources().remove('hr', { resources: 'hand-on' })
  expect(report).toMatchObject({ state: 'held', exceeded: [{ threshold: 'updated', found: 3 }] })
  expect(await phones()).toEqual(['Ada 0', 'Bob 1', 'Eve 2', 'Zoe 3'])
  const planned = await sources().planRemoval('hr', { resources: 'hand-on' })
  expect(planned.report).toMatchObject({ state: 'planned', exceeded: [{ threshold: 'updated' }] })

  // What others do meanwhile, and what has nothing to do with it, asks nobody twice.
  await harness.project.edit([{ action: 'create', type: 'Team', values: { name: 'green' } }])
  const approved = await harness.project.approve(report?.run ?? 0, { by: 'olga' })
  expect(approved).toMatchObject({ moved: true, report: { state: 'applied', decision: { by: 'olga' } } })
  await reopen()
  expect(await phones()).toEqual(['Ada 9', 'Bob 9', 'Eve 9', 'Zoe 3'])
  const listed = await sources().list()
  expect(listed.map(({ name }) => name)).toEqual(['ad'])
  // Those that were handed on are ad's to delete.
  await harness.write({ 'ad.csv': 'cn,tel\nAda,9\nBob,9\n' })
  await harness.project.sync('ad', { force: true })
  expect(await phones()).toEqual(['Ada 9', 'Bob 9', 'Zoe 3'])
})

test('several people may store definitions at once, and one name is one source', async () => {
  const { harness: held, sources, reopen } = await stored()
  await using harness = held
  const table = (name: string) =>
    `sources: { ${name}: { table: true, entities: { Team: { reconciliation: { rules: [[name]] }, properties: { name: {} } } } } }\n`
  const names = ['one', 'two', 'three']
  await Promise.all(names.map((name) => sources().apply({ path: `${name}.yaml`, text: table(name) })))
  const listed = async () => (await sources().list()).map(({ name }) => name)
  expect((await listed()).sort()).toEqual(['ad', 'hr', 'one', 'three', 'two'])
  await expect(sources().rename('one', 'ad')).rejects.toMatchObject({ code: 'SLUICE-SOURCE-06' })
  await expect(sources().rename('none', 'new')).rejects.toMatchObject({ code: 'SLUICE-SOURCE-04' })
  await expect(sources().remove('one')).rejects.toMatchObject({ code: 'SLUICE-SOURCE-05' })

  // A type that it does not fill any more is a loss that has to be meant.
  await reopen()
  await harness.project.sync('hr')
  const fewer = hr.replace(/ {6}Team: .*\n/, '').replace(/ {4}associations:\n.*\n/, '')
  await expect(sources().apply({ path: 'hr.yaml', text: fewer })).rejects.toMatchObject({
    code: 'SLUICE-SOURCE-07',
    message: expect.stringContaining('2 rows of Team'),
  })
  expect(await sources().apply({ path: 'hr.yaml', text: fewer }, { allowLoss: true })).toMatchObject({
    sources: [{ name: 'hr', outcome: 'changed' }],
  })
})

test('a file that defines what is stored counts, and the stored one is dropped by itself', async () => {
  const { harness: held, sources } = await stored()
  await using harness = held
  await harness.project.sync('hr')
  const inFile = hr.replace('sources:\n', '')
  await harness.reconfigure(() => `${configuration}${inFile}`)
  expect(await sources().list()).toMatchObject([
    { name: 'ad', shadowsStored: false },
    { name: 'hr', definedIn: 'file', shadowsStored: true, replicas: 6 },
  ])
  expect(await sources().remove('hr', { resources: 'delete' })).toEqual({ report: null })
  expect(await sources().list()).toMatchObject([{}, { name: 'hr', shadowsStored: false, replicas: 6 }])
  expect(await valuesOf(harness.project, 'Person')).toHaveLength(4)
  await expect(sources().remove('hr', { resources: 'delete' })).rejects.toMatchObject({
    code: 'SLUICE-SOURCE-03',
  })
})

test('a role keeps its right to the tables of a source that is renamed', async () => {
  const { harness: held, sources } = await stored()
  await using harness = held
  await harness.project.sync('hr')
  const project = held.project
  const tables = await project.repository.sharedTables('hr')
  const [person] = tables.filter(({ entityType }) => entityType === 'Person')
  await sources().rename('hr', 'people')
  await harness.reconfigure(() => configuration)
  const renamed = await harness.project.repository.sharedTables('people')
  expect(renamed.find(({ entityType }) => entityType === 'Person')?.table).toBe(person?.table)
  // Its triggers write into the table of replicas that bears the new name.
  await harness.execute(`insert into "${person?.table}" (primary_key, name) values ('Max', 'Max')`)
  const found: string[] = []
  for await (const { key, status } of harness.project.repository.replicas('people', { entityType: 'Person' }))
    if (status === 'new') found.push(key)
  expect(found).toEqual(['Max'])
  await sources().apply({ path: 'hr.yaml', text: hr })
  expect((await sources().list()).map(({ name, replicas }) => `${name} ${replicas}`)).toEqual([
    'ad 0',
    'hr 0',
    'people 7',
  ])
})
