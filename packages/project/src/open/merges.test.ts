import type { Edit } from '@sluice/model'
import { expect, test } from 'vitest'
import { projectOf, valuesOf } from '../../test/project-of.ts'

const configuration = `
entityTypes:
  Person:
    display: name
    properties: {name: {type: string, required: true}, mail: string, phone: string, badge: string, boss: {type: reference, to: Person}}
  Device: {display: tag, properties: {tag: {type: string, required: true}, owner: {type: reference, to: Person}, note: string, place: string}}
associations:
  Uses: {from: Device, to: Person}
  Knows: {from: Person, to: Person}
sources:
  hr:
    precedence: 20
    entities:
      Person:
        file: people.csv
        key: name
        reconciliation: {rules: [[name]]}
        properties: {name: name, phone: phone, boss: {column: boss, by: name}}
  ad:
    precedence: 10
    entities:
      Person:
        file: ad.csv
        key: mail
        reconciliation: {rules: [[name]]}
        properties: {name: cn, mail: mail, phone: {column: tel, policy: master_unlocked}}
  cmdb:
    entities:
      Device: {file: devices.csv, key: tag, properties: {tag: tag, note: note, owner: {column: owner, by: name}}}
    associations:
      Uses: {file: uses.csv, from: {column: tag, by: tag}, to: {column: who, by: name}}
`

const files = {
  'people.csv': 'name,phone,boss\nAda Lovelace,11,\nBob,22,A. Lovelace\n',
  'ad.csv': 'mail,cn,tel\nada@example.org,A. Lovelace,99\n',
  'devices.csv': 'tag,note,owner\nL1,,A. Lovelace\nL2,,Bob\n',
  'uses.csv': 'tag,who\nL1,A. Lovelace\nL2,A. Lovelace\nL2,Bob\n',
}

/** HR calls her Ada Lovelace, AD A. Lovelace: two resources of one person. */
async function oneTwice() {
  const harness = await projectOf({ configuration, files })
  for (const source of ['ad', 'hr', 'cmdb']) await harness.project.sync(source)
  await harness.project.edit([
    { action: 'update', type: 'Person', resource: 'ada@example.org', values: { badge: 'B-7' } },
    { action: 'link', association: 'Knows', from: 'Bob', to: 'ada@example.org' },
  ])
  return harness
}

const merge: Edit = {
  action: 'merge',
  type: 'Person',
  resource: 'name:Ada Lovelace',
  merged: ['name:A. Lovelace'],
}

test('what was said of either is said of one: values, references, links', async () => {
  await using harness = await oneTwice()
  const { project } = harness
  const { report } = await project.edit([merge])
  expect(report).toMatchObject({
    state: 'applied',
    entities: [{ changes: { inserted: 0, updated: 2, deleted: 1 } }, { mapping: 'Device' }],
  })
  // HR wins the name, and AD's mail and a person's badge are not lost.
  expect(await valuesOf(project, 'Person')).toEqual([
    { name: 'Ada Lovelace', mail: 'ada@example.org', phone: '11', badge: 'B-7', boss: null },
    { name: 'Bob', mail: null, phone: '22', badge: null, boss: 'Ada Lovelace' },
  ])
  expect(await valuesOf(project, 'Device')).toMatchObject([{ owner: 'Ada Lovelace' }, { owner: 'Bob' }])
  const pairs: string[] = []
  for await (const { from, to } of project.repository.links('Uses')) pairs.push(`${from} ${to}`)
  for await (const { from, to } of project.repository.links('Knows')) pairs.push(`${from} ${to}`)
  expect(pairs.toSorted()).toEqual(['Bob Ada Lovelace', 'L1 Ada Lovelace', 'L2 Ada Lovelace', 'L2 Bob'])
})

test('every source goes on as before, and finds by the old name what its resource became', async () => {
  await using harness = await oneTwice()
  const { project } = harness
  await project.edit([merge])
  for (const source of ['hr', 'ad', 'cmdb']) {
    const { entities } = await project.sync(source, { mode: 'complete' })
    expect(entities).toMatchObject(entities.map(() => ({ changes: { inserted: 0, updated: 0, deleted: 0 } })))
  }
  // Read anew: a row of the device, and a row of the person that names her so.
  await harness.write({
    'devices.csv': 'tag,note,owner\nL1,new,A. Lovelace\nL2,,Bob\nL3,,A. Lovelace\n',
    'people.csv': 'name,phone,boss\nAda Lovelace,11,\nBob,23,A. Lovelace\n',
    'uses.csv': 'tag,who\nL1,A. Lovelace\nL2,A. Lovelace\nL2,Bob\nL3,A. Lovelace\n',
    'ad.csv': 'mail,cn,tel\nada@example.org,A. Lovelace,98\n',
  })
  for (const source of ['hr', 'ad', 'cmdb']) await project.sync(source)
  expect(await valuesOf(project, 'Device')).toMatchObject([
    { tag: 'L1', owner: 'Ada Lovelace', note: 'new' },
    { tag: 'L2', owner: 'Bob' },
    { tag: 'L3', owner: 'Ada Lovelace' },
  ])
  expect(await valuesOf(project, 'Person')).toMatchObject([
    { name: 'Ada Lovelace', phone: '11' },
    { name: 'Bob', phone: '23', boss: 'Ada Lovelace' },
  ])
})

