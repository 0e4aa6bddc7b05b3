/**
 * A source graph of any size for benchmarks, in the files that a graph source reads: `nodes.jsonl` and `relationships.jsonl`. Streamed,
 * so that size costs no memory, and the same on every machine.
 *
 * Each host has 20 software instances, 3 interfaces and 4 addresses; hosts share subnets of 200 addresses. What the mappings of
 * examples/discovery make of one host is 42 configuration items and its subnets.
 *
 *   node bench/discovery-graph.ts FOLDER --hosts 100000
 *
 * @module
 */
import { once } from 'node:events'
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'

export interface BenchNode {
  readonly id: string
  readonly kind: string
  readonly attributes: Readonly<Record<string, string | number | boolean | readonly string[]>>
}

export interface BenchRelationship {
  readonly from: string
  readonly fromRole: string
  readonly kind: string
  readonly toRole: string
  readonly to: string
}

interface BenchSubgraph {
  readonly nodes: readonly BenchNode[]
  readonly relationships: readonly BenchRelationship[]
}

/** What a host consists of, but for the subnets of its addresses. */
const each = { software: 20, interfaces: 3, addresses: 4, addressesOfSubnet: 200 } as const

/** Writes the two files into `folder`, which is made. */
export async function generateGraph(folder: string, hosts: number): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const nodes = new Lines(join(folder, 'nodes.jsonl'))
  const relationships = new Lines(join(folder, 'relationships.jsonl'))
  for (let number = 0; number < subnetsOf(hosts); number++) await nodes.write(subnet(number))
  for (let number = 0; number < hosts; number++) {
    const host = hostSubgraph(number)
    for (const node of host.nodes) await nodes.write(node)
    for (const relationship of host.relationships) await relationships.write(relationship)
  }
  await Promise.all([nodes.end(), relationships.end()])
}

function subnetsOf(hosts: number): number {
  return Math.ceil((hosts * each.addresses) / each.addressesOfSubnet)
}

export function subnet(number: number): BenchNode {
  const range = `10.${number >> 8}.${number & 255}.0/24`
  const attributes = { key: keyOf('Subnet', number), ip_address_range: range, netmask: '255.255.255.0' }
  return { id: idOf('Subnet', number), kind: 'Subnet', attributes }
}

/** A host with all that is its own. */
export function hostSubgraph(number: number): BenchSubgraph {
  const nodes = [host(number)]
  const relationships: BenchRelationship[] = []
  const add = (node: BenchNode, relationship: Omit<BenchRelationship, 'to'>) => {
    nodes.push(node)
    relationships.push({ ...relationship, to: node.id })
  }
  const id = idOf('Host', number)
  for (let index = 0; index < each.software; index++) {
    const kind = 'HostedSoftware'
    add(software(number, index), { from: id, fromRole: 'Host', kind, toRole: 'RunningSoftware' })
  }
  for (let index = 0; index < each.interfaces; index++) {
    const kind = 'DeviceInterface'
    const roles = { fromRole: 'DeviceWithInterface', toRole: 'InterfaceOfDevice' }
    add(networkInterface(number, index), { from: id, kind, ...roles })
  }
  for (let index = 0; index < each.addresses; index++) {
    const from = idOf('NetworkInterface', number, index % each.interfaces)
    const roles = { fromRole: 'InterfaceWithAddress', toRole: 'IPv4Address' }
    const one = address(number, index)
    add(one, { from, kind: 'InterfaceAddress', ...roles })
    relationships.push({
      from: one.id,
      fromRole: 'DeviceOnSubnet',
      kind: 'DeviceSubnet',
      toRole: 'Subnet',
      to: idOf('Subnet', subnetOf(number, index)),
    })
  }
  return { nodes, relationships }
}

