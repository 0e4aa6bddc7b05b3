/**
 * References that several properties of their target name together.
 */
import { expect, test } from 'vitest'
import { projectOf, valuesOf } from '../../test/project-of.ts'

const configuration = `
entityTypes:
  Room:
    display: name
    properties: {site: {type: string, required: true}, number: integer, name: string}
  Device:
    display: serial
    properties: {serial: {type: string, required: true}, room: {type: reference, to: Room}}
sources:
  buildings:
    entities:
      Room: {file: rooms.csv, key: name, properties: {site: site, number: {column: no, thousandsSeparator: "'"}, name: name}}
  inventory:
    entities:
      Device: {file: devices.csv, key: serial, properties: {serial: serial, room: {columns: [place, door], by: [site, number]}}}
`

const files = {
  'rooms.csv': "site,no,name\nParis,12,Lab\nParis,1'300,Attic\nA | B,12,Bar\n",
  'devices.csv':
    'serial,place,door\nd1,Paris,012\nd2,Paris,1300\nd3,A | B,12\nd4,A,| B | 12\nd5,Rome,12\nd6,,\nd7,Paris,\n',
}

const roomsOf = async (harness: Awaited<ReturnType<typeof projectOf>>) =>
  (await valuesOf(harness.project, 'Device')).map(({ serial, room }) => `${serial} ${room}`)

async function begun() {
  const harness = await projectOf({ configuration, files })
  await harness.project.sync('buildings')
  const report = await harness.project.sync('inventory')
  return { harness, report }
}

test('a reference finds the one resource that has all the values, each compared by what it says', async () => {
  const { harness: opened, report } = await begun()
  await using harness = opened
  expect(await roomsOf(harness)).toEqual([
    'd1 Lab',
    'd2 Attic',
    'd3 Bar',
    'd4 null',
    'd5 null',
    'd6 null',
    'd7 null',
  ])
  expect(report.entities).toMatchObject([{ orphanReferences: 3 }])
})

test('one that names nothing waits, and is resolved in the run that brings its target', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  await harness.write({ 'rooms.csv': 'site,no,name\nParis,12,Lab\nA | B,12,Bar\nRome,12,Hall\n' })
  await harness.project.sync('buildings', { mode: 'complete', force: true })
  expect(await roomsOf(harness)).toEqual([
    'd1 Lab',
    'd2 null',
    'd3 Bar',
    'd4 null',
    'd5 Hall',
    'd6 null',
    'd7 null',
  ])
})

test('when a part of what a resource is called changes, who named it lets go, and who names it now finds it', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  await harness.write({ 'rooms.csv': "site,no,name\nRome,12,Lab\nParis,1'300,Attic\nA | B,12,Bar\n" })
  await harness.project.sync('buildings', { mode: 'complete', force: true })
  expect((await roomsOf(harness)).slice(0, 5)).toEqual(['d1 null', 'd2 Attic', 'd3 Bar', 'd4 null', 'd5 Lab'])
})

test('one that names several resources names none', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  await harness.write({ 'rooms.csv': 'site,no,name\nParis,12,Lab\nParis,12,Other\n' })
  await harness.project.sync('buildings', { mode: 'complete', force: true })
  expect((await roomsOf(harness)).slice(0, 2)).toEqual(['d1 null', 'd2 null'])
})

test('changes of a delivery are looked up as a complete would', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  await harness.write({
    'devices.csv':
      'serial,place,door\nd1,Paris,1300\nd2,Paris,1300\nd3,A | B,12\nd4,A,| B | 12\nd5,Paris,12\nd6,Paris,12\nd7,,\n',
  })
  const report = await harness.project.sync('inventory', { mode: 'incremental', force: true })
  expect(report).toMatchObject({ mode: 'incremental', state: 'applied' })
  expect(await roomsOf(harness)).toEqual([
    'd1 Attic',
    'd2 Attic',
    'd3 Bar',
    'd4 null',
    'd5 Lab',
    'd6 Lab',
    'd7 null',
  ])
})

const openTable = `
  cmdb:
    table: true
    entities:
      Device:
        reconciliation: {rules: [[serial]]}
        properties: {serial: {}, room: {by: [site, number], precedence: 5}}
`

async function withTable() {
  const { harness } = await begun()
  await harness.reconfigure((text) => text + openTable)
  const load = (lines: readonly string[]) =>
    harness.project.load(
      'cmdb',
      { csv: ['primary_key,serial,room_site,room_number', ...lines, ''].join('\n'), separator: ',' },
      { run: true },
    )
  return { harness, load }
}

