import { expect, test } from 'vitest'
import { parseConfiguration } from './parse-configuration.ts'

function messages(text: string): readonly string[] {
  const { findings } = parseConfiguration([{ path: 'sluice.yaml', text }])
  return findings.flatMap(({ severity, message }) => (severity === 'error' ? [message] : []))
}

function typeOf(columns: number, type: string): string {
  const properties = Array.from({ length: columns }, (_, index) => `p${index}: ${type}`)
  return `entityTypes: {Sample: {properties: {${properties.join(', ')}}}}`
}

test('a type with more columns than a table of PostgreSQL holds is refused before anything is made of it', () => {
  expect(messages(typeOf(1580, 'string'))).toEqual([])
  expect(messages(typeOf(1581, 'string'))).toEqual([
    '"Sample" has 1581 columns in SQL; a table of PostgreSQL holds 1580 beside those of Sluice.',
  ])
  // A file takes three columns.
  expect(messages(typeOf(527, 'file'))).toHaveLength(1)
})

test('a type may not be called like the index of another', () => {
  expect(
    messages('entityTypes: {Person: {properties: {id: string}}, PersonPkey: {properties: {id: string}}}'),
  ).toEqual([
    'Entity type "PersonPkey" would be called "person_pkey" in SQL, and The primary key of entity type "Person" has the same name.',
  ])
})
