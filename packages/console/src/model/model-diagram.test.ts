import { expect, test } from 'vitest'
import { byName, labelsOf } from './labels.ts'
import { diagramOf } from './model-diagram.ts'

const text = (name: string) => ({ name, type: 'string', required: false }) as const
const types = new Map(
  [
    { name: 'Device', abstract: true, properties: [text('name')] },
    {
      name: 'Server',
      abstract: false,
      extends: 'Device',
      properties: [
        text('name'),
        { name: 'owner', type: 'reference', to: 'Person', required: false } as const,
        ...Array.from({ length: 9 }, (_, index) => text(`p${index}`)),
      ],
    },
    { name: 'Person', abstract: false, properties: [text('name')] },
  ].map((type) => [type.name, type]),
)
const associations = [
  { name: 'Uses', from: 'Person', to: 'Server', cardinality: 'many-to-many', properties: [] },
] as const

test('a model is drawn with its associations, references and who extends whom', () => {
  const counts = new Map([['Server', '60 resources']])
  const { nodes, edges } = diagramOf({ types, associations }, counts, 'Server', byName)
  expect(edges.map(({ label, from, to, dashed }) => [label, from, to, dashed === true])).toEqual([
    ['Uses', 'Person', 'Server', false],
    ['owner', 'Server', 'Person', true],
    ['extends', 'Server', 'Device', true],
  ])
  expect(nodes.find(({ id }) => id === 'Server')).toMatchObject({
    subtitle: '60 resources',
    main: true,
    // Without what it inherits, and not all of a long list.
    lines: [
      'owner: → Person',
      'p0: string',
      'p1: string',
      'p2: string',
      'p3: string',
      'p4: string',
      'p5: string',
      'and 3 more',
    ],
  })
})

test('a model is drawn as its reader calls things, and opened by names', () => {
  const person = {
    name: 'Person',
    labels: { de: 'Mitarbeiter' },
    abstract: false,
    properties: [text('name')],
  }
  const called = new Map([
    ...types,
    ['Person', person],
    [
      'Room',
      {
        name: 'Room',
        abstract: false,
        properties: [
          { name: 'owner', labels: { de: 'Besitzer' }, type: 'reference', to: 'Person', required: false },
        ],
      } as const,
    ],
  ])
  const model = { types: called, associations: [...associations], sources: [] }
  const { nodes, edges } = diagramOf(model, new Map(), undefined, labelsOf(model))
  expect(nodes.find(({ id }) => id === 'Person')?.title).toBe('Mitarbeiter')
  expect(nodes.find(({ id }) => id === 'Room')?.lines).toEqual(['Besitzer: → Mitarbeiter'])
  expect(edges.find(({ id }) => id === 'reference Room.owner')?.label).toBe('Besitzer')
})
