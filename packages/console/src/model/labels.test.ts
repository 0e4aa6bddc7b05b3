import type { EntityType } from '@sluice/model'
import { expect, test } from 'vitest'
import { byName, choicesOf, labelsOf, pathLabel, valueLabel, valuesLabel } from './labels.ts'

const property = (name: string, label?: string) => ({
  name,
  type: 'string' as const,
  required: false,
  ...(label === undefined ? {} : { labels: { de: label } }),
})

const state = {
  ...property('state', 'Zustand'),
  type: 'enum' as const,
  values: ['active', 'left'],
  valueLabels: { active: { de: 'Aktiv' } },
}

const types: readonly EntityType[] = [
  {
    name: 'Person',
    labels: { de: 'Mitarbeiter' },
    abstract: false,
    properties: [property('first', 'Name'), property('last', 'Name'), property('room'), state],
  },
  { name: 'Place', labels: { en: 'Room' }, abstract: false, properties: [] },
  { name: 'Room', abstract: false, properties: [] },
]

const labels = labelsOf({
  types: new Map(types.map((type) => [type.name, type])),
  associations: [
    {
      name: 'Membership',
      from: 'Person',
      to: 'Place',
      cardinality: 'many-to-many',
      toLabels: { de: 'Einheiten' },
      properties: [],
    },
  ],
  sources: [],
})

test('what has a label is called by it, and by its name where it has none', () => {
  expect(labels.type('Person')).toBe('Mitarbeiter')
  expect(labels.type('Room')).toBe('Room')
  expect(labels.property('Person', 'room')).toBe('room')
  expect(labels.end('Membership', 'to')).toBe('Einheiten')
  expect(labels.end('Membership', 'from')).toBe('Membership')
  expect(labelsOf(undefined).type('Person')).toBe('Person')
})

test('a label that several have, or that is the name of another, stands with the name', () => {
  expect(labels.property('Person', 'first')).toBe('Name (first)')
  expect(labels.type('Place')).toBe('Room (Place)')
})

test('values of enums have labels, and no other values', () => {
  expect(valueLabel(state, 'active')).toBe('Aktiv')
  expect(valueLabel(state, 'left')).toBe('left')
  expect(valueLabel(property('name'), 'active')).toBe('active')
  expect(labels.value('Person', 'state', 'active')).toBe('Aktiv')
  expect(labels.value('Person', 'room', 'active')).toBe('active')
})

test('a property with its type, and values in one line, are told as the reader calls them', () => {
  expect(pathLabel('Person.state', labels)).toBe('Mitarbeiter.Zustand')
  const values = { room: '12', state: 'active' }
  expect(valuesLabel('Person', values, labels)).toBe('room 12, Zustand Aktiv')
  expect(valuesLabel('Person', values, byName)).toBe('room 12, state active')
})

test('what is chosen by its label is a name', () => {
  expect(choicesOf(['Person', 'Room'], labels.type)).toEqual([
    { value: 'Person', label: 'Mitarbeiter' },
    { value: 'Room', label: 'Room' },
  ])
})
