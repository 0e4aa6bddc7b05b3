/**
 * An inventory of a computer, as the agents of OCS, FusionInventory and GLPI send it: sections, each with fields or with a list of things.
 *
 * @module
 */
import { Belongings } from './belongings.ts'
import {
  attributeName,
  type Fields,
  type Found,
  isAttribute,
  kindName,
  NotUnderstoodError,
  singular,
} from './found.ts'

/** With lower-case names; a section that stands once is a list of one. */
export interface Inventory {
  readonly device: string | undefined
  readonly sections: ReadonlyMap<string, readonly Fields[]>
}

/** Sections of what there is one of: attributes of the computer, with this before their names. */
const ofTheComputer: ReadonlyMap<string, string> = new Map([
  ['hardware', ''],
  ['bios', 'bios_'],
  ['operatingsystem', 'os_'],
])

/** What is not about the things that are found, or another number each time. */
const leftOut = new Set([
  'accountinfo',
  'accesslog',
  'download',
  'versionprovider',
  'versionclient',
  'processes',
  'envs',
])
const volatile = new Set([
  'etime',
  'lastloggeduser',
  'datelastloggeduser',
  'processorn',
  'free',
  'freespace',
  'uptime',
  'lastdate',
  'boot_time',
])

const kinds: Readonly<Record<string, string>> = {
  cpus: 'Processor',
  drives: 'FileSystem',
  memories: 'Memory',
  networks: 'NetworkInterface',
  softwares: 'Software',
  storages: 'Disk',
  videos: 'GraphicsCard',
}

/** Fields that tell one from the others, by kind; of other kinds those that most have. */
const namedBy: Readonly<Record<string, readonly string[]>> = {
  NetworkInterface: ['description', 'macaddr', 'mac', 'ipaddress'],
  Software: ['name', 'version', 'arch'],
  FileSystem: ['volumn', 'type', 'letter'],
  Disk: ['serialnumber', 'serial', 'name'],
}
const othersNamedBy = [
  'uuid',
  'serialnumber',
  'serial',
  'name',
  'caption',
  'designation',
  'description',
  'login',
]

/** @param file Name of the file, which names the computer where the inventory does not. */
export function inventoryItems({ device, sections }: Inventory, file: string): readonly Found[] {
  if (![...ofTheComputer.keys()].some((name) => sections.has(name)))
    throw new NotUnderstoodError('it is no inventory: it has no hardware, no bios and no operatingsystem')
  const computer = new Belongings(device ?? file, attributesOfComputer(sections))
  for (const [section, things] of sections) {
    if (ofTheComputer.has(section) || leftOut.has(section)) continue
    const kind = kinds[section] ?? kindName(singular(section))
    for (const thing of things) computer.add(kind, nameOf(kind, thing), attributesOf(thing, ''))
  }
  return computer.all
}

function attributesOfComputer(sections: Inventory['sections']): Fields {
  return Object.assign(
    {},
    ...[...ofTheComputer].flatMap(([section, before]) =>
      (sections.get(section) ?? []).slice(0, 1).map((fields) => attributesOf(fields, before)),
    ),
  )
}

function attributesOf(fields: Fields, before: string): Fields {
  const kept = Object.entries(fields).filter(
    ([name, value]) => !volatile.has(name) && isAttribute(value) && value !== '',
  )
  return Object.fromEntries(kept.map(([name, value]) => [`${before}${attributeName(name)}`, value]))
}

function nameOf(kind: string, thing: Fields): string {
  const parts = (namedBy[kind] ?? othersNamedBy.filter((name) => isNamed(thing[name])).slice(0, 1)).map(
    (name) => thing[name],
  )
  return parts.filter(isNamed).map(String).join(' ') || '?'
}

function isNamed(value: unknown): boolean {
  return isAttribute(value) && value !== '' && !Array.isArray(value)
}
