import { expect, test } from 'vitest'
import { graphOfDrawing } from './drawing-graph.ts'

test('what is in a frame says so, and what is looked at first stands out', () => {
  const { nodes, edges } = graphOfDrawing({
    title: 'syncmappings',
    direction: 'right',
    nodes: [],
    clusters: [
      {
        lines: ['Host_ComputerSystem 1.0', 'Demo'],
        nodes: [
          { id: 'host', lines: ['on Host as host'], look: { shape: 'round', tone: 'strong' } },
          { id: 'cs', lines: ['Computer', 'cs', 'shared'], look: { shape: 'box', tone: 'target' } },
        ],
        clusters: [],
      },
    ],
    edges: [{ from: 'host', to: 'cs', lines: ['In', 'where x'], dashed: true }],
  })
  expect(nodes).toEqual([
    { id: 'host', title: 'on Host as host', subtitle: 'Host_ComputerSystem 1.0', lines: [], main: true },
    {
      id: 'cs',
      title: 'Computer',
      subtitle: 'cs',
      lines: ['shared', 'Host_ComputerSystem 1.0'],
      main: false,
    },
  ])
  expect(edges).toEqual([{ id: '0 host cs', from: 'host', to: 'cs', label: 'In · where x', dashed: true }])
})
