import { expect, test } from 'vitest'
import { differencesOf } from './definition-differences.ts'
import { type ParseOptions, parseConfiguration } from './parse-configuration.ts'
import {
  definitionOfGone,
  definitionsIn,
  definitionText,
  renamedDefinition,
  valueOfDefinition,
} from './stored-definitions.ts'
import { storedModelOf } from './stored-model.ts'

const model = `
entityTypes:
  Person: {properties: {name: string, mail: string, born: date, boss: {type: reference, to: Person}}}
  Team: {properties: {name: string}}
associations:
  Member: {from: Person, to: Team}
jobs: {nightly: {steps: [{sync: hr}]}}
`

const hr = `# all of it
sources:
  hr:
    precedence: 7
    obsoleteLocks: false
    owner: olga # asks nobody
    thresholds: {deleted: 5}
    entities:
      Person:
        file: people.csv
        key: name
        reconciliation: {rules: [[name, born], [mail]], onZero: error}
        delete: {action: update_then_delete, update: {mail: ""}, retention: 30d}
        fullLoadInterval: 2d
        thresholds: {updated: 5%}
        properties:
          name: 007
          mail: {column: m, policy: master_unlocked, precedence: 0}
          born: {column: b, format: dd/MM/yyyy, update: false}
          boss: {column: boss, by: name}
      Team: {file: teams.csv, key: name, thresholds: off, properties: {name: t}}
    associations:
      Member: {file: members.csv, from: {column: p, by: name}, to: t}
`

function parsed(text: string, options: ParseOptions = {}) {
  const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text: model }], {
    stored: definitionsIn(text),
    ...options,
  })
  if (configuration === undefined) throw new Error(findings.map(({ message }) => message).join('\n'))
  return configuration
}

test('a stored source is what it would be in a file, and is kept as it was written', () => {
  const inFile = parseConfiguration([{ path: 'sluice.yaml', text: model + hr }]).configuration
  const stored = parsed(hr)
  expect(stored.sources).toEqual(inFile?.sources)
  expect(stored.sources.get('hr')?.entities[0]?.properties[0]?.column).toBe('007')
  expect(stored.definitions.get('hr')?.definedIn).toBe('stored')
  expect(inFile?.definitions.get('hr')).toMatchObject({ definedIn: 'file', place: { line: 10 } })
  expect(definitionsIn(hr)[0]?.text).toContain('olga # asks nobody')
})

test('what is shown of a source means the same when it is applied', () => {
  const configuration = parsed(hr)
  const effective = configuration.definitions.get('hr')?.effective
  const again = parsed(definitionText('hr', effective))
  expect(storedModelOf(again)).toEqual(storedModelOf(configuration))
  expect(again.sources.get('hr')?.entities.map(({ federation }) => federation)).toEqual(
    configuration.sources.get('hr')?.entities.map(({ federation }) => federation),
  )
  // And is shown so once more.
  expect(again.definitions.get('hr')?.effective).toEqual(effective)
})

test('each source of a file stands alone: what an alias or a merge stands for is written out', () => {
  const [one, two, three] = definitionsIn(`sources:
  one: &one {table: true, entities: {Team: {properties: {name: {}}}}}
  two: {<<: *one, owner: olga}
  three: *one
`)
  expect([one, two, three].map((definition) => definition && valueOfDefinition(definition))).toEqual([
    { table: true, entities: { Team: { properties: { name: {} } } } },
    { table: true, entities: { Team: { properties: { name: {} } } }, owner: 'olga' },
    { table: true, entities: { Team: { properties: { name: {} } } } },
  ])
  expect(two?.text).not.toMatch(/[&*]one/)
  expect(one && renamedDefinition(one, 'new').text).toContain('new:')
})

test('a source that is gone from its file is known again from what the repository knows of it', () => {
  const before = storedModelOf(parsed(hr))
  const gone = before.sources.get('hr')
  if (gone === undefined) throw new Error('there is one')
  const after = parsed(definitionOfGone(gone).text)
  expect(storedModelOf(after).sources.get('hr')).toEqual(gone)
  expect(after.sources.get('hr')?.status).toBe('obsolete')
})

test('a name that no file defines is wrong, or may be that of a stored source', () => {
  const findings = (options: ParseOptions) =>
    parseConfiguration([{ path: 'sluice.yaml', text: model }], options).findings.filter(({ message }) =>
      message.startsWith('There is no source "'),
    )
  expect(findings({})).toMatchObject([{ severity: 'error' }])
  expect(findings({ stored: 'unknown' })).toMatchObject([{ severity: 'warning' }])
  expect(findings({ stored: definitionsIn(hr) })).toEqual([])
})

test('a source was not renamed from one that is there', () => {
  const text = `${model}${hr}  old: {renamedFrom: hr, folder: ., entities: {Team: {file: t.csv, key: name, properties: {name: t}}}}\n`
  const { findings } = parseConfiguration([{ path: 'sluice.yaml', text }])
  expect(findings.map(({ message }) => message)).toContain(
    'Source "hr" still exists, so "old" cannot be renamed from it.',
  )
})

test('differences are told by their keys', () => {
  expect(differencesOf({ a: { b: 1, c: [1] }, d: 1 }, { a: { b: 2, c: [1] }, e: 'x' })).toEqual([
    'a.b: 1 → 2',
    'd: 1 → not given',
    'e: not given → "x"',
  ])
})

test('modules that differ are told apart by their names, and their texts by their lines', () => {
  const graph = (...modules: readonly (readonly [string, string])[]) => ({
    graph: { modules: modules.map(([file, text]) => ({ file, text })) },
  })
  const before = graph(['a.tpl', 'one\n two\n'], ['b.tpl', 'one\n'])
  expect(differencesOf(before, graph(['a.tpl', 'one\n 2\n'], ['b.tpl', 'one\n']))).toEqual([
    'graph.modules.a.tpl, line 2: "two" → "2"',
  ])
  expect(differencesOf(before, graph(['a.tpl', 'one\n'], ['c.tpl', 'three']))).toEqual([
    'graph.modules.a.tpl: 3 lines → 2 lines',
    'graph.modules.b.tpl: 2 lines → not given',
    'graph.modules.c.tpl: not given → "three"',
  ])
})
