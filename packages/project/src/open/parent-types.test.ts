/**
 * Sources that are mapped on a type which others extend: their rows find resources of those, too.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectOf, valuesOf } from '../../test/project-of.ts'
import { openSources } from './open-sources.ts'

const configuration = `
entityTypes:
  Machine:
    display: name
    properties: {name: string, serial: {type: string, required: true}, site: string}
  Server: {extends: Machine, display: name, properties: {cpus: integer, printer: {type: reference, to: Printer}}}
  Printer: {extends: Machine, display: name, properties: {pages: integer}}
sources:
  servers:
    precedence: 10
    userDelete: everybody
    entities:
      Server: {file: servers.csv, key: serial, reconciliation: {rules: [[serial]]}, properties: {serial: sn, name: n, cpus: c}}
  printers:
    userDelete: everybody
    entities:
      Printer: {file: printers.csv, key: serial, properties: {serial: sn, name: n, pages: p}}
  cmdb:
    userDelete: everybody
    entities:
      Machine:
        file: machines.csv
        key: serial
        reconciliation: {rules: [[serial]]}
        properties: {serial: sn, name: {column: n, policy: master_unlocked}, site: s}
`

const files = {
  'servers.csv': 'sn,n,c\nS1,web,8\nS2,db,16\n',
  'printers.csv': 'sn,n,p\nP1,ink,100\n',
  'machines.csv': 'sn,n,s\nS1,web1,Rome\nP1,ink1,Oslo\nM1,box,Bern\n',
}

type Harness = Awaited<ReturnType<typeof projectOf>>

async function begun(edit: (configuration: string) => string = (text) => text) {
  const harness = await projectOf({ configuration: edit(configuration), files })
  await harness.project.sync('servers', { force: true })
  await harness.project.sync('printers', { force: true })
  const report = await harness.project.sync('cmdb', { force: true })
  return { harness, report }
}

/** `serial name site`, of each type. */
async function stored({ project }: Harness) {
  const of = async (entityType: string) =>
    (await valuesOf(project, entityType)).map(({ serial, name, site }) => `${serial} ${name} ${site}`)
  const [servers, printers] = [await of('Server'), await of('Printer')]
  // The family has all of them.
  const machines = (await of('Machine')).filter((one) => !servers.includes(one) && !printers.includes(one))
  return { servers, printers, machines }
}

const replicasOf = async ({ project }: Harness, source: string) => {
  const found: string[] = []
  for await (const { key, status, display, error } of project.repository.replicas(source))
    found.push(
      [key, status, display, error?.code].filter((part) => part !== undefined && part !== null).join(' '),
    )
  return found
}

test('rows find resources of the types that extend theirs, and create their own', async () => {
  const { harness: opened, report } = await begun()
  await using harness = opened
  expect(report).toMatchObject({
    state: 'applied',
    entities: [
      {
        mapping: 'Machine',
        changes: { inserted: 1, updated: 2, deleted: 0 },
        replicas: { created: 1, matchedUpdated: 2 },
      },
    ],
  })
  expect(await stored(harness)).toEqual({
    servers: ['S1 web Rome', 'S2 db null'],
    printers: ['P1 ink Oslo'],
    machines: ['M1 box Bern'],
  })
  expect(await replicasOf(harness, 'cmdb')).toEqual([
    'M1 synchronized box',
    'P1 synchronized ink',
    'S1 synchronized web',
  ])
  const again = await harness.project.sync('cmdb', { mode: 'complete' })
  expect(again.entities).toMatchObject([
    { changes: { inserted: 0, updated: 0, deleted: 0 }, replicas: { unchanged: 3 } },
  ])
  const servers = await harness.project.sync('servers', { mode: 'complete' })
  expect(servers.entities).toMatchObject([{ changes: { updated: 0 }, replicas: { updated: 0 } }])
})

test('what they say of inherited properties is decided with what others say of the type itself', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  // The one that comes first drops the resource, and it stays with the other's values.
  await harness.write({ 'servers.csv': 'sn,n,c\nS2,db,16\n' })
  await harness.project.sync('servers', { mode: 'complete', force: true })
  expect((await stored(harness)).servers).toEqual(['S1 web1 Rome', 'S2 db null'])
  await harness.write({ 'machines.csv': 'sn,n,s\nS1,web2,Nice\nS2,x,Nice\nM1,box,Bern\n' })
  const report = await harness.project.sync('cmdb', { mode: 'incremental', force: true })
  expect(report).toMatchObject({
    mode: 'incremental',
    entities: [{ replicas: { matchedUpdated: 1, updated: 1 } }],
  })
  expect(await stored(harness)).toEqual({
    servers: ['S1 web2 Nice', 'S2 db Nice'],
    // Nobody says anything else of it.
    printers: ['P1 ink Oslo'],
    machines: ['M1 box Bern'],
  })
})