test('when the row of the one source goes, the other’s values take its place', async () => {
  await using harness = await oneTwice()
  const { project } = harness
  await project.edit([merge])
  await harness.write({ 'people.csv': 'name,phone,boss\nBob,22,\n' })
  await project.sync('hr', { mode: 'complete', force: true })
  expect(await valuesOf(project, 'Person')).toMatchObject([
    { name: 'A. Lovelace', phone: '99' },
    { name: 'Bob' },
  ])
})

test('what cannot be one is refused, and what is named otherwise', async () => {
  await using harness = await oneTwice()
  const { project } = harness
  await expect(
    project.edit([{ action: 'merge', type: 'Device', resource: 'L1', merged: ['L2'] }]),
  ).rejects.toThrow(
    'Device "L1" cannot be merged: "L1" of cmdb and "L2" of cmdb are rows of sources that do not share Device.',
  )
  await expect(
    project.edit([{ action: 'merge', type: 'Person', resource: 'Bob', merged: ['Bob'] }]),
  ).rejects.toThrow(/Person "Bob" cannot be merged: #\d+ is named twice/)
  await expect(project.edit([merge, { action: 'delete', type: 'Person', resource: 'Bob' }])).rejects.toThrow(
    'Edit 1 merges resources, and the request holds edits that do not.',
  )
})

test('what a person has made becomes one with the row of an owner, and gives it what no source says', async () => {
  await using harness = await oneTwice()
  const { project } = harness
  await project.edit([
    {
      action: 'create',
      type: 'Device',
      values: { tag: 'laptop of Bob', note: 'scratched', place: 'room 7' },
    },
  ])
  const [bobs, made] = ['L2', 'tag:laptop of Bob']
  await expect(
    project.edit([{ action: 'merge', type: 'Device', resource: made, merged: [bobs] }]),
  ).rejects.toThrow(/#\d+ is the row "L2" of cmdb, so that is the one that stays/)
  await project.edit([{ action: 'merge', type: 'Device', resource: bobs, merged: [made] }])
  const devices = [
    { tag: 'L1', note: null, place: null },
    // That there is no note is what its owner says.
    { tag: 'L2', note: null, place: 'room 7' },
  ]
  expect(await valuesOf(project, 'Device')).toMatchObject(devices)
  const { entities } = await project.sync('cmdb', { mode: 'complete' })
  expect(entities).toMatchObject([{ changes: { inserted: 0, updated: 0, deleted: 0 } }])
})

test('a plan of it writes nothing', async () => {
  await using harness = await oneTwice()
  const { project } = harness
  const before = await valuesOf(project, 'Person')
  const { report } = await project.planEdit([merge])
  expect(report.entities).toMatchObject([
    { changes: { updated: 2, deleted: 1 } },
    { changes: { updated: 1 } },
  ])
  expect(await valuesOf(project, 'Person')).toEqual(before)
})

test('a merge is taken back with all that followed it', async () => {
  await using harness = await oneTwice()
  const { project } = harness
  const [people, devices] = [await valuesOf(project, 'Person'), await valuesOf(project, 'Device')]
  const pairs = async () => {
    const found: string[] = []
    for (const name of ['Uses', 'Knows'])
      for await (const { from, to } of project.repository.links(name)) found.push(`${from} ${to}`)
    return found.toSorted()
  }
  const linked = await pairs()
  const { report } = await project.edit([merge])
  const reverted = await project.revert(report.run ?? 0, { force: true })
  // No source says otherwise: each row stands for the one again that it stood for.
  expect(reverted).toMatchObject({ cause: 'revert', state: 'applied', reverted: { comesAgain: [] } })
  expect(await valuesOf(project, 'Person')).toEqual(people)
  expect(await valuesOf(project, 'Device')).toEqual(devices)
  expect(await pairs()).toEqual(linked)
  // Each row stands for the one that it stood for, and nobody answers to a name that is another's.
  for (const source of ['hr', 'ad', 'cmdb']) await project.sync(source, { mode: 'complete', force: true })
  expect(await valuesOf(project, 'Person')).toEqual(people)
  expect(await valuesOf(project, 'Device')).toEqual(devices)
  expect(await pairs()).toEqual(linked)
  const { merged } = (await project.repository.explain('Person', 'Ada Lovelace')) ?? {}
  expect(merged).toBeUndefined()
  await expect(project.revert(reverted.run ?? 0)).rejects.toThrow(/has taken a merge back/)
  expect((await project.edit([merge])).report).toMatchObject({ state: 'applied' })
})