function host(number: number): BenchNode {
  const hostname = `host${number}`
  const attributes = {
    key: keyOf('Host', number),
    name: hostname,
    hostname,
    dns_domain: 'example.org',
    fqdn: `${hostname}.example.org`,
    host_type: 'Server',
    vendor: 'HPE',
    model: 'ProLiant DL380 Gen11',
    serial: `CZJ${number}`,
    ram: 65536,
    os: 'Debian GNU/Linux 12 (bookworm)',
    os_type: 'Debian GNU/Linux',
    os_version: '12',
    os_class: 'UNIX',
    os_vendor: 'Debian',
    last_update_success: '2026-11-28 03:12:00+00:00',
  }
  return { id: idOf('Host', number), kind: 'Host', attributes }
}

const products = [
  'nginx',
  'PostgreSQL',
  'Apache Tomcat',
  'Redis',
  'OpenSSH',
  'Backup agent',
  'Exporter',
] as const

function software(number: number, index: number): BenchNode {
  const type = products[index % products.length] ?? products[0]
  const attributes = {
    key: keyOf('SoftwareInstance', number, index),
    type,
    name: `${type} ${index}`,
    version: `${1 + (index % 9)}.${number % 5}`,
    instance: `instance${index}`,
    listening_ports: [String(8000 + index)],
    publisher: 'Example Software',
  }
  return { id: idOf('SoftwareInstance', number, index), kind: 'SoftwareInstance', attributes }
}

function networkInterface(number: number, index: number): BenchNode {
  const bytes = [number >> 16, (number >> 8) & 255, number & 255, index]
  const attributes = {
    key: keyOf('NetworkInterface', number, index),
    name: `eth${index}`,
    mac_addr: ['02', '00', ...bytes.map((byte) => byte.toString(16).padStart(2, '0'))].join(':'),
    speed: '10 Gbps',
  }
  return { id: idOf('NetworkInterface', number, index), kind: 'NetworkInterface', attributes }
}

function address(number: number, index: number): BenchNode {
  const inSubnet = (number * each.addresses + index) % each.addressesOfSubnet
  const [first, second] = [subnetOf(number, index) >> 8, subnetOf(number, index) & 255]
  const attributes = {
    key: keyOf('IPAddress', number, index),
    ip_addr: `10.${first}.${second}.${inSubnet + 1}`,
    address_type: 'IPv4',
    netmask: '255.255.255.0',
    fqdn: `host${number}.example.org`,
  }
  return { id: idOf('IPAddress', number, index), kind: 'IPAddress', attributes }
}

function subnetOf(number: number, index: number): number {
  return Math.floor((number * each.addresses + index) / each.addressesOfSubnet)
}

function idOf(kind: string, ...numbers: readonly number[]): string {
  return `${kind}/${numbers.join('/')}`
}

/** As long as the keys that discovery gives. */
function keyOf(kind: string, ...numbers: readonly number[]): string {
  return `8f0c0b4e3f57.${kind}.${numbers.join('.')}.2a104d4c9d7d`
}

/** A file of JSON Lines that is written in pieces of some hundred kilobytes. */
class Lines {
  readonly #file: WriteStream
  #pending: string[] = []

  constructor(path: string) {
    this.#file = createWriteStream(path, { highWaterMark: 1 << 20 })
  }

  async write(value: unknown): Promise<void> {
    this.#pending.push(JSON.stringify(value))
    if (this.#pending.length >= 2_000) await this.#flush()
  }

  async end(): Promise<void> {
    await this.#flush()
    this.#file.end()
    await finished(this.#file)
  }

  async #flush(): Promise<void> {
    if (this.#pending.length === 0) return
    const text = `${this.#pending.join('\n')}\n`
    this.#pending = []
    if (!this.#file.write(text)) await once(this.#file, 'drain')
  }
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: { hosts: { type: 'string', default: '100000' } },
    allowPositionals: true,
  })
  const [folder] = positionals
  if (folder === undefined) throw new TypeError('Name the folder: node bench/discovery-graph.ts FOLDER')
  await generateGraph(folder, Number(values.hosts))
}