test('an open table has a column for each of the properties', async () => {
  const { harness: opened, load } = await withTable()
  await using harness = opened
  const [table] = await harness.project.repository.sharedTables('cmdb')
  expect(table?.columns).toEqual([
    { name: 'primary_key', property: null, type: 'text' },
    { name: 'serial', property: 'serial', type: 'string' },
    { name: 'room_site', property: 'room', type: 'reference', by: 'site' },
    { name: 'room_number', property: 'room', type: 'reference', by: 'number' },
  ])
  await load(['1,d1,Paris,1300', '2,d5,Rome,12', '3,d8,Paris,12', '4,d2,,', '5,d3,<NULL>,12'])
  // What is empty resets, what is absent leaves alone, and what names nothing waits with a warning.
  expect(await roomsOf(harness)).toEqual([
    'd1 Attic',
    'd2 null',
    'd3 Bar',
    'd4 null',
    'd5 null',
    'd6 null',
    'd7 null',
    'd8 Lab',
  ])
  await harness.execute(`update ${table?.table} set room_number = '12' where serial = 'd1'`)
  await harness.project.synchronize('cmdb')
  expect((await roomsOf(harness))[0]).toBe('d1 Lab')
  const explained = await harness.project.repository.explain('Device', 'd5')
  expect(JSON.stringify(explained)).toContain('Rome | 12')
})

test('a type that comes to be shared keeps what its references name, and what they wait for', async () => {
  const { harness: opened, load } = await withTable()
  await using harness = opened
  await load(['8,d8,Paris,12'])
  await harness.write({
    'rooms.csv': "site,no,name\nParis,12,Lab\nParis,1'300,Attic\nA | B,12,Bar\nRome,12,Hall\n",
  })
  await harness.project.sync('buildings', { mode: 'complete', force: true })
  const unchanged = await harness.project.sync('inventory', { mode: 'complete', force: true })
  expect(unchanged.entities).toMatchObject([{ rows: { updated: 0 }, replicas: { disappeared: 0 } }])
  expect((await roomsOf(harness)).slice(0, 5)).toEqual(['d1 Lab', 'd2 Attic', 'd3 Bar', 'd4 null', 'd5 Hall'])
})

test('what a row would find is tried out with its parts', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  await harness.reconfigure((text) => text + openTable.replace('[[serial]]', '[[serial], [room]]'))
  const [row] = await harness.project.testRows('cmdb', [
    { serial: 'd9', room_site: 'Paris', room_number: '12' },
  ])
  expect(JSON.stringify(row)).toContain('Paris | 12')
  await expect(harness.project.testRows('cmdb', [{ serial: 'd9', room: 'Rome' }])).rejects.toThrow(
    'room_site',
  )
})

test('who names a resource that was merged into another finds that one', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  await harness.reconfigure((text) =>
    text.replace('key: name,', 'key: name, reconciliation: {rules: [[name]]},'),
  )
  await harness.project.edit([{ action: 'merge', type: 'Room', resource: 'Lab', merged: ['Attic'] }])
  await harness.write({ 'devices.csv': 'serial,place,door\nd1,Paris,12\nd9,Paris,1300\n' })
  await harness.project.sync('inventory', { mode: 'complete', force: true })
  expect(await roomsOf(harness)).toEqual(['d1 Lab', 'd9 Lab'])
})

test('a run that let go of rows can be taken back', async () => {
  const { harness: opened } = await withTable()
  await using harness = opened
  await harness.project.sync('inventory', { mode: 'complete', force: true })
  await harness.write({ 'devices.csv': 'serial,place,door\nd1,Paris,12\n' })
  const { run } = await harness.project.sync('inventory', { mode: 'complete', force: true })
  expect(await roomsOf(harness)).toEqual(['d1 Lab'])
  await harness.project.revert(run ?? 0, { force: true })
  expect((await roomsOf(harness)).slice(0, 3)).toEqual(['d1 Lab', 'd2 Attic', 'd3 Bar'])
})

test('what people call a resource is looked up, too', async () => {
  const { harness: opened } = await begun()
  await using harness = opened
  await harness.project.edit([
    { action: 'create', type: 'Room', values: { site: 'Rome', number: '12', name: 'Hall' } },
  ])
  expect((await roomsOf(harness))[4]).toBe('d5 Hall')
  await harness.project.edit([{ action: 'update', type: 'Room', resource: 'Hall', values: { site: 'Pisa' } }])
  expect((await roomsOf(harness))[4]).toBe('d5 null')
})
