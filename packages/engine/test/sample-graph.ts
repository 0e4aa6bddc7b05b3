/**
 * Hosts, software and subnets: a small source graph, the syncmappings of it, and what a repository holds of it according to a model
 * that knows neither databases nor changes.
 *
 * @module
 */
import { relationshipId } from '@sluice/model'
import {
  type Ci,
  commonClassModel,
  compile,
  evaluateRoot,
  type Graph,
  GraphNode,
  GraphRelationship,
  MemoryGraph,
  type RootResult,
  textOf,
  type Value,
} from '../../syncmapping/src/index.ts'
import type { Modules, Tables } from './engine-harness.ts'

export interface SampleNode {
  readonly id: string
  readonly kind: string
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  readonly destroyed?: boolean
}

export interface SampleRelationship {
  readonly from: string
  readonly fromRole: string
  readonly kind: string
  readonly toRole: string
  readonly to: string
}

export interface SampleGraph {
  readonly nodes: readonly SampleNode[]
  readonly relationships: readonly SampleRelationship[]
}

export const graphConfiguration = `
entityTypes:
  BMC_BaseElement: {abstract: true, properties: {SyncKey: string, Name: string}}
  BMC_ComputerSystem: {extends: BMC_BaseElement, properties: {Domain: string, Model: string}}
  BMC_SoftwareServer: {extends: BMC_BaseElement, properties: {VersionNumber: string}}
  BMC_IPConnectivitySubnet: {extends: BMC_BaseElement, properties: {Description: string}}
associations:
  BMC_HostedSystemComponents: {from: BMC_BaseElement, to: BMC_BaseElement, properties: {Name: string, HasImpact: string}}
  BMC_InIPSubnet: {from: BMC_BaseElement, to: BMC_BaseElement, properties: {HasImpact: string}}
  BMC_Dependency: {from: BMC_BaseElement, to: BMC_BaseElement, properties: {HasImpact: string}}
sources:
  discovery:
    thresholds: off
    graph: {files: graph.jsonl, modules: mappings}
`

export const graphModules: Modules = {
  'host.tpl': `tpl 1.15 module Test.Host;
syncmapping Host_ComputerSystem 1.0
  "A host, the subnets that it is in, and the host that it depends on."
  overview tags CMDB; end overview;
  mapping on Host as host
    cs -> BMC_ComputerSystem;
    traverse DeviceOnSubnet:In:Subnet:Subnet as net
      sub -> BMC_IPConnectivitySubnet;
    end traverse;
    traverse Dependant:DependsOn:Provider:Host as other
      provider -> BMC_ComputerSystem;
    end traverse;
  end mapping;
  body
    cs := sync.BMC_ComputerSystem(key := host.key, Name := host.name, Domain := host.domain);
    cs.Model := host.#ContainedHost:HostContainment:HostContainer:Chassis.model;
    for each net do
      sub := sync.shared.BMC_IPConnectivitySubnet(key := net.key, Name := net.name, Description := host.note);
      sync.rel.BMC_InIPSubnet(Source := cs, Destination := sub);
    end for;
    for each other do
      provider := sync.external.BMC_ComputerSystem(key := other.key);
      sync.rel.BMC_Dependency(Source := cs, Destination := provider);
    end for;
  end body;
end syncmapping;
`,
  'software.tpl': `tpl 1.15 module Test.Software;
from Test.Host import Host_ComputerSystem 1.0;
syncmapping Host_SoftwareServer 1.0
  "The software of a host."
  overview tags CMDB; end overview;
  mapping from Host_ComputerSystem.host as host
    traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance as si
      ss -> BMC_SoftwareServer;
    end traverse;
  end mapping;
  body
    for each si do
      ss := sync.BMC_SoftwareServer(key := si.key, Name := "%si.name% on %host.name%", VersionNumber := si.version);
      sync.rel.BMC_HostedSystemComponents(Source := Host_ComputerSystem.cs, Destination := ss, Name := si.name);
    end for;
  end body;
end syncmapping;
`,
}

/** What a delivery of it holds. */
export function tablesOf({ nodes, relationships }: SampleGraph): GraphRows {
  return { nodes: byId(nodes.map(nodeRow)), relationships: byId(relationships.map(relationshipRow)) }
}

/** As prepare sorts them. */
function byId(rows: readonly Fields[]): readonly Fields[] {
  return rows.toSorted((a, b) => ((a['id'] ?? '') < (b['id'] ?? '') ? -1 : 1))
}

type Fields = Readonly<Record<string, string>>
type GraphRows = Readonly<Record<'nodes' | 'relationships', readonly Fields[]>>

function nodeRow({ id, kind, attributes, destroyed }: SampleNode): Fields {
  return { id, kind, attributes: JSON.stringify(attributes), destroyed: destroyed === true ? 'true' : '' }
}

