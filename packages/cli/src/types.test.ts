/**
 * Types of a model, compiled, and used by a program that reads what is stored.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const call = promisify(execFile)

const configuration = `
repository: ./repository
entityTypes:
  Unit:
    display: name
    properties: {code: string, name: {type: string, required: true}}
  Person:
    properties:
      number: {type: integer, required: true}
      salary: decimal
      state: {type: enum, values: [active, left]}
      unit: {type: reference, to: Unit}
associations:
  Membership: {from: Person, to: Unit, properties: {since: date}}
sources:
  hr:
    entities:
      Unit: {file: units.csv, key: code, properties: {code: code, name: name}}
      Person: {file: people.csv, key: number, properties: {number: number, salary: salary, state: state, unit: {column: unit, by: code}}}
    associations:
      Membership: {file: people.csv, from: {column: number, by: number}, to: {column: unit, by: code}, properties: {since: since}}
`

const program = `
import { openProject } from 'sluice'
import type { Model, Person } from './model.ts'

const project = await openProject<Model>('.')
const salaries: (string | null)[] = []
for await (const { values, references } of project.repository.resources('Person')) {
  const person: Person = values
  const state: 'active' | 'left' | null = person.state
  // @ts-expect-error: a person has no such property
  const none = values.nothing
  // @ts-expect-error: a salary is not a number, its digits are exact
  const wrong: number = values.salary
  salaries.push(values.salary)
  console.log(values.number, state, values.unit, references.unit !== undefined, none, typeof wrong)
}
for await (const { values } of project.repository.resources('Person', { columns: ['number'] })) {
  // @ts-expect-error: it was not read
  console.log(values.number, values.state)
}
for await (const { from, to, properties } of project.repository.links('Membership'))
  console.log(from, to, properties.since)
// @ts-expect-error: there is no such type
const counted: Promise<number> = project.repository.count('Persom').catch(() => 0)
console.log(await counted, await project.repository.count('Person'), salaries)
await project[Symbol.asyncDispose]()
`

test('a program compiles against the types of a model, and is handed what they say', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-types-'))
  try {
    const library = join(folder, 'node_modules', 'sluice')
    await mkdir(library, { recursive: true })
    const sources = join(root, 'packages/project/src/index.ts')
    const files = {
      'sluice.yaml': configuration,
      'units.csv': 'code,name\nA,Analysis\n',
      'people.csv': 'number,salary,state,unit,since\n1,10.50,active,A,2026-01-31\n',
      'main.ts': program,
      'package.json': '{"type": "module"}',
      'tsconfig.json': JSON.stringify({
        extends: join(root, 'tsconfig.base.json'),
        compilerOptions: {
          typeRoots: [join(root, 'node_modules/@types')],
          paths: { sluice: [sources], xpath: [join(root, 'packages/syncmapping/types/xpath.d.ts')] },
          noUnusedLocals: false,
        },
        files: ['main.ts'],
      }),
      'node_modules/sluice/package.json': '{"name": "sluice", "exports": "./index.mjs"}',
      'node_modules/sluice/index.mjs': `export * from ${JSON.stringify(sources)}\n`,
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    expect(await callCommandLine(folder, ['sync', 'hr'])).toMatchObject({ status: 0 })
    expect(await callCommandLine(folder, ['types', '--out', 'model.ts'])).toMatchObject({
      status: 0,
      stdout: '',
    })
    const printed = await callCommandLine(folder, ['types'])
    expect(printed.stdout).toBe(await readFile(join(folder, 'model.ts'), 'utf8'))

    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    await call(process.execPath, [compiler, '-p', folder], { cwd: root })
    const { stdout } = await call(process.execPath, ['main.ts'], { cwd: folder })
    expect(stdout.trim().split('\n')).toEqual([
      '1 active Analysis true undefined string',
      '1 undefined',
      '1 Analysis 2026-01-31',
      "0 1 [ '10.50' ]",
    ])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a file that cannot be written is told, and a wrong model is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-types-'))
  try {
    await writeFile(join(folder, 'sluice.yaml'), 'entityTypes: {Person: {properties: {name: string}}}\n')
    expect(await callCommandLine(folder, ['types', '--out', 'no/model.ts'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no/model.ts cannot be written'),
    })
    await writeFile(join(folder, 'sluice.yaml'), 'entityTypes: {Person: {properties: {name: strin}}}\n')
    expect(await callCommandLine(folder, ['types'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('sluice.yaml:1:'),
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
