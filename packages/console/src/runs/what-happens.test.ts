import { expect, test } from 'vitest'
import { byName, labelsOf } from '../model/labels.ts'
import { whatHappens } from './what-happens.ts'

const counts = [
  { type: 'Person', inserted: 2, updated: 0, deleted: 1 },
  { type: 'Membership', inserted: 1, updated: 0, deleted: 0 },
]

test('deletions come first, of what the reader calls it', () => {
  const labels = labelsOf({
    types: new Map([
      ['Person', { name: 'Person', labels: { de: 'Mitarbeiter' }, abstract: false, properties: [] }],
    ]),
    associations: [],
    sources: [],
  })
  expect(whatHappens(counts, byName)).toEqual(['Delete 1 Person', 'Insert 2 Person', 'Insert 1 Membership'])
  expect(whatHappens(counts, labels)[0]).toBe('Delete 1 Mitarbeiter')
})
