/**
 * Labels in the language of whoever looks.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'

const configuration = `
repository: ./repository
language: de
entityTypes:
  Unit:
    label: {en: Unit, de: Einheit}
    display: name
    properties: {code: string, name: string}
  Person:
    label: {en: Employee, de: Mitarbeiter}
    properties:
      number: {type: integer, label: {en: Employee number, de: Personalnummer}}
      name: {type: string, label: Name}
      state: {type: enum, values: {active: {en: Active, de: Aktiv}, left: Ausgetreten}}
      room: string
associations:
  Membership:
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

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-labels-'))
  await writeFile(join(folder, 'sluice.yaml'), configuration)
  await writeFile(join(folder, 'units.csv'), 'code,name\nA,Analysis\n')
  const people = 'number,name,state,room,unit,since\n1,Ada,active,12,A,2026-01-31\n2,Grace,left,,A,\n'
  await writeFile(join(folder, 'people.csv'), people)
  expect(await callCommandLine(folder, ['sync', 'hr'])).toMatchObject({ status: 0 })
}, 120_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

async function printed(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
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
  const { stdout } = await callCommandLine(folder, ['resources', 'Person', '--json', '--limit', '1'])
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
