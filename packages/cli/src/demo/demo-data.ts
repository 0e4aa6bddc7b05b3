/**
 * The exports of a week, made up: who comes, who goes, who moves, and the day on which the personnel system delivers half of its people.
 *
 * @module
 */
import { type Discovered, discovered } from './demo-discovery.ts'
import { applications, fleet, type Host } from './demo-fleet.ts'
import { type DemoRandom, demoRandom } from './demo-random.ts'
import { csv, type Row } from './demo-table.ts'

interface Person {
  number: string
  name: string
  department: string
  manager: string
  badge: string
  phone: string
  hired: string
}

/** CSV files by name. */
export type Files = ReadonlyMap<string, string>

export interface DemoData {
  /** What the personnel system exports, a day after the other; on the last one it is upset. */
  readonly days: readonly Files[]
  readonly directory: Files
  readonly servers: Files
  /** What the discovery finds, a day after the other; on the last one it cannot be read in one place. */
  readonly discovered: readonly Discovered[]
  /** Of the system that opens doors: one name may be of several people. */
  readonly doors: string
}

const first =
  'Ada Grace Alan Edsger Barbara Donald Margaret Ken Dennis Radia Frances Katherine John Jean Leslie Tony Adele Anita Karen Lynn Shafi Silvio Tim Vint Bob Whit Fran Butler Robin Dana Stephen Juris'.split(
    ' ',
  )
const last =
  'Lindqvist Okafor Moreau Tanaka Novak Silva Hansen Kowalski Rossi Fischer Dubois Janssen Petrov Haddad Nguyen Costa Meyer Larsen Byrne Varga Demir Kaya Weber Keller Brandt Sato Mori Abebe Mensah Diallo'.split(
    ' ',
  )
export const departments = [
  'Research',
  'Production',
  'Sales',
  'Finance',
  'Legal',
  'Human resources',
  'IT operations',
  'Security',
  'Facilities',
  'Marketing',
  'Logistics',
  'Quality',
].map((name, index) => ({ code: `D${String(index + 1).padStart(2, '0')}`, name }))
const purposes = ['production', 'production', 'test']
export const titles = ['Engineer', 'Analyst', 'Manager', 'Director', '']

const peopleAtFirst = 420
const days = 7

export function demoData(): DemoData {
  const random = demoRandom(20_261)
  const people = Array.from({ length: peopleAtFirst }, (_, index) =>
    newPerson(random, 1001 + index, index >= 12),
  )
  const accounts = people.slice(0, 380).map((person) => accountOf(person, random))
  // By themselves, so that the data of people stay as they are.
  const hosts = fleet(demoRandom(20_262))
  return {
    days: weekOf(people, random),
    directory: directoryOf(accounts, random),
    servers: serversOf(hosts, random),
    doors: doorsOf(people, random),
    discovered: discovered(hosts, demoRandom(20_263)),
  }
}

function newPerson(random: DemoRandom, number: number, hasManager: boolean): Person {
  const two = (value: number) => String(value).padStart(2, '0')
  return {
    number: String(number),
    name: `${random.of(first)} ${random.of(last)}`,
    department: random.of(departments).code,
    manager: hasManager ? String(1001 + random.below(12)) : '',
    badge: `B-${number - 501}`,
    phone: `+49 30 ${number}`,
    hired: `${2004 + random.below(21)}-${two(1 + random.below(12))}-${two(1 + random.below(28))}`,
  }
}

function weekOf(atFirst: readonly Person[], random: DemoRandom): readonly Files[] {
  const people = atFirst.map((person) => ({ ...person }))
  return Array.from({ length: days + 1 }, (_, day) => {
    const exported = people.map((person) => ({ ...person }))
    if (day === 2 || day === 5) spoil(exported)
    const files = personnelOf(day === days ? exported.slice(0, 190) : exported)
    passDay(people, random, day)
    return files
  })
}

