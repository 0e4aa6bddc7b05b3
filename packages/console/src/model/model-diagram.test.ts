import { expect, test } from 'vitest'
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
  const { nodes, edges } = diagramOf({ types, associations }, new Map([['Server', '60 resources']]), 'Server')
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
