/**
 * What the discovery finds on one day after the other: software is upgraded, a host goes, another one comes, and one says a version that the
 * mapping cannot read.
 *
 * @module
 */
import { guestOf, type Host } from './demo-fleet.ts'
import { filesOf, type Graph, graphOf } from './demo-graph.ts'
import type { DemoRandom } from './demo-random.ts'

export interface Discovered {
  /** What has happened since the day before. */
  readonly title: string
  readonly files: ReadonlyMap<string, string>
}

export function discovered(hosts: readonly Host[], random: DemoRandom): readonly Discovered[] {
  const left = hosts.filter(({ name }) => name !== 'muc-build-app-02')
  const more = [...left, newHost(random)]
  const nginx = /^(fra|muc)-(shop|crm|erp)-web/
  const database = /-(reports|wiki)-db-/
  const upgraded = (graph: Graph) => versionOf(graph, nginx, '1.28.0')
  const patched = (graph: Graph) => versionOf(upgraded(graph), database, '17.5')
  return [
    { title: 'discovery: day 1', files: filesOf(graphOf(hosts)) },
    { title: 'discovery: a host is gone', files: filesOf(graphOf(left)) },
    { title: 'discovery: nginx is upgraded', files: filesOf(upgraded(graphOf(left))) },
    { title: 'discovery: PostgreSQL is upgraded, a host comes', files: filesOf(patched(graphOf(more))) },
    {
      title: 'discovery: a version that no mapping expects',
      files: filesOf(versionOf(patched(graphOf(more)), /^muc-git-web-02/, 'mainline')),
    },
  ]
}

function newHost(random: DemoRandom): Host {
  return {
    ...guestOf('muc-shop-web-03', 'muc', random),
    role: 'web',
    application: 'shop',
    on: 'muc-esx-02',
  }
}

/** The software on these hosts says another version. */
function versionOf({ nodes, relationships }: Graph, hosts: RegExp, version: string): Graph {
  return {
    nodes: nodes.map((node) =>
      node.kind === 'SoftwareInstance' && hosts.test(node.id)
        ? { ...node, attributes: { ...node.attributes, version } }
        : node,
    ),
    relationships,
  }
}
