import { expect, test } from 'vitest'
import { groupLinks, isRemovable } from './group-links.ts'

const resource = (resourceId: string) => ({
  resourceId,
  entityType: 'Person',
  display: null,
  replicas: [],
  depth: 1,
})
const link = (kind: 'association' | 'reference', name: string, from: string, to: string) => ({
  kind,
  name,
  from,
  to,
  asserted: [],
})

test('links stand by association and reference, in each direction', () => {
  const groups = groupLinks({
    start: '1',
    more: false,
    alsoMatching: [],
    resources: ['1', '2', '3'].map(resource),
    links: [
      link('reference', 'Person.manager', '1', '2'),
      link('reference', 'Person.manager', '3', '1'),
      link('association', 'Membership', '1', '2'),
      link('association', 'Membership', '1', '3'),
      // Of two others.
      link('association', 'Membership', '2', '3'),
    ],
  })
  expect(
    groups.map(({ name, end, linked }) => [name, end, linked.map(({ resource: other }) => other.resourceId)]),
  ).toEqual([
    ['Membership', 'from', ['2', '3']],
    ['Person.manager', 'from', ['2']],
    ['Person.manager', 'to', ['3']],
  ])
})

test('a link of a resource with itself stands at both ends', () => {
  const groups = groupLinks({
    start: '1',
    more: false,
    alsoMatching: [],
    resources: [resource('1')],
    links: [link('association', 'Peer', '1', '1')],
  })
  expect(groups.map(({ end }) => end)).toEqual(['from', 'to'])
})

test('people remove what people have linked', () => {
  const person = [{ source: null, properties: {} }]
  const source = [{ source: 'ad', properties: {} }]
  expect(isRemovable({ kind: 'association', asserted: person })).toBe(true)
  expect(isRemovable({ kind: 'association', asserted: source })).toBe(false)
  expect(isRemovable({ kind: 'reference', asserted: person })).toBe(false)
})
