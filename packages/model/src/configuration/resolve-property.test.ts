import { expect, test } from 'vitest'
import { parseConfiguration } from './parse-configuration.ts'

const parsed = (property: string, link: string) =>
  parseConfiguration([
    {
      path: 'sluice.yaml',
      text: `entityTypes: {Person: {properties: {name: ${property}}}}
associations: {Friendship: {from: Person, to: Person, properties: {since: ${link}}}}`,
    },
  ])

test('a property may be indexed, and is none that says no', () => {
  const indexed = (property: string) =>
    parsed(property, 'date').configuration?.model.entityTypes.get('Person')?.properties[0]
  expect(indexed('{type: string, indexed: true}')).toMatchObject({ name: 'name', indexed: true })
  expect(indexed('{type: string, indexed: false}')).toEqual(indexed('string'))
})

test.each([
  ['file', /There is no key "indexed" in "name"/],
  ['secret', /There is no key "indexed" in "name"/],
])('a %s has no order', (type, message) => {
  const { findings } = parsed(`{type: ${type}, indexed: true}`, 'date')
  expect(findings.map((finding) => finding.message)).toContainEqual(expect.stringMatching(message))
})

test.each([
  ['history: none', 'The history keeps every change of a link.'],
  ['indexed: true', 'No list of links is in the order of a property.'],
])('a property of links has no %s', (key, message) => {
  const { findings } = parsed('string', `{type: date, ${key}}`)
  expect(findings.map((finding) => [finding.line, finding.message])).toContainEqual([2, message])
})