/** A department that nobody knows, a day that there is not, a person without a name: each stops one row. */
function spoil(people: readonly Person[]): void {
  const [nowhere, never, nameless] = people.slice(30)
  if (nowhere !== undefined) nowhere.department = 'D99'
  if (never !== undefined) never.hired = '31.02.2020'
  if (nameless !== undefined) nameless.name = ''
}

function passDay(people: Person[], random: DemoRandom, day: number): void {
  for (let moved = 4 + random.below(24); moved > 0; moved -= 1)
    random.of(people).department = random.of(departments).code
  for (let changed = random.below(6); changed > 0; changed -= 1)
    random.of(people).phone = `+49 30 ${5000 + random.below(5000)}`
  for (let gone = 1 + random.below(3); gone > 0; gone -= 1)
    people.splice(20 + random.below(people.length - 20), 1)
  for (let come = random.below(5); come > 0; come -= 1)
    people.push(newPerson(random, 3000 + 50 * day + come, true))
}

function personnelOf(people: readonly Person[]): Files {
  return new Map([
    ['departments.csv', csv(['code', 'name'], departments)],
    [
      'people.csv',
      csv(['number', 'name', 'department', 'manager', 'badge', 'phone', 'hired'], people.map(asRow)),
    ],
  ])
}

function asRow(person: Person): Row {
  return { ...person }
}

function accountOf({ name, number, phone }: Person, random: DemoRandom): Row {
  return {
    mail: `${name.toLowerCase().replace(' ', '.')}.${number}@example.com`,
    displayName: name,
    employeeNumber: number,
    telephoneNumber: phone,
    title: random.of(titles),
  }
}

function directoryOf(accounts: readonly Row[], random: DemoRandom): Files {
  const groups = applications.map(({ code, name }) => ({
    name: `app-${code}`,
    description: `Users of ${name}`,
  }))
  const members = accounts.flatMap(({ mail = '' }) => {
    const of = new Set(Array.from({ length: random.below(4) }, () => random.of(groups).name))
    return [...of].map((group) => ({ member: mail, group }))
  })
  return new Map([
    ['accounts.csv', csv(['mail', 'displayName', 'employeeNumber', 'telephoneNumber', 'title'], accounts)],
    ['groups.csv', csv(['name', 'description'], groups)],
    ['members.csv', csv(['member', 'group'], members)],
  ])
}

/** The CMDB has not heard of some of the hosts that there are, and still has two that are gone. */
function serversOf(hosts: readonly Host[], random: DemoRandom): Files {
  const registered = [
    ...hosts.filter(({ role }, index) => role !== 'hypervisor' && index % 5 !== 4),
    ...['fra-legacy-app-01', 'muc-legacy-db-01'].map((name) => ({ name, memory: 8, application: undefined })),
  ]
  const servers = registered.map(({ name, memory }) => ({
    name,
    purpose: random.of(purposes),
    // What was ordered once; some were given more since.
    memory: String(random.below(6) === 0 ? memory / 2 : memory),
    owner: String(1001 + random.below(40)),
  }))
  const runs = registered.flatMap(({ name, application }) =>
    application === undefined ? [] : [{ group: `app-${application}`, server: name }],
  )
  return new Map([
    ['servers.csv', csv(['name', 'purpose', 'memory', 'owner'], servers)],
    ['runs-on.csv', csv(['group', 'server'], runs)],
  ])
}

function doorsOf(people: readonly Person[], random: DemoRandom): string {
  const names = people.map(({ name }) => name)
  const shared = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].slice(0, 6)
  const known = people.slice(0, 120).map(({ badge, name }, index) => ({
    primary_key: String(9000 + index),
    badge,
    name,
    floor: String(1 + random.below(8)),
  }))
  const doubtful = shared.map((name, index) => ({
    primary_key: String(9500 + index),
    badge: `X-${index}`,
    name,
    floor: '3',
  }))
  const unknown = { primary_key: '9900', badge: 'X-99', name: 'Nobody Known', floor: '1' }
  return csv(['primary_key', 'badge', 'name', 'floor'], [...known, ...doubtful, unknown])
}