test('what disappears goes with its last owner, of whatever type it is', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  await harness.write({ 'machines.csv': 'sn,n,s\n', 'servers.csv': 'sn,n,c\nS2,db,16\n' })
  const report = await harness.project.sync('cmdb', { mode: 'complete', force: true })
  expect(report.entities).toMatchObject([
    { changes: { updated: 0, deleted: 1 }, replicas: { deleted: 1, noAction: 2, disappeared: 3 } },
  ])
  expect(await stored(harness)).toEqual({
    servers: ['S1 web Rome', 'S2 db null'],
    printers: ['P1 ink Oslo'],
    machines: [],
  })
  await harness.project.sync('servers', { mode: 'complete', force: true })
  expect((await stored(harness)).servers).toEqual(['S2 db null'])
})

test('what is locked of a resource of a type that extends theirs is refused, and repaired', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  await expect(
    harness.project.edit([{ action: 'update', type: 'Server', resource: 'web', values: { site: 'Kiel' } }]),
  ).rejects.toMatchObject({ code: 'SLUICE-EDIT-01', details: { source: 'cmdb', property: 'site' } })
  await harness.execute(
    `update server set site = 'Kiel' where serial = 'S1'; update printer set site = 'Kiel'`,
  )
  const report = await harness.project.sync('cmdb', { mode: 'complete', force: true })
  expect(report.entities).toMatchObject([{ changes: { updated: 2 } }])
  expect(await stored(harness)).toMatchObject({
    servers: ['S1 web Rome', 'S2 db null'],
    printers: ['P1 ink Oslo'],
  })
})

test('sluice explain shows what every row says, by whichever key the resource is asked for', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  const explained = await harness.project.repository.explain('Server', 'S1')
  expect(explained).toMatchObject({
    entityType: 'Server',
    replicas: [
      { source: 'servers', key: 'S1' },
      { source: 'cmdb', key: 'S1' },
    ],
  })
  expect(explained?.values.find(({ property }) => property === 'site')).toMatchObject({ lockedBy: 'cmdb' })
  expect(explained?.values.find(({ property }) => property === 'name')?.claims).toMatchObject([
    { source: 'servers', standing: 'wins' },
    { source: 'cmdb', standing: 'shadowed' },
  ])
  expect(await harness.project.repository.explain('Machine', 'P1')).toMatchObject({ entityType: 'Printer' })
})

test('a run that found resources can be taken back, and so can one that let them go', async () => {
  const { harness: opened, report } = await begun()
  await using harness = opened
  await harness.project.revert(report.run ?? 0, { force: true })
  expect(await stored(harness)).toEqual({
    servers: ['S1 web null', 'S2 db null'],
    printers: ['P1 ink null'],
    machines: [],
  })
  expect(await replicasOf(harness, 'cmdb')).toEqual(['M1 new', 'P1 new', 'S1 new'])
  await harness.project.sync('cmdb', { mode: 'complete', force: true })
  await harness.write({ 'machines.csv': 'sn,n,s\nP1,ink1,Oslo\n' })
  const { run } = await harness.project.sync('cmdb', { mode: 'complete', force: true })
  await harness.project.revert(run ?? 0, { force: true })
  expect(await stored(harness)).toEqual({
    servers: ['S1 web Rome', 'S2 db null'],
    printers: ['P1 ink Oslo'],
    machines: ['M1 box Bern'],
  })
})

test('a deletion by a person takes all rows of the resource along', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  await harness.project.edit([{ action: 'delete', type: 'Server', resource: 'web' }])
  expect(await replicasOf(harness, 'cmdb')).toEqual(['M1 synchronized box', 'P1 synchronized ink'])
  expect(await replicasOf(harness, 'servers')).toEqual(['S2 synchronized db'])
})

test('merged resources keep the rows of all, and a merge can be taken back', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  const { report } = await harness.project.edit([
    { action: 'merge', type: 'Server', resource: 'db', merged: ['web'] },
  ])
  expect(
    (await harness.project.repository.explain('Server', 'db'))?.replicas.map(
      ({ source, key }) => `${source} ${key}`,
    ),
  ).toEqual(expect.arrayContaining(['servers S1', 'servers S2', 'cmdb S1']))
  await harness.project.revert(report.run ?? 0, { force: true })
  expect((await stored(harness)).servers).toEqual(['S1 web Rome', 'S2 db null'])
  expect(await replicasOf(harness, 'cmdb')).toContain('S1 synchronized web')
})

const abstract = (text: string) =>
  text
    .replace('  Machine:\n', '  Machine:\n    abstract: true\n')
    .replace('reconciliation: {rules: [[serial]]}\n', 'reconciliation: {rules: [[serial]], onZero: error}\n')

