/**
 * Labels in the language of whoever looks.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireConfiguration } from '@sluice/project'
import { openDatabase } from '@sluice/repository'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'

const configuration = `
repository: ./repository
language: de
entityTypes:
  Unit:
    label: {en: Unit, de: Einheit}
    display: name
    properties: {code: string, name: string, note: {type: string, label: {en: Note, de: Notiz}}}
  Person:
    label: {en: Employee, de: Mitarbeiter}
    properties:
      number: {type: integer, label: {en: Employee number, de: Personalnummer}}
      name: {type: string, label: Name}
      state: {type: enum, values: {active: {en: Active, de: Aktiv}, left: Ausgetreten}}
      room: string
associations:
  Membership:
    label: {en: Memberships, de: Mitgliedschaften}
    from: Person
    to: Unit
    fromLabel: {en: Members, de: Mitglieder}
    toLabel: {en: Units, de: Einheiten}
    properties: {since: {type: date, label: {en: Since, de: Seit}}}
sources:
  hr:
    label: {de: Personal}
    entities:
      Unit: {file: units.csv, key: code, properties: {code: code, name: name}}
      Person: {file: people.csv, key: number, properties: {number: number, name: name, state: state, room: room}}
    associations:
      Membership: {file: people.csv, from: {column: number, by: number}, to: {column: unit, by: code}, properties: {since: since}}
`

/** Of all tests that only look. */
let shared = ''

beforeAll(async () => {
  shared = await synchronized()
})
afterAll(() => rm(shared, { recursive: true, force: true }))

/** A project of its own whose source has run. */
async function synchronized(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-labels-'))
  await writeFile(join(folder, 'sluice.yaml'), configuration)
  await writeFile(join(folder, 'units.csv'), 'code,name\nA,Analysis\n')
  await writeFile(join(folder, 'people.csv'), peopleOf('left'))
  expect(await callCommandLine(folder, ['sync', 'hr'])).toMatchObject({ status: 0 })
  return folder
}

/** What `hr` says of two people: the state of the second, and the unit of the first. */
function peopleOf(state: string, unit = 'A'): string {
  return `number,name,state,room,unit,since\n1,Ada,active,12,${unit},2026-01-31\n2,Grace,${state},,A,\n`
}

async function printed(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder = shared,
) {
  const { stdout } = await callCommandLine(folder, args, { environment })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))
}

test('a table of resources has the labels of properties and values, and the names where there are none', async () => {
  expect(await printed(['resources', 'Person', '--language', 'en-GB'])).toEqual([
    'Employee number | Name | state | room',
    '1 | Ada | Active | 12',
    '2 | Grace | Ausgetreten',
  ])
  expect(await printed(['resources', 'Person'], { LANG: 'de_AT.UTF-8' })).toEqual([
    'Personalnummer | Name | state | room',
    '1 | Ada | Aktiv | 12',
    '2 | Grace | Ausgetreten',
  ])
})

test('a language that lacks falls back to that of the project; none is that of names', async () => {
  const [ofProject] = await printed(['resources', 'Person'], { LC_ALL: 'C', LANG: 'en_US.UTF-8' })
  expect(ofProject).toBe('Personalnummer | Name | state | room')
  const [french] = await printed(['resources', 'Person'], { SLUICE_LANGUAGE: 'fr' })
  expect(french).toBe('Personalnummer | Name | state | room')
  expect(await printed(['resources', 'Person', '--language', 'none'])).toEqual([
    'number | name | state | room',
    '1 | Ada | active | 12',
    '2 | Grace | left',
  ])
})

test('what machines read has names', async () => {
  expect(await printed(['resources', 'Person', '--csv', '--language', 'de'])).toEqual([
    'number,name,state,room',
    '1,Ada,active,12',
    '2,Grace,left,',
  ])
  const { stdout } = await callCommandLine(shared, ['resources', 'Person', '--json', '--limit', '1'])
  expect(JSON.parse(stdout)[0].values).toEqual({ number: 1, name: 'Ada', state: 'active', room: '12' })
})

test('types, links and one resource are called as people call them', async () => {
  expect(await printed(['resources', '--language', 'en'])).toEqual([
    'type | label | resources | extends | filled by',
    'Unit | Unit | 1 | hr',
    'Person | Employee | 2 | hr',
  ])
  const [header] = await printed(['links', 'Membership', '--language', 'en'])
  expect(header).toBe('Members | Units | source | Since')
  const explained = await printed(['explain', 'Person', '1', '--language', 'de'])
  expect(explained[0]).toMatch(/^Mitarbeiter 1 \| resource/)
  expect(explained.join('\n')).toMatch(
    /Personalnummer \| 1 \| hr[\s\S]*state \| Aktiv[\s\S]*Einheiten → 1: Analysis/,
  )
  const ofUnit = await printed(['explain', 'Unit', 'A', '--language', 'en'])
  expect(ofUnit.join('\n')).toContain('Members ← 2: 1, 2')
})

