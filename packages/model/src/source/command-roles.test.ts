import { describe, expect, test } from 'vitest'
import { parseConfiguration } from '../configuration/parse-configuration.ts'
import { commandRoles, commandsDetected, mayHoldCommands } from './command-roles.ts'

const model = `
entityTypes:
  Unit: {properties: {code: string, name: string, head: {type: reference, to: Site}}}
  Dept: {extends: Unit}
  Site: {properties: {place: string}}
  Person: {properties: {id: string, mail: string, dept: {type: reference, to: Unit}}}
associations:
  Works: {from: Person, to: Dept, cardinality: many-to-one}
  Staff: {from: Site, to: Person, cardinality: one-to-many}
  Member: {from: Person, to: Dept}
  Friend: {from: Person, to: Person}
  Seat: {from: Dept, to: Site, cardinality: many-to-one}
`
const person = 'Person: {file: f.csv, key: id, properties: {id: id}}'
const referring = 'Person: {file: f.csv, key: id, properties: {id: id, dept: {column: dept, by: code}}}'
const dept = 'Dept: {file: f.csv, key: code, properties: {code: dept}}'
const heading = 'Dept: {file: f.csv, key: code, properties: {code: dept, head: {column: site, by: place}}}'
const site = 'Site: {file: f.csv, key: place, properties: {place: site}}'
const saying = (commands: boolean, mapping: string) =>
  mapping.replace('{file', `{commands: ${commands}, file`)
const by: Readonly<Record<string, string>> = { dept: 'code', site: 'place', mail: 'mail' }
const end = (column: string) => `{column: ${column}, by: ${by[column] ?? 'id'}}`
const link = (name: string, from: string, to: string) =>
  `${name}: {file: f.csv, from: ${end(from)}, to: ${end(to)}}`

function rolesIn(entities: readonly string[], associations: readonly string[] = []) {
  const text = `${model}
sources:
  hr:
    entities: {${entities.join(', ')}}
    associations: {${associations.join(', ')}}`
  const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text }], {
    resolvePath: (_file, path) => path,
  })
  const source = configuration?.sources.get('hr')
  if (configuration === undefined || source === undefined) throw new Error(JSON.stringify(findings))
  return { source, roles: commandRoles(source, configuration.model, './f.csv') }
}

/** Each mapping with what commands are to it. */
function roles(entities: readonly string[], associations: readonly string[] = []) {
  const { source, roles: found } = rolesIn(entities, associations)
  expect(mayHoldCommands(source, 'f.csv')).toBe(found.kind !== 'data')
  if (found.kind !== 'commands') return found.kind === 'data' ? found.kind : found.candidates
  return Object.fromEntries(
    [...found.roles].map(([name, role]) => [name, role.kind === 'following' ? role.end : role.kind]),
  )
}

describe('the rows of a file are of', () => {
  test.each<[string, readonly string[], readonly string[], ReturnType<typeof roles>]>([
    ['the only entity', [person], [], { Person: 'commanded' }],
    ['who refers to the other', [dept, referring], [], { Dept: 'mentioned', Person: 'commanded' }],
    [
      'who refers to the others in the end',
      [site, heading, referring],
      [],
      { Site: 'mentioned', Dept: 'mentioned', Person: 'commanded' },
    ],
    [
      'who can have one link to the other',
      [dept, person],
      [link('Works', 'id', 'dept')],
      { Dept: 'mentioned', Person: 'commanded', Works: 'from' },
    ],
    [
      'who can have one link from the other',
      [site, person],
      [link('Staff', 'site', 'id')],
      { Site: 'mentioned', Person: 'commanded', Staff: 'to' },
    ],
    ['the one association', [], [link('Member', 'id', 'dept')], { Member: 'commanded' }],
    [
      'what says so',
      [person, dept, saying(true, site)],
      [],
      { Person: 'mentioned', Dept: 'mentioned', Site: 'commanded' },
    ],
    [
      'an association that says so, of which the entities are the ends',
      [person, dept],
      [saying(true, link('Member', 'id', 'dept'))],
      { Person: 'mentioned', Dept: 'mentioned', Member: 'commanded' },
    ],
    ['what is left', [person, saying(false, dept)], [], { Person: 'commanded', Dept: 'mentioned' }],
  ])('%s', (_, entities, associations, expected) => {
    expect(roles(entities, associations)).toEqual(expected)
  })

  test('nobody knows which, where neither refers to the other, or one could be either of two', () => {
    expect(roles([person, dept])).toEqual(['Person', 'Dept'])
    expect(roles([person, dept], [link('Member', 'id', 'dept')])).toEqual(['Person', 'Dept'])
    expect(roles([], [link('Works', 'id', 'dept'), link('Seat', 'dept', 'site')])).toEqual(['Works', 'Seat'])
    // It refers to another column than the one that the other is found by.
    expect(roles([dept, referring.replace('column: dept', 'column: former')])).toEqual(['Dept', 'Person'])
  })

  test('none of its mappings where all say that they are not', () => {
    expect(roles([saying(false, person)], [link('Member', 'id', 'dept')])).toBe('data')
    expect(roles([], [saying(false, link('Member', 'id', 'dept'))])).toBe('data')
  })
})

describe('links beside the entity that the rows are of', () => {
  test.each([
    ['follow it at the end that its own column names', link('Member', 'id', 'dept'), 'from'],
    ['follow it where both ends are of its type', link('Friend', 'other', 'id'), 'to'],
    [
      'follow it at the only end of its type, whatever it is called there',
      link('Member', 'mail', 'dept'),
      'from',
    ],
    ['are mentioned where both ends are others', link('Seat', 'dept', 'site'), 'mentioned'],
    ['are mentioned where they could be anybody', link('Friend', 'one', 'other'), 'mentioned'],
    ['are mentioned where they say so', saying(false, link('Member', 'id', 'dept')), 'mentioned'],
  ])('%s', (_, mapping, role) => {
    const [name = ''] = mapping.split(':')
    expect(roles([person], [mapping])).toEqual({ Person: 'commanded', [name]: role })
  })
})

test('what was detected is told in sentences', () => {
  const { roles: found } = rolesIn([site, heading, referring], [link('Member', 'id', 'dept')])
  if (found.kind !== 'commands') throw new Error(found.kind)
  expect(commandsDetected('f.csv', 'Command', found)).toBe(
    'The column Command of f.csv is taken for commands: they act on Person; the links of Member follow its rows; a row says of Site and Dept only that they exist.',
  )
})