test('rows of an abstract type find what extends it, and create nothing', async () => {
  const { harness: opened } = await begun(abstract)
  await using harness = opened
  expect(await stored(harness)).toEqual({
    servers: ['S1 web Rome', 'S2 db null'],
    printers: ['P1 ink Oslo'],
    machines: [],
  })
  expect(await replicasOf(harness, 'cmdb')).toEqual([
    'M1 new no_match',
    'P1 synchronized ink',
    'S1 synchronized web',
  ])
})

test('a person links a doubtful row to a resource of any of the types', async () => {
  const { harness: opened } = await begun((text) =>
    abstract(text).replace('onZero: error', 'onZero: error, onMultiple: queue'),
  )
  await using harness = opened
  await harness.execute(`update server set serial = 'P1' where serial = 'S2'`)
  await harness.write({ 'machines.csv': 'sn,n,s\nS1,web1,Rome\n' })
  await harness.project.sync('cmdb', { mode: 'complete', force: true })
  await harness.write({ 'machines.csv': 'sn,n,s\nS1,web1,Rome\nP1,ink1,Oslo\n' })
  await harness.project.sync('cmdb', { mode: 'complete', force: true })
  const [shown] = [
    await harness.project.repository.match({ source: 'cmdb', entityType: 'Machine', key: 'P1' }),
  ]
  expect(shown?.resources.map(({ display }) => display)).toEqual(['db', 'ink'])
  const chosen = shown?.resources.find(({ display }) => display === 'db')?.resourceId ?? ''
  await harness.project.decideMatches([
    { source: 'cmdb', entityType: 'Machine', key: 'P1', decision: 'link', resource: chosen },
  ])
  expect((await stored(harness)).servers).toEqual(['S1 web Rome', 'S2 db Oslo'])
})

test.each([
  ['keep', 'web1', ['M1 box Bern']],
  ['hand-on', 'web', ['M1 box Bern']],
  ['delete', 'web', []],
] as const)('a source of a parent type may go: %s', async (resources, name, machines) => {
  const { harness: opened } = await begun((text) =>
    text
      .replace('  cmdb:\n', '  cmdb:\n    precedence: 20\n')
      .replace('policy: master_unlocked', 'policy: master_locked'),
  )
  await using harness = opened
  const path = join(harness.folder, 'sluice.yaml')
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.slice(0, text.indexOf('  cmdb:')))
  await using sources = await openSources(harness.folder, { environment: {} })
  expect(await sources.holdings('cmdb')).toMatchObject({
    replicas: 3,
    resources: 3,
    sharedResources: 2,
    created: 1,
  })
  expect((await stored(harness)).servers).toEqual(['S1 web1 Rome', 'S2 db null'])
  await sources.remove('cmdb', { resources, force: true })
  await harness.reconfigure((configured) => configured.slice(0, configured.indexOf('  cmdb:')))
  expect(await stored(harness)).toEqual({
    servers: [`S1 ${name} Rome`, 'S2 db null'],
    printers: [resources === 'keep' ? 'P1 ink1 Oslo' : 'P1 ink Oslo'],
    machines,
  })
  await harness.project.edit([{ action: 'update', type: 'Server', resource: name, values: { site: 'Kiel' } }])
})

test('a type that comes to extend it is found by its rows, too', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  await harness.reconfigure((text) =>
    text
      .replace('  Printer: {', '  Phone: {extends: Machine, display: name}\n  Printer: {')
      .replace(
        '  cmdb:\n',
        '  phones: {entities: {Phone: {file: phones.csv, key: serial, properties: {serial: sn, name: n}}}}\n  cmdb:\n',
      ),
  )
  await harness.write({
    'phones.csv': 'sn,n\nT1,desk\n',
    'machines.csv': 'sn,n,s\nS1,web1,Rome\nP1,ink1,Oslo\nM1,box,Bern\nT1,desk1,Lima\n',
  })
  await harness.project.sync('phones', { force: true })
  await harness.project.sync('cmdb', { mode: 'complete', force: true })
  expect(await valuesOf(harness.project, 'Phone')).toEqual([{ serial: 'T1', name: 'desk', site: 'Lima' }])
})

test('rows let go of resources of a type that extends theirs no more', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  await harness.reconfigure((text) =>
    text.replace(
      '  Printer: {extends: Machine, display: name, properties: {',
      '  Printer: {display: name, properties: {name: string, serial: {type: string, required: true}, site: string, ',
    ),
  )
  expect(await replicasOf(harness, 'cmdb')).toEqual(['M1 synchronized box', 'P1 new', 'S1 synchronized web'])
  await harness.project.sync('cmdb', { mode: 'complete', force: true })
  expect((await valuesOf(harness.project, 'Machine')).map(({ serial, name }) => `${serial} ${name}`)).toEqual(
    expect.arrayContaining(['M1 box', 'P1 ink1', 'S1 web']),
  )
})