test('the story of a change: reports, plans, drift, what is left out and its source have labels; what is typed next has names', async () => {
  const folder = await synchronized()
  await using made = new AsyncDisposableStack()
  made.defer(() => rm(folder, { recursive: true, force: true }))
  const shown = (args: readonly string[]) => printed(args, {}, folder)

  const report = (await shown(['runs', 'show', '1', '--language', 'en'])).join('\n')
  expect(report).toMatch(/^Unit \| 1[\s\S]*^Employee \| 2[\s\S]*^Memberships \| 2/m)
  const edited = await shown(['resource', 'set', 'Unit', 'A', 'note=new', '--language', 'de'])
  expect(edited[0]).toMatch(/^~ Einheit \S+ \| Notiz \(none\) → "new"$/)
  await writeFile(join(folder, 'people.csv'), peopleOf('active'))
  const plan = (await shown(['plan', 'hr', '--mode', 'complete', '--language', 'de'])).join('\n')
  expect(plan).toMatch(/^Mitarbeiter \| 2[\s\S]*~ Mitarbeiter 2 \| state "Ausgetreten" → "Aktiv"/m)
  const held = (await shown(['sync', 'hr', '--mode', 'complete', '--hold', '--language', 'de'])).join('\n')
  expect(held).toMatch(/^Mitarbeiter \| 2[\s\S]*~ Mitarbeiter 2 \| state "Ausgetreten" → "Aktiv"/m)
  const approved = (await shown(['runs', 'approve', '3', '--language', 'de'])).join('\n')
  expect(approved).toMatch(/^Mitarbeiter \| 2[\s\S]*sluice resources Person/m)
  const [changed] = await shown(['runs', 'changes', '3', '--language', 'en'])
  expect(changed).toBe('~ Employee 2 | state "Ausgetreten" → "Active"')
  const [named] = await shown(['runs', 'changes', '3', '--language', 'none'])
  expect(named).toBe('~ Person 2 | state "left" → "active"')
  const [, line] = await shown(['runs', 'changes', '3', '--csv', '--language', 'de'])
  expect(line).toBe('update,Person,2,state,left,active,false')

  {
    const { repository } = await requireConfiguration(folder, { environment: {} })
    await using database = await openDatabase(repository)
    await database.session((session) => session.execute(`update person set state = 'left' where number = 2`))
  }
  const drift = (await shown(['drift', 'hr', '--language', 'de'])).join('\n')
  expect(drift).toContain('~ Mitarbeiter 2 | state "Ausgetreten" → "Aktiv"')

  await writeFile(join(folder, 'people.csv'), peopleOf('gone', 'B'))
  const ran = await shown(['sync', 'hr', '--mode', 'complete', '--force', '--language', 'de'])
  expect(ran.join('\n')).toMatch(/people.csv:3: Mitarbeiter "2": state "gone"/)
  const [, orphan] = await shown(['orphans', '--language', 'de'])
  expect(orphan).toBe('hr | Mitgliedschaften.Einheiten | Einheit | code | B | 1 | 1 | not there')
  expect((await shown(['orphans', '--csv', '--language', 'de']))[1]).toBe(
    'hr,link,Membership.to,Unit,code,B,0,1,1,',
  )
  expect((await shown(['rejected', '--language', 'de']))[1]).toMatch(/^hr \| \d \| Mitarbeiter \| people.csv/)
  expect((await shown(['rejected', '--csv', '--language', 'de']))[1]).toMatch(/^hr,\d,Person,people.csv/)
  expect((await shown(['runs', 'rejected', '4', '--language', 'en']))[1]).toMatch(/^Employee \| people.csv/)
  const status = await shown(['status', '--language', 'de'])
  expect(status[0]).toMatch(/^attention \| source \| label/)
  expect(status[1]).toMatch(/\| hr \| Personal \|/)
  expect((await shown(['status', '--language', 'none']))[0]).not.toContain('label')
})

test('a label that several have, or that is the name of another, stands with the name', async () => {
  const other = await mkdtemp(join(tmpdir(), 'sluice-labels-'))
  try {
    await writeFile(
      join(other, 'sluice.yaml'),
      `repository: ./repository
entityTypes:
  Room: {properties: {code: string}}
  Place: {label: Room, properties: {code: string, first: {type: string, label: Name}, last: {type: string, label: Name}}}
sources:
  rooms:
    entities:
      Place: {file: places.csv, key: code, properties: {code: code, first: first, last: last}}
`,
    )
    await writeFile(join(other, 'places.csv'), 'code,first,last\n1,a,b\n')
    expect((await callCommandLine(other, ['sync', 'rooms'])).stdout).toMatch(/^ {2}Room \(Place\) +1 /m)
    await writeFile(join(other, 'places.csv'), 'code,first,last\n1,c,d\n')
    await callCommandLine(other, ['sync', 'rooms'])
    const { stdout } = await callCommandLine(other, ['runs', 'changes', '2'])
    expect(stdout).toBe('~ Room (Place) 1  Name (first) "a" → "c", Name (last) "b" → "d"\n')
  } finally {
    await rm(other, { recursive: true, force: true })
  }
})

test('what is no label is told with its place', async () => {
  const other = await mkdtemp(join(tmpdir(), 'sluice-labels-'))
  try {
    await writeFile(
      join(other, 'sluice.yaml'),
      'language: German\nentityTypes:\n  Person:\n    label: {e: Person}\n    properties: {name: {type: string, label: [a]}}\n',
    )
    const { stdout, status } = await callCommandLine(other, ['check'])
    expect(status).toBe(1)
    expect(stdout).toContain('sluice.yaml:1:11')
    expect(stdout).toContain('sluice.yaml:4:')
    expect(stdout).toContain('sluice.yaml:5:')
  } finally {
    await rm(other, { recursive: true, force: true })
  }
})
