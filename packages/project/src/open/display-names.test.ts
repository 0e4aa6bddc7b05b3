/**
 * Resources that are shown by an expression, wherever they are named.
 */
import { expect, test } from 'vitest'
import { projectOf, valuesOf } from '../../test/project-of.ts'

const configuration = `
entityTypes:
  Unit:
    properties: {code: string, name: string}
  Person:
    display: {expression: '[lastName, firstName].filter(x, x != "").join(", ")'}
    properties:
      number: integer
      firstName: string
      lastName: string
      manager: {type: reference, to: Person}
  Contractor:
    extends: Person
    properties: {firm: string}
associations:
  Membership: {from: Person, to: Unit}
sources:
  hr:
    entities:
      Unit: {file: units.csv, key: code, properties: {code: code, name: name}}
      Person:
        file: people.csv
        key: number
        properties: {number: number, firstName: first, lastName: last, manager: {column: boss, by: number}}
      Contractor:
        file: contractors.csv
        key: number
        properties: {number: number, firstName: first, lastName: last, firm: firm, manager: {column: boss, by: number}}
    associations:
      Membership: {file: people.csv, from: {column: number, by: number}, to: {column: unit, by: code}}
`

const files = {
  'units.csv': 'code,name\nA,Analysis\n',
  'people.csv': 'number,first,last,boss,unit\n1,Ada,Lovelace,,A\n2,,Hopper,1,A\n3,,,2,A\n',
  'contractors.csv': 'number,first,last,firm,boss\n9,Grace,King,ACME,3\n',
}

async function begun() {
  const harness = await projectOf({ configuration, files })
  await harness.project.sync('hr')
  return harness
}

async function all<T>(rows: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = []
  for await (const row of rows) found.push(row)
  return found
}

test('a name is what the expression makes, and the key where it makes none', async () => {
  await using harness = await begun()
  const { repository } = harness.project
  const links = await all(repository.links('Membership'))
  expect(links.map(({ from }) => from)).toEqual(['Lovelace, Ada', 'Hopper', '3'])
  const managers = (await valuesOf(harness.project, 'Person')).map(({ number, manager }) => [number, manager])
  expect(managers.toSorted()).toEqual([
    [1, null],
    [2, 'Lovelace, Ada'],
    [3, 'Hopper'],
    [9, '3'],
  ])
})

test('lists are searched and sorted by it', async () => {
  await using harness = await begun()
  const { repository } = harness.project
  const found = repository.resources('Person', {
    where: [{ property: 'manager', operator: '~', value: 'lovelace, a' }],
  })
  expect((await all(found)).map(({ values }) => values['number'])).toEqual([2])
  const sorted = repository.resources('Person', { sort: [{ property: 'manager', descending: true }] })
  expect((await all(sorted)).map(({ values }) => values['manager'])).toEqual([
    'Lovelace, Ada',
    'Hopper',
    '3',
    null,
  ])
})

test('a type that extends another is shown as that is, and found by its name', async () => {
  await using harness = await begun()
  const { repository } = harness.project
  const found = await repository.explain('Person', 'King, Grace')
  expect(found).toMatchObject({ entityType: 'Contractor', display: 'King, Grace', alsoMatching: [] })
  const around = await repository.neighbours('Contractor', 'King, Grace', {})
  expect(around?.resources.map(({ display }) => display)).toEqual(['King, Grace', '3'])
})

test('changes and edits name people by it, also those that come with the run', async () => {
  await using harness = await begun()
  await harness.write({
    'people.csv':
      'number,first,last,boss,unit\n1,Ada,Lovelace,4,A\n2,,Hopper,1,A\n3,,,2,A\n4,Edsger,Dijkstra,,A\n',
  })
  const { run } = await harness.project.sync('hr')
  if (run === null) throw new Error('a run')
  const changes = await all(harness.project.changes(run))
  expect(changes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ operation: 'update', after: { manager: 'Dijkstra, Edsger' } }),
      expect.objectContaining({ kind: 'link', operation: 'insert', from: 'Dijkstra, Edsger' }),
    ]),
  )
  const edited = await harness.project.planEdit([
    { action: 'link', association: 'Membership', from: 'King, Grace', to: 'A' },
  ])
  expect(edited.changes).toMatchObject([{ kind: 'link', from: 'King, Grace' }])
})

test('another expression makes other names at once, of what is stored', async () => {
  await using harness = await begun()
  await harness.reconfigure((text) =>
    text.replace(/expression: .*\}$/m, `expression: 'firstName + " " + lastName'}`),
  )
  const links = await all(harness.project.repository.links('Membership'))
  expect(links.map(({ from }) => from)).toEqual(['Ada Lovelace', 'Hopper', '3'])
})
