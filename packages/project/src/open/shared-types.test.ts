import { expect, test } from 'vitest'
import { projectOf, valuesOf } from '../../test/project-of.ts'

const configuration = `
entityTypes:
  Unit: {display: code, properties: {code: {type: string, required: true}, name: string}}
  Person:
    display: name
    properties: {name: {type: string, required: true}, mail: string, phone: string, born: date, unit: {type: reference, to: Unit}}
sources:
  hr:
    precedence: 20
    entities:
      Unit: {file: units.csv, key: code, properties: {code: code, name: name}}
      Person:
        file: people.csv
        key: name
        reconciliation: {rules: [[name]]}
        properties: {name: name, born: {column: born, format: dd/MM/yyyy}, phone: phone, unit: unit}
  ad:
    precedence: 10
    entities:
      Person:
        file: ad.csv
        key: mail
        reconciliation: {rules: [[name]]}
        properties: {name: {column: cn, policy: write_if_empty}, mail: mail, phone: {column: tel, policy: master_unlocked}}
`

const files = {
  'units.csv': 'code,name\nLAB,Laboratory\nADM,Administration\n',
  'people.csv': 'name,born,phone,unit\nAda,10/12/1815,11,LAB\nBob,01/02/1990,,ADM\n',
  'ad.csv': 'mail,cn,tel\nada@example.org,Ada,99\nbob@example.org,Bob,22\neve@example.org,Eve,33\n',
}

const [ada, bob, eve] = [
  { name: 'Ada', mail: 'ada@example.org', phone: '11', born: '1815-12-10', unit: 'LAB' },
  { name: 'Bob', mail: 'bob@example.org', phone: null, born: '1990-02-01', unit: 'ADM' },
  { name: 'Eve', mail: 'eve@example.org', phone: '33', born: null, unit: null },
]

async function twoSources() {
  const harness = await projectOf({ configuration, files })
  const hr = await harness.project.sync('hr')
  const ad = await harness.project.sync('ad')
  return { harness, hr, ad }
}

test('two sources that feed one type give each resource the values of both', async () => {
  const { harness: opened, hr, ad } = await twoSources()
  await using harness = opened
  expect(hr).toMatchObject({
    state: 'applied',
    entities: [{ mapping: 'Unit' }, { replicas: { created: 2 } }],
  })
  expect(ad).toMatchObject({
    state: 'applied',
    entities: [
      { mapping: 'Person', replicas: { created: 1, matchedUpdated: 2 }, rows: { read: 3, inserted: 3 } },
    ],
  })
  expect(await valuesOf(harness.project, 'Person')).toEqual([ada, bob, eve])
})

test('what they say again changes nothing', async () => {
  const { harness: opened } = await twoSources()
  await using harness = opened
  for (const source of ['hr', 'ad']) {
    const again = await harness.project.sync(source, { mode: 'complete' })
    const person = again.entities.find(({ mapping }) => mapping === 'Person')
    expect(person).toMatchObject({
      changes: { inserted: 0, updated: 0, deleted: 0 },
      rows: { inserted: 0, updated: 0 },
      replicas: { updated: 0, disappeared: 0 },
    })
  }
  expect(await valuesOf(harness.project, 'Person')).toEqual([ada, bob, eve])
})

test('when the one that wins drops a resource, the other’s values take its place, and the resource stays', async () => {
  const { harness: opened } = await twoSources()
  await using harness = opened
  await harness.write({ 'people.csv': 'name,born,phone,unit\nAda,10/12/1815,11,LAB\n' })
  const hr = await harness.project.sync('hr', { mode: 'complete', force: true })
  expect(hr).toMatchObject({ state: 'applied', entities: [{}, { replicas: { noAction: 1, deleted: 0 } }] })
  expect(await valuesOf(harness.project, 'Person')).toEqual([ada, { ...bob, phone: '22' }, eve])
  await harness.write({ 'ad.csv': 'mail,cn,tel\nada@example.org,Ada,99\n' })
  await harness.project.sync('ad', { mode: 'complete', force: true })
  // Whoever holds it last takes it along.
  expect(await valuesOf(harness.project, 'Person')).toEqual([ada])
})

test('a delivery of changes does what a complete would', async () => {
  const { harness: opened } = await twoSources()
  await using harness = opened
  await harness.write({
    'ad.csv': 'mail,cn,tel\nada@example.org,Ada,99\neve@example.org,Eve,34\nmax@example.org,Max,5\n',
  })
  const ad = await harness.project.sync('ad', { mode: 'incremental', force: true })
  expect(ad).toMatchObject({ mode: 'incremental', state: 'applied' })
  expect(await valuesOf(harness.project, 'Person')).toEqual([
    ada,
    { ...bob, mail: 'bob@example.org' },
    { ...eve, phone: '34' },
    { name: 'Max', mail: 'max@example.org', phone: '5', born: null, unit: null },
  ])
})

