/**
 * Facts of a host, as Ansible and Facter gather them.
 *
 * What is another number each time (clocks, free memory, load) is left out, so that nothing changes where nothing has; so is the environment,
 * which may hold secrets.
 *
 * @module
 */
import { isMap } from '../json/exact-json.ts'
import { Belongings } from './belongings.ts'
import {
  attributeName,
  type Fields,
  type Found,
  isAttribute,
  mapIn,
  mapsIn,
  NotUnderstoodError,
  textIn,
} from './found.ts'

/** @param file Name of the file, which names the host where the facts do not. */
export function factsItems(document: Fields, file: string): readonly Found[] {
  const facts = factsIn(document)
  const host = hostOf(facts) ?? file
  const found = new Belongings(host, {
    ...flatOf(facts),
    name: textIn(facts, 'hostname') ?? textIn(facts, 'networking', 'hostname') ?? host,
  })
  for (const [name, interfaceFacts] of interfacesOf(facts))
    found.add('NetworkInterface', name, { name, ...interfaceOf(interfaceFacts) })
  for (const [mount, fields] of fileSystemsOf(facts))
    found.add('FileSystem', mount, { name: mount, ...stable(fields) })
  for (const [name, fields] of mapsOf(mapIn(facts, 'disks'), mapIn(facts, 'devices')))
    found.add('Disk', name, { name, ...stable(fields) })
  for (const [name, versions] of Object.entries(mapIn(facts, 'packages')))
    for (const one of Array.isArray(versions) ? versions.filter(isMap) : [])
      found.add('Package', name, { ...stable(one), name })
  for (const [name, fields] of mapsOf(mapIn(facts, 'services')))
    found.add('Service', name, { ...stable(fields), name })
  return found.all
}

/** Without the name of the tool before each: `ansible_distribution` is `distribution`. */
function factsIn(document: Fields): Fields {
  const facts = isMap(document['ansible_facts']) ? document['ansible_facts'] : document
  const plain = Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name.replace(/^ansible_/, ''), value]),
  )
  if (
    !['fqdn', 'hostname', 'distribution', 'networking', 'os', 'kernel', 'packages'].some(
      (name) => name in plain,
    )
  )
    throw new NotUnderstoodError('it holds no facts of Ansible or Facter')
  return plain
}

function hostOf(facts: Fields): string | undefined {
  return textIn(facts, 'networking', 'fqdn') ?? textIn(facts, 'fqdn') ?? textIn(facts, 'hostname')
}

const volatile =
  /^(?:date_time|.*uptime.*|.*load.*average.*|loadavg|env|local|(?:proc_)?cmdline|.*memfree.*|.*swapfree.*|memory_mb|.*_available.*|.*_used.*|available.*|used.*|capacity|swap_cached|state|ssh_host_key.*|ssh)$/

/** Ansible writes sets, in another order each time. */
const inNoOrder = /^virtualization_tech_/

function inOrder(value: unknown): unknown {
  return Array.isArray(value) ? value.toSorted() : value
}

/** Kinds of their own. */
const elsewhere = new Set([
  'interfaces',
  'mounts',
  'mountpoints',
  'disks',
  'devices',
  'partitions',
  'packages',
  'services',
  'ssh',
  'env',
  'facts',
])

/** `os: {release: {full: 12}}` as `os_release_full`. */
function flatOf(facts: Fields, before = '', deep = 3): Record<string, unknown> {
  const flat: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(facts)) {
    if (volatile.test(name) || elsewhere.has(name) || name.startsWith('discovered_')) continue
    const attribute = `${before}${attributeName(name)}`
    if (isAttribute(value)) flat[attribute] = inNoOrder.test(name) ? inOrder(value) : value
    else if (isMap(value) && deep > 1 && !isInterface(value))
      Object.assign(flat, flatOf(value, `${attribute}_`, deep - 1))
  }
  return flat
}

/** Ansible has a map of its own for each interface. */
function isInterface(value: Fields): boolean {
  return 'device' in value && ('active' in value || 'ipv4' in value)
}

function interfacesOf(facts: Fields): readonly (readonly [string, Fields])[] {
  const ofFacter = mapsOf(mapIn(facts, 'networking', 'interfaces'))
  const names = facts['interfaces']
  if (!Array.isArray(names)) return ofFacter
  return names.map((name) => [String(name), mapIn(facts, String(name).replace(/[-.:]/g, '_'))])
}

function interfaceOf(fields: Fields): Fields {
  const v4 = mapIn(fields, 'ipv4')
  const address = fields['ip'] ?? v4['address']
  const all = [
    ...[
      v4,
      ...mapsIn(fields, 'ipv4_secondaries'),
      ...mapsIn(fields, 'ipv6'),
      ...mapsIn(fields, 'bindings'),
      ...mapsIn(fields, 'bindings6'),
    ].map((one) => one['address']),
    fields['ip'],
    fields['ip6'],
  ].filter((one) => typeof one === 'string')
  return {
    ...stable(fields),
    mac: fields['mac'] ?? fields['macaddress'],
    address,
    netmask: fields['netmask'] ?? v4['netmask'],
    network: fields['network'] ?? v4['network'],
    addresses: [...new Set(all)],
  }
}

function fileSystemsOf(facts: Fields): readonly (readonly [string, Fields])[] {
  const ofAnsible = mapsIn(facts, 'mounts').flatMap((fields) => {
    const mount = textIn(fields, 'mount')
    return mount === undefined ? [] : [[mount, fields] as const]
  })
  return [...ofAnsible, ...mapsOf(mapIn(facts, 'mountpoints'))]
}

function mapsOf(...all: readonly Fields[]): readonly (readonly [string, Fields])[] {
  return all.flatMap((fields) =>
    Object.entries(fields).flatMap(([name, value]) => (isMap(value) ? [[name, value] as const] : [])),
  )
}

/** What can be an attribute, and is the same as long as nobody changes it. */
function stable(fields: Fields): Fields {
  const kept = Object.entries(fields).filter(([name, value]) => isAttribute(value) && !volatile.test(name))
  return Object.fromEntries(kept.map(([name, value]) => [attributeName(name), value]))
}
