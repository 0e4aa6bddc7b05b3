import { describe, expect, test } from 'vitest'
import { parseConfiguration } from './parse-configuration.ts'

const parsed = (source: string, { person = '', member = '' } = {}) =>
  parseConfiguration([
    {
      path: 'sluice.yaml',
      text: `entityTypes:
  Team: {properties: {name: string}}
  Person: {properties: {id: string, town: string, at: datetime, age: integer, team: {type: reference, to: Team}}}
associations:
  Member: {from: Person, to: Team}
sources:
  hr:
${source}
    entities:
      Team: {file: t.csv, key: name, properties: {name: name}}
      Person: {file: p.csv, key: id, properties: {id: id, ${person}}}
    associations:
      Member: {file: m.csv, from: p, to: t${member}}
`,
    },
  ])
const sourceOf = (...of: Parameters<typeof parsed>) => parsed(...of).configuration?.sources.get('hr')
const mappingOf = (name: string, ...of: Parameters<typeof parsed>) =>
  sourceOf(...of)
    ?.entities.find(({ entityType }) => entityType === 'Person')
    ?.properties.find(({ property }) => property === name)
const errorsOf = (...of: Parameters<typeof parsed>) =>
  parsed(...of).findings.flatMap(({ severity, message, remedy, line }) =>
    severity === 'error' ? [`${line}: ${message} ${remedy}`] : [],
  )

describe('what stands for no value', () => {
  const all = '    absent: [NULL, \\N, "0000-00-00", ~, 0]'

  test('is taken as it is written, whatever YAML takes it for', () => {
    expect(mappingOf('town', all, { person: 'town: town' })?.absent).toEqual([
      'NULL',
      '\\N',
      '0000-00-00',
      '~',
      '0',
    ])
  })

  test('holds for every column that says nothing else: keys, references and ends, too', () => {
    const person = 'town: {column: town, absent: [n/a]}, age: {column: age, absent: []}, team: team'
    const absent = ['NULL', '\\N', '0000-00-00', '~', '0']
    expect(mappingOf('id', all, { person })?.absent).toEqual(absent)
    expect(mappingOf('team', all, { person })?.absent).toEqual(absent)
    expect(mappingOf('town', all, { person })?.absent).toEqual(['n/a'])
    expect(mappingOf('age', all, { person })?.absent).toBeUndefined()
    const [member] = sourceOf(all, { member: ', absent: [none]' })?.associations ?? []
    expect([member?.from.absent, member?.to.absent]).toEqual([['none'], ['none']])
  })

  test('belongs to how a row is read, and is shown as it was written', () => {
    const { definitions } =
      parsed(all, { person: 'town: {column: town, absent: [NULL]}' }).configuration ?? {}
    const shown = JSON.stringify(definitions?.get('hr')?.effective)
    expect(shown).toContain('"absent":["NULL","\\\\N","0000-00-00","~","0"]')
    expect(shown).toContain('"absent":["NULL"]')
  })
})

describe('a time zone', () => {
  test('holds for the times of a source, and for nothing else', () => {
    const zone = '    timeZone: Europe/Berlin'
    const person = 'at: at, age: age'
    expect(mappingOf('at', zone, { person })?.timeZone).toBe('Europe/Berlin')
    expect(mappingOf('age', zone, { person })).not.toHaveProperty('timeZone')
    const own = { person: 'at: {column: at, timeZone: Asia/Tokyo}' }
    expect(mappingOf('at', zone, own)?.timeZone).toBe('Asia/Tokyo')
  })

  test('that there is not is named, with the one that is meant', () => {
    expect(errorsOf('    timeZone: Europe/Berln')).toEqual([
      '8: "Europe/Berln" is not a time zone. Did you mean "Europe/Berlin"?',
    ])
    expect(errorsOf('    description: x', { person: 'age: {column: age, timeZone: UTC}' })).toHaveLength(1)
  })
})

test('a fraction is no integer, so a percent sign cannot stand for one there', () => {
  expect(errorsOf('    description: x', { person: 'age: {column: age, percent: fraction}' })).toEqual([
    expect.stringContaining('"age" is an integer and cannot hold the fraction of a percent value.'),
  ])
})

test('a property by which others are looked up is kept in the form in which names are compared', () => {
  const yaml = (by: string) =>
    parseConfiguration([
      {
        path: 'sluice.yaml',
        text: `entityTypes:
  Person: {properties: {id: string, name: string, boss: {type: reference, to: Person}}}
sources:
  hr: {entities: {Person: {file: p.csv, key: id, properties: {id: id, name: name, boss: {column: boss, by: ${by}}}}}}
`,
      },
    ]).configuration?.sources.get('hr')?.entities[0]?.properties
  expect(yaml('name')?.map(({ lookedUp }) => lookedUp)).toEqual([undefined, true, undefined])
  expect(yaml('id')?.map(({ lookedUp }) => lookedUp)).toEqual([undefined, undefined, undefined])
})