test('what somebody has written behind our back is repaired where it is locked, and kept where it is not', async () => {
  const { harness: opened } = await twoSources()
  await using harness = opened
  await harness.execute(`update person set mail = 'x', phone = '0' where name = 'Eve'`)
  await harness.project.sync('hr', { mode: 'complete' })
  expect(await valuesOf(harness.project, 'Person')).toContainEqual({ ...eve, mail: 'x', phone: '0' })
  const ad = await harness.project.sync('ad', { mode: 'complete' })
  expect(ad.entities).toMatchObject([{ changes: { updated: 1 } }])
  expect(await valuesOf(harness.project, 'Person')).toContainEqual({ ...eve, phone: '0' })
  const again = await harness.project.sync('ad', { mode: 'complete' })
  expect(again.entities).toMatchObject([{ changes: { updated: 0 } }])
})

test('drift is what contradicts a locked value of a resource that the source knows, whichever source locks it', async () => {
  const { harness: opened } = await twoSources()
  await using harness = opened
  const drift = async (source: string) => {
    const { changes } = await harness.project.drift(source)
    return changes.map((change) =>
      change.kind === 'entity'
        ? [change.operation, change.key, change.before, change.after]
        : [change.operation],
    )
  }
  expect([await drift('hr'), await drift('ad')]).toEqual([[], []])
  // A phone from the source with the higher precedence, and one that is not locked.
  await harness.write({ 'people.csv': files['people.csv'].replace('01/02/1990,', '01/02/1990,77') })
  await harness.project.sync('hr', { mode: 'complete' })
  await harness.execute(`update person set phone = '0' where name = 'Eve'`)
  expect([await drift('hr'), await drift('ad')]).toEqual([[], []])
  await harness.execute(
    `update person set mail = 'x' where name = 'Bob'; update person set phone = '8' where name = 'Ada'`,
  )
  const found = [
    ['update', 'Ada', { phone: '8' }, { phone: '11' }],
    ['update', 'Bob', { mail: 'x' }, { mail: 'bob@example.org' }],
  ]
  expect([await drift('hr'), await drift('ad')]).toEqual([found, found])
})

test('a source that comes to have the higher precedence wins with its next run', async () => {
  const { harness: opened } = await twoSources()
  await using harness = opened
  await harness.reconfigure((text) =>
    text
      .replace('precedence: 10', 'precedence: 30')
      .replace('policy: master_unlocked', 'policy: master_locked'),
  )
  await harness.project.sync('ad', { mode: 'complete', force: true })
  expect(await valuesOf(harness.project, 'Person')).toEqual([
    { ...ada, phone: '99' },
    { ...bob, phone: '22' },
    eve,
  ])
})

test('sluice explain tells who says what, and whose word stands', async () => {
  const { harness: opened } = await twoSources()
  await using harness = opened
  const found = await harness.project.repository.explain('Person', 'Ada')
  expect(found?.replicas).toMatchObject([
    { source: 'hr', key: 'Ada', status: 'synchronized', creator: true },
    {
      source: 'ad',
      key: 'ada@example.org',
      status: 'synchronized',
      creator: false,
      matched: { rule: 1, values: { name: 'Ada' } },
    },
  ])
  expect(found?.values.find(({ property }) => property === 'phone')).toMatchObject({
    value: '11',
    source: 'hr',
    lockedBy: 'hr',
    claims: [
      { source: 'hr', says: '11', standing: 'wins' },
      { source: 'ad', says: '99', standing: 'shadowed' },
    ],
  })
})

test('a row that has disappeared, and has only marked its resource, still says what stands', async () => {
  const marking = configuration.replace(
    '        reconciliation: {rules: [[name]]}\n        properties: {name: name, born',
    '        reconciliation: {rules: [[name]]}\n        delete: {action: update, update: {phone: gone}}\n        properties: {name: name, born',
  )
  await using harness = await projectOf({ configuration: marking, files })
  await harness.project.sync('hr')
  await harness.project.sync('ad')
  await harness.write({ 'people.csv': 'name,born,phone,unit\nBob,01/02/1990,,ADM\n' })
  await harness.project.sync('hr', { mode: 'complete', force: true })
  const found = await harness.project.repository.explain('Person', 'Ada')
  expect(found?.replicas).toMatchObject([{ source: 'hr', status: 'obsolete' }, { source: 'ad' }])
  expect(found?.values.find(({ property }) => property === 'name')).toMatchObject({
    lockedBy: 'hr',
    claims: [{ source: 'hr', standing: 'wins' }, { source: 'ad' }],
  })
})