function relationshipRow(one: SampleRelationship): Fields {
  return { id: relationshipId(one), ...one, attributes: '{}' }
}

/** What a delivery of the changes holds. */
export function changesBetween(before: SampleGraph, after: SampleGraph): Tables {
  const [old, now] = [tablesOf(before), tablesOf(after)]
  const of = (table: 'nodes' | 'relationships') => {
    const rowsOf = (tables: GraphRows) => new Map(tables[table].map((row) => [row['id'] ?? '', row]))
    const [were, are] = [rowsOf(old), rowsOf(now)]
    const text = (row: Fields | undefined) => JSON.stringify(row)
    return byId([
      ...[...were].filter(([id]) => !are.has(id)).map(([id]) => ({ command: 'delete', id })),
      ...[...are]
        .filter(([id, row]) => text(row) !== text(were.get(id)))
        .map(([id, row]) => ({ command: were.has(id) ? 'update' : 'insert', ...row })),
    ])
  }
  return { nodes: of('nodes'), relationships: of('relationships') }
}

/** `BMC_ComputerSystem/H1 {…}`, `BMC_InIPSubnet a > b`; sorted. */
export type Contents = readonly string[]

/** What every root gave when it was evaluated last without failing, by root. */
export type Given = ReadonlyMap<string, readonly GivenRow[]>
type GivenRow = readonly [name: string, fields: Fields]

const { program } = compile(Object.entries(graphModules).map(([file, text]) => ({ file, text })))

/** What the roots give now. */
export function evaluateSample(sample: SampleGraph, before: Given): Given {
  const { graph, nodes } = graphOf(sample)
  const surroundings = { graph, dataset: { has: () => true }, classes: commonClassModel, dataModel: 6 }
  const given = new Map<string, readonly GivenRow[]>()
  for (const root of nodes.filter(({ kind }) => kind === 'Host')) {
    const result = evaluateRoot(program, root, surroundings)
    if (result.type === 'failed') given.set(root.id, before.get(root.id) ?? [])
    if (result.type === 'specified') given.set(root.id, [...cisOf(result), ...linksOf(result)])
  }
  return given
}

type Specified = Extract<RootResult, { type: 'specified' }>

function cisOf({ cis }: Specified): readonly GivenRow[] {
  return cis
    .filter(({ kind }) => kind !== 'external')
    .map((ci) => [nameOf(ci), fieldsOf(ci.attributes)] as const)
}

function linksOf({ relationships }: Specified): readonly GivenRow[] {
  return relationships.map(
    ({ className, source, destination, attributes }) =>
      [`${className} ${nameOf(source)} > ${nameOf(destination)}`, fieldsOf(attributes)] as const,
  )
}

function nameOf({ className, key }: Pick<Ci, 'className' | 'key'>): string {
  return `${className}/${key}`
}

function fieldsOf(attributes: ReadonlyMap<string, Value>): Fields {
  return Object.fromEntries([...attributes].map(([name, value]) => [name, textOf(value)]))
}

function graphOf({ nodes, relationships }: SampleGraph): { graph: Graph; nodes: readonly GraphNode[] } {
  const all = new Map(
    nodes.map(({ id, kind, attributes, destroyed }) => [
      id,
      new GraphNode(id, kind, new Map(Object.entries(attributes)), destroyed === true),
    ]),
  )
  const sorted = relationships.toSorted((a, b) => (relationshipId(a) < relationshipId(b) ? -1 : 1))
  const edges = sorted.flatMap(({ from, fromRole, kind, toRole, to }) => {
    const [source, target] = [all.get(from), all.get(to)]
    if (source === undefined || target === undefined) return []
    return [
      { relationship: new GraphRelationship(kind, new Map()), from: source, fromRole, to: target, toRole },
    ]
  })
  return { graph: new MemoryGraph(edges), nodes: [...all.values()] }
}

/** What all roots together say; links of which an end is missing are none. */
export function contentsOf(given: Given): Contents {
  const all = new Map<string, Fields>()
  for (const [, rows] of [...given].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const [name, fields] of rows) all.set(name, { ...all.get(name), ...fields })
  }
  return [...all]
    .filter(([name]) => {
      const [, ends] = /^\S+ (.+)$/.exec(name) ?? []
      return ends === undefined || ends.split(' > ').every((end) => all.has(end))
    })
    .map(([name, fields]) => shown(name, fields))
    .sort()
}

export function shown(name: string, fields: Readonly<Record<string, unknown>>): string {
  const present = Object.entries(fields).filter(([, value]) => value !== null && value !== '')
  return `${name} ${JSON.stringify(Object.fromEntries(present.sort(([a], [b]) => (a < b ? -1 : 1))))}`
}
