/**
 * What the discovery finds in the data centres, as a graph: hosts and their guests, the software on them, databases, applications.
 *
 * @module
 */
import { applications, type Host, type Role } from './demo-fleet.ts'

interface GraphNode {
  readonly id: string
  readonly kind: string
  readonly attributes: Readonly<Record<string, string | number>>
}

interface GraphRelationship {
  readonly kind: string
  readonly from: string
  readonly fromRole: string
  readonly to: string
  readonly toRole: string
  readonly attributes?: Readonly<Record<string, number>>
}

export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly relationships: readonly GraphRelationship[]
}

interface Product {
  readonly type: string
  readonly version: string
  readonly port: number
}

const products: Readonly<Record<Role, Product>> = {
  web: { type: 'nginx', version: '1.26.2', port: 443 },
  app: { type: 'Apache Tomcat', version: '10.1.34', port: 8080 },
  db: { type: 'PostgreSQL', version: '16.9', port: 5432 },
  hypervisor: { type: 'VMware ESXi agent', version: '8.0.3', port: 902 },
  backup: { type: 'Bareos', version: '24.0.1', port: 9102 },
  dns: { type: 'BIND', version: '9.20.4', port: 53 },
  monitoring: { type: 'Prometheus', version: '3.1.0', port: 9090 },
  files: { type: 'Samba', version: '4.21.3', port: 445 },
}

/** Percent of an application that fails with one host. */
const shares: Partial<Readonly<Record<Role, number>>> = { web: 50, app: 40, db: 60 }

export function graphOf(hosts: readonly Host[]): Graph {
  const nodes = [...hosts.flatMap(nodesOf), ...applications.flatMap(applicationNodes)]
  const known = new Set(nodes.map(({ id }) => id))
  const relationships = hosts.flatMap((host) => relationshipsOf(host, hosts))
  return { nodes, relationships: relationships.filter(({ from, to }) => known.has(from) && known.has(to)) }
}

function nodesOf(host: Host): readonly GraphNode[] {
  const { name, site, system, model, serial, memory, role, application } = host
  const node = (id: string, kind: string, attributes: GraphNode['attributes']): GraphNode => ({
    id,
    kind,
    attributes: { key: id, ...attributes },
  })
  const databases = role === 'db' && name.endsWith('01') ? [`${application}`, `${application}_archive`] : []
  return [
    node(name, 'Host', { name, site, operating_system: system, model, serial, memory }),
    node(softwareOn(name), 'SoftwareInstance', { ...products[role] }),
    ...databases.map((database, index) =>
      node(`${name}/${database}`, 'Database', { name: database, size: 40 * (index + 1) + name.length }),
    ),
  ]
}

function applicationNodes({ code, name, criticality }: (typeof applications)[number]): readonly GraphNode[] {
  const application = `application/${code}`
  const cluster = `cluster/${code}`
  return [
    {
      id: application,
      kind: 'BusinessApplicationInstance',
      attributes: { key: application, name, criticality },
    },
    {
      id: cluster,
      kind: 'Cluster',
      attributes: { key: cluster, name: `${code}-db`, type: 'PostgreSQL with Patroni' },
    },
  ]
}

function relationshipsOf(host: Host, all: readonly Host[]): readonly GraphRelationship[] {
  const { name, role, application, on } = host
  const software = softwareOn(name)
  const found: GraphRelationship[] = [
    relationship('HostedSoftware', [name, 'Host'], [software, 'RunningSoftware']),
  ]
  if (on !== undefined)
    found.push(relationship('HostContainment', [on, 'HostContainer'], [name, 'ContainedHost']))
  if (application === undefined) return found
  for (const database of [application, `${application}_archive`])
    found.push(relationship('Detail', [software, 'ElementWithDetail'], [`${name}/${database}`, 'Detail']))
  found.push({
    ...relationship(
      'SoftwareContainment',
      [software, 'ContainedSoftware'],
      [`application/${application}`, 'SoftwareContainer'],
    ),
    attributes: { share: shares[role] ?? 100 },
  })
  if (role === 'db')
    found.push(relationship('Collection', [name, 'Member'], [`cluster/${application}`, 'Collection']))
  for (const other of all)
    if (other.application === application && other.role === usedBy[role])
      found.push(relationship('Communication', [software, 'Client'], [softwareOn(other.name), 'Server']))
  return found
}

const usedBy: Partial<Readonly<Record<Role, Role>>> = { web: 'app', app: 'db' }

function softwareOn(host: string): string {
  return `${host}/software`
}

function relationship(
  kind: string,
  [from, fromRole]: readonly [string, string],
  [to, toRole]: readonly [string, string],
): GraphRelationship {
  return { kind, from, fromRole, to, toRole }
}

/** As the files that the source reads. */
export function filesOf({ nodes, relationships }: Graph): ReadonlyMap<string, string> {
  const lines = (records: readonly object[]) =>
    records.map((record) => `${JSON.stringify(record)}\n`).join('')
  return new Map([
    ['nodes.jsonl', lines(nodes)],
    ['relationships.jsonl', lines(relationships)],
  ])
}
