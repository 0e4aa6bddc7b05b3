import { expect, test } from 'vitest'
import { parseConfiguration } from './parse-configuration.ts'

const parsed = (source: string, { person = '', member = '', entities = true } = {}) =>
  parseConfiguration(
    [
      {
        path: 'sluice.yaml',
        text: `entityTypes:
  Person: {properties: {id: string, name: string}}
associations:
  Friend: {from: Person, to: Person}
sources:
  hr:
${source}${
  entities
    ? `
    entities:
      Person: {file: p-*.csv, key: id, properties: {id: id}${person}}
    associations:
      Friend: {file: p-*.csv, from: id, to: friend${member}}`
    : ''
}
`,
      },
    ],
    { resolvePath: (file, relative) => `/${file}/../${relative}` },
  )
const sourceOf = (...of: Parameters<typeof parsed>) => parsed(...of).configuration?.sources.get('hr')
const errorsOf = (...of: Parameters<typeof parsed>) =>
  parsed(...of).findings.flatMap(({ severity, message, line }) =>
    severity === 'error' ? [`${line}: ${message}`] : [],
  )

test('a source may have a folder for everything and one for changes', () => {
  expect(sourceOf('    folder: {complete: full, incremental: changes}')).toMatchObject({
    folder: '/sluice.yaml/../full',
    changesFolder: '/sluice.yaml/../changes',
  })
  expect(sourceOf('    folder: full')?.changesFolder).toBeUndefined()
})

test('both have to be named, and be two', () => {
  expect(errorsOf('    folder: {complete: full}')).toEqual([
    expect.stringContaining('"incremental" is missing'),
  ])
  expect(errorsOf('    folder: {complete: full, incremental: full}')).toEqual([
    '7: The two folders are one: a file of changes would be taken for everything.',
  ])
})

test('how old files may be, and by what they are known to be all there', () => {
  const source = sourceOf('    maxAge: 26h\n    marker: hr.done', { person: ', maxAge: 2d' })
  expect(source).toMatchObject({ maxAge: 26 * 3_600_000, marker: 'hr.done' })
  expect(source?.entities[0]?.maxAge).toBe(48 * 3_600_000)
})

test('mappings of one file take the same of several', () => {
  const choices = (of: Parameters<typeof parsed>[1]) => {
    const { entities = [], associations = [] } = sourceOf('    mode: auto', of) ?? {}
    return [...entities, ...associations].map(({ several }) => several)
  }
  expect(choices({ member: ', several: last' })).toEqual(['last', 'last'])
  expect(choices({})).toEqual([undefined, undefined])
  expect(errorsOf('    mode: auto', { person: ', several: all', member: ', several: last' })).toEqual([
    '11: Friend and Person read p-*.csv together, and say two things of several files.',
  ])
})

test('only the name of a file may vary, and only then there are several', () => {
  const person = (file: string, several = '') => `    mode: auto
    entities:
      Person: {file: "${file}", key: id${several}, properties: {id: id}}`
  expect(errorsOf(person('2026-*/p.csv'), { entities: false })).toEqual([
    '9: "2026-*/p.csv" has a * or ? in the name of a folder, where it stands for nothing.',
  ])
  expect(errorsOf(person('p.csv', ', several: last'), { entities: false })).toEqual([
    '9: "several" says which of several files is taken, and "p.csv" is one.',
  ])
})

test.each(['maxAge: 26h', 'marker: done', 'folder: {complete: a, incremental: b}'])(
  'a program writes new files: %s is of files that others drop',
  (said) => {
    expect(errorsOf(`    export: {command: x}\n    ${said}`)).toEqual([
      expect.stringMatching(/^8: An export writes new files each time/),
    ])
  },
)

test('an open table has no files of which anything could be said', () => {
  const table = `    table: true
    marker: done
    maxAge: 1h
    entities:
      Person: {several: last, maxAge: 1h, properties: {id: id}}`
  expect(errorsOf(table, { entities: false })).toEqual([
    '8: The source is an open table, which has no marker.',
    '9: The source is an open table, which has no maxAge.',
    expect.stringMatching(/^11: The source is an open table, which has no several/),
    expect.stringMatching(/^11: The source is an open table, which has no maxAge/),
  ])
})
