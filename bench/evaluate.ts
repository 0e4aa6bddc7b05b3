/**
 * How fast roots are evaluated: the mappings of examples/discovery over hosts of `discovery-graph.ts`, in one thread, without reading
 * and writing anything meanwhile. Prints configuration items for each second of CPU.
 *
 *   node bench/evaluate.ts --hosts 2000 --rounds 5
 *
 * @module
 */
import { globSync, readFileSync } from 'node:fs'
import { cpuUsage } from 'node:process'
import { parseArgs } from 'node:util'
import { requireModel } from '../packages/project/src/index.ts'
import {
  classModelOf,
  compile,
  type Edge,
  evaluateRoot,
  GraphNode,
  GraphRelationship,
  MemoryGraph,
  type Surroundings,
  type Value,
} from '../packages/syncmapping/src/index.ts'
import { type BenchNode, type BenchRelationship, hostSubgraph, subnet } from './discovery-graph.ts'

const { values } = parseArgs({
  options: { hosts: { type: 'string', default: '2000' }, rounds: { type: 'string', default: '5' } },
})
const hosts = Number(values.hosts)

const classes = classModelOf(await requireModel('examples/discovery'))
const modules = globSync('examples/discovery/mappings/**/*.tpl').sort()
const { program, diagnostics } = compile(
  modules.map((file) => ({ file, text: readFileSync(file, 'utf8') })),
  classes,
)
if (diagnostics.length > 0) throw new TypeError(diagnostics.map(({ message }) => message).join('\n'))

const nodes = new Map<string, GraphNode>()
const edges: Edge[] = []
const roots = Array.from({ length: hosts }, (_, number) => addHost(number))
const surroundings: Surroundings = {
  graph: new MemoryGraph(edges),
  classes,
  dataset: { has: () => false },
  dataModel: 6,
}

for (let round = 1; round <= Number(values.rounds); round++) {
  const before = cpuUsage()
  let items = 0
  for (const root of roots) {
    const result = evaluateRoot(program, root, surroundings)
    if (result.type !== 'specified') throw new TypeError(JSON.stringify(result))
    items += result.cis.length
  }
  const { user, system } = cpuUsage(before)
  const seconds = (user + system) / 1e6
  const rate = Math.round(items / seconds)
  console.log(
    `round ${round}: ${items} configuration items in ${seconds.toFixed(2)} s of CPU: ${rate} a second`,
  )
}

function addHost(number: number): GraphNode {
  const { nodes: own, relationships } = hostSubgraph(number)
  for (const node of own) addNode(node)
  for (const relationship of relationships) addEdge(relationship)
  return nodeOf(own[0]?.id ?? '')
}

function addNode({ id, kind, attributes }: BenchNode): void {
  const entries = Object.entries(attributes).map(([name, value]): [string, Value] => [
    name,
    typeof value === 'object' ? [...value] : value,
  ])
  nodes.set(id, new GraphNode(id, kind, new Map(entries)))
}

function addEdge({ from, fromRole, kind, toRole, to }: BenchRelationship): void {
  edges.push({
    from: nodeOf(from),
    fromRole,
    to: nodeOf(to),
    toRole,
    relationship: new GraphRelationship(kind, new Map()),
  })
}

function nodeOf(id: string): GraphNode {
  if (!nodes.has(id)) addNode(subnet(Number(id.split('/')[1])))
  const node = nodes.get(id)
  if (node === undefined) throw new TypeError(id)
  return node
}