test('sluice explain names the source whose value stands, whatever the others master', async () => {
  const filling = configuration
    .replace('phone: phone', 'phone: {column: phone, policy: master_unlocked}')
    .replace('policy: master_unlocked}}', 'policy: write_if_empty}}')
    .replace('    precedence: 20', '    precedence: 20\n    thresholds: off')
  await using harness = await projectOf({
    configuration: filling.replace(
      'reconciliation: {rules: [[name]]}',
      'reconciliation: {rules: [[name]]}\n        delete: {action: update, update: {mail: gone}}',
    ),
    files,
  })
  const phoneOf = async (property: string) =>
    (await harness.project.repository.explain('Person', 'Bob'))?.values.find(
      (one) => one.property === property,
    )
  await harness.project.sync('hr')
  await harness.project.sync('ad', { force: true })
  expect(await phoneOf('phone')).toMatchObject({ value: '22', source: 'ad' })
  await harness.write({ 'people.csv': 'name,born,phone,unit\nAda,10/12/1815,11,LAB\n' })
  await harness.project.sync('hr', { mode: 'complete', force: true })
  expect(await phoneOf('mail')).toMatchObject({ value: 'gone', source: 'hr' })
})

test('the first run of a second source is weighed against what its rows have found', async () => {
  await using harness = await projectOf({ configuration, files })
  await harness.project.sync('hr')
  const ad = await harness.project.sync('ad')
  expect(ad.entities).toMatchObject([{ stored: 2, changes: { updated: 2 } }])
})

test('a first run that is held leaves its rows as they came, and what is decided of it is what becomes of them', async () => {
  await using harness = await projectOf({
    configuration: configuration.replace('  ad:\n', '  ad:\n    thresholds: {updated: 1}\n'),
    files,
  })
  const statuses = async () => {
    const all: (readonly [string, string])[] = []
    for await (const { key, status } of harness.project.repository.replicas('ad')) all.push([key, status])
    return all
  }
  const came = ['ada', 'bob', 'eve'].map((name) => [`${name}@example.org`, 'new'])
  await harness.project.sync('hr')
  const first = await harness.project.sync('ad')
  expect(first.state).toBe('held')
  expect(await statuses()).toEqual(came)
  await harness.project.reject(first.run ?? 0, { by: 'ada' })
  expect(await statuses()).toEqual(came)
  const second = await harness.project.sync('ad', { mode: 'complete' })
  expect(second).toMatchObject({ state: 'held', entities: [{ replicas: { total: 3, seen: 3 } }] })
  await harness.project.approve(second.run ?? 0, { by: 'ada' })
  expect(await statuses()).toEqual(came.map(([key]) => [key, 'synchronized']))
  expect(await valuesOf(harness.project, 'Person')).toEqual([ada, bob, eve])
})

test('a type that comes to be shared keeps what its source has delivered', async () => {
  const alone = configuration
    .slice(0, configuration.indexOf('  ad:'))
    .replace('        reconciliation: {rules: [[name]]}\n', '')
  await using harness = await projectOf({ configuration: alone, files })
  await harness.project.sync('hr')
  await harness.reconfigure(() => configuration)
  const hr = await harness.project.sync('hr', { mode: 'complete' })
  expect(hr.entities.find(({ mapping }) => mapping === 'Person')).toMatchObject({
    changes: { inserted: 0, updated: 0, deleted: 0 },
    replicas: { total: 2, attached: 2 },
  })
  await harness.project.sync('ad')
  expect(await valuesOf(harness.project, 'Person')).toEqual([ada, bob, eve])
})

test('a value that two sources overwrite in turns is told, with what each says', async () => {
  const unlocked = configuration
    .replace('precedence: 20', 'precedence: 10')
    .replace('phone: phone, unit', 'phone: {column: phone, policy: master_unlocked}, unit')
  await using harness = await projectOf({ configuration: unlocked, files })
  const sync = async (source: string, name: string, content: string) => {
    await harness.write({ [name]: content })
    return (await harness.project.sync(source, { mode: 'complete', force: true })).notes
  }
  const hr = (phone: string, born = '10/12/1815') =>
    sync('hr', 'people.csv', `name,born,phone,unit\nAda,${born},${phone},LAB\n`)
  const ad = (phone: string) => sync('ad', 'ad.csv', `mail,cn,tel\nada@example.org,Ada,${phone}\n`)
  expect(await hr('11')).toEqual([])
  expect(await ad('12')).toEqual([])
  // Both follow the same change: nobody is at odds.
  expect(await hr('21')).toEqual([])
  expect(await ad('22')).toEqual([])
  expect(await hr('21', '11/12/1815')).toEqual([
    'phone of Person "Ada" changes back and forth: hr sets "21" (run 3, and again now), ad sets "22" (run 4). Give one of them precedence, or let it lock phone.',
  ])
})
