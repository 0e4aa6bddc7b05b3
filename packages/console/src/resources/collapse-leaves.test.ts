import { describe, expect, test } from 'vitest'
import { collapseLeaves } from './collapse-leaves.ts'

const resource = (resourceId: string) => ({
  resourceId,
  entityType: 'Person',
  display: null,
  replicas: [],
  depth: 1,
})
const link = (from: string, to: string) => ({
  kind: 'reference' as const,
  name: 'Person.manager',
  from,
  to,
  asserted: [],
})
const star = (count: number) => {
  const leaves = Array.from({ length: count }, (_, index) => `leaf ${index}`)
  return {
    start: 'boss',
    resources: ['boss', ...leaves].map(resource),
    links: leaves.map((leaf) => link(leaf, 'boss')),
  }
}

describe('many that hang on one', () => {
  test('are drawn as some and a node for the others', () => {
    const { resources, links, bundles } = collapseLeaves(star(30), 8)
    expect(resources).toHaveLength(9)
    expect(links).toHaveLength(8)
    expect(bundles).toEqual([
      { id: 'boss Person.manager to', on: 'boss', name: 'Person.manager', end: 'to', count: 22 },
    ])
  })

  test('are all drawn where that takes no more room', () => {
    expect(collapseLeaves(star(9), 8)).toMatchObject({ bundles: [], resources: { length: 10 } })
  })

  test('stay where they are linked to others, too', () => {
    const { start, resources, links } = star(30)
    const chain = Array.from({ length: 29 }, (_, index) => link(`leaf ${index}`, `leaf ${index + 1}`))
    expect(collapseLeaves({ start, resources, links: [...links, ...chain] }, 8).bundles).toEqual([])
  })
})
