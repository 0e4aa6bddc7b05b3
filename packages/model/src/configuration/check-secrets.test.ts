import { expect, test } from 'vitest'
import { parseConfiguration } from './parse-configuration.ts'

const sound = `repository: ./r
entityTypes:
  Unit: {display: code, properties: {code: string, lead: {type: reference, to: Person}}}
  Person: {display: name, properties: {name: string, password: secret}}
associations:
  Member: {from: Person, to: Unit, properties: {since: date}}
sources:
  hr:
    entities:
      Unit: {file: u.csv, key: code, properties: {code: code, lead: {column: lead, by: name}}}
      Person: {file: p.csv, key: name, delete: ignore, properties: {name: n, password: pw}}
`

function findingsOf(...[from, to]: readonly [from: string, to: string]): readonly string[] {
  expect(sound).toContain(from)
  const { findings } = parseConfiguration([{ path: 'sluice.yaml', text: sound.replace(from, to) }])
  return findings.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

test('a secret is mapped like any property', () => {
  expect(findingsOf('', '')).toEqual([])
})

test.each([
  [
    'displays resources',
    'display: name',
    'display: password',
    '4:21 "password" is a secret and cannot be displayed.',
  ],
  [
    'identifies a row',
    'key: name',
    'key: password',
    '11:34 The key "password" is a secret and cannot identify a row.',
  ],
  [
    'names a target',
    'by: name',
    'by: password',
    '10:88 "password" of "Person" is a secret and cannot name a resource.',
  ],
  [
    'finds resources',
    'delete: ignore',
    'reconciliation: {rules: [[name], [password]]}',
    '11:74 "password" is a secret, which cannot be used to find resources.',
  ],
  [
    'finds resources, normalized',
    'delete: ignore',
    'reconciliation: {rules: [[{property: password, normalize: blanks}]]}',
    '11:66 "password" is a secret, which cannot be used to find resources.',
  ],
  [
    'is marked to find resources',
    'password: pw',
    'password: {column: pw, reconcile: true}',
    '11:88 "password" is a secret, which cannot be used to find resources.',
  ],
  [
    'is written when a row has gone',
    'delete: ignore',
    'delete: {action: update, update: {password: x}}',
    '11:74 "password" is a secret, which a delete policy cannot write.',
  ],
  [
    'shares its column',
    'name: n,',
    'name: pw,',
    '11:69 "password" is a secret, and "name" is read from its column "pw", too.',
  ],
  [
    'has a format',
    'password: pw',
    'password: {column: pw, words: {true: [a], false: [b]}}',
    '11:101 "words" is for boolean properties; "password" is secret.',
  ],
  ['belongs to a link', 'since: date', 'since: secret', '6:56 "since" cannot be "secret".'],
])('none %s', (_, from, to, says) => {
  expect(findingsOf(from, to)).toEqual([says])
})
