/**
 * Secrets at the command line: with the repository here, and behind a server. Whatever is said of them, none is said.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { type HereAndThere, hereAndThere } from '../test/here-and-there.ts'

const configuration = `repository: ./repository
entityTypes:
  Person: { display: name, properties: { name: string, phone: string, password: secret } }
sources:
  hr:
    folder: .
    entities:
      Person: { file: people.csv, key: name, properties: { name: name, password: pw } }
`
const clear = 'Tr0ub4dor&3'
const other = 'correct horse'

let project: HereAndThere
beforeEach(async () => {
  const make = (folder: string) => {
    writeFileSync(join(folder, 'sluice.yaml'), configuration)
    writeFileSync(join(folder, 'people.csv'), `name,pw\nAda,${clear}\nBob,"${clear}" x\n`)
  }
  project = await hereAndThere('secrets', make, async (folder) => {
    expect(await callCommandLine(folder, ['sync', '--quiet'])).toMatchObject({ status: 0 })
  })
})
afterEach(() => project[Symbol.asyncDispose]())

describe.each(['here', 'through a server'] as const)('%s', (place) => {
  const call = (
    args: readonly string[],
    given: { readonly input?: string; readonly answer?: string } = {},
  ) => {
    const { folder, environment } = project.placeOf(place === 'here' ? undefined : 'admin')
    return callCommandLine(folder, args, { environment, ...given })
  }
  const sluice = async (args: readonly string[], input?: string) => {
    const called = await call(args, input === undefined ? {} : { input })
    for (const text of [called.stdout, called.stderr])
      for (const secret of [clear, other, '$s2k']) expect(text).not.toContain(secret)
    return called
  }

  test('somebody sets one that is piped in, or typed, and it is said that it changed', async () => {
    expect(
      await sluice(['resource', 'create', 'Person', 'name=Eve', 'password=@-'], `${clear}\n`),
    ).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('(set)'),
    })
    const asked = ['resource', 'set', 'Person', 'name:Eve', 'password=@-', '--json']
    const typed = await call(asked, { answer: other })
    expect(typed.status).toBe(0)
    expect(JSON.parse(typed.stdout)).toMatchObject({ entities: [{ changes: { updated: 1 } }] })
    const same = await sluice(['resource', 'set', 'Person', 'name:Eve', 'password=@-'], `${other}\r\n`)
    expect(same.stderr).toContain('the resources already have these values')
    expect(await sluice(['resource', 'set', 'Person', 'name:Eve', 'password=@-'], '\n')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('No password is given.'),
    })
  })

  test('one that a source masters is locked, and the same one is fine', async () => {
    const refused = await sluice(['resource', 'set', 'Person', 'Ada', `password=${other}`])
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('password of Person "Ada" is locked by source hr'),
    })
    expect(await sluice(['resource', 'set', 'Person', 'Ada', `password=${clear}`])).toMatchObject({
      status: 0,
    })
  })

  test('nothing that is read shows one', async () => {
    await sluice(['resource', 'create', 'Person', 'name=Eve', 'password=@-'], `${clear}\n`)
    await sluice(['resource', 'set', 'Person', 'name:Eve', 'password=@-'], `${other}\n`)
    const asked = [
      ['resources', 'Person'],
      ['resources', 'Person', '--csv'],
      ['resources', 'Person', '--json'],
      ['explain', 'Person', 'Ada'],
      ['explain', 'Person', 'Eve', '--json'],
      ['runs', 'changes', '2'],
      ['runs', 'changes', '3', '--json'],
      ['runs', 'rejected', '1'],
      ['runs', 'show', '1'],
      ['resource', 'set', 'Person', 'name:Eve', `password=${clear}`, '--dry-run'],
    ]
    for (const args of asked) {
      const { status, stderr } = await sluice(args)
      expect({ args, status, stderr }).toEqual({ args, status: 0, stderr: expect.anything() })
    }
    expect((await sluice(['resources', 'Person', '--csv'])).stdout.split('\n')[0]).toBe('name,phone')
    expect((await sluice(['explain', 'Person', 'Ada'])).stdout).toContain('(set)')
    expect((await sluice(['runs', 'revert', '3', '--dry-run'])).stdout).toContain('was another secret')
    for (const flags of [
      ['--columns', 'password'],
      ['--where', `password=${clear}`],
      ['--sort', 'password'],
    ])
      expect((await sluice(['resources', 'Person', ...flags])).stderr).toContain('SLUICE-REPOSITORY-26')
    expect((await sluice(['duplicates', 'Person', '--by', 'password'])).status).not.toBe(0)
  })
})

test('the statements that are written down hold none', async () => {
  const path = join(project.here, 'statements.sql')
  await callCommandLine(project.here, ['resource', 'create', 'Person', 'name=Eve'])
  const asked = ['resource', 'set', 'Person', 'name:Eve', 'password=@-', '--sql', path]
  expect(await callCommandLine(project.here, asked, { input: 'third one' })).toMatchObject({ status: 0 })
  const statements = readFileSync(path, 'utf8')
  expect(statements).toContain('edit/find-secrets Person')
  expect(statements).not.toContain('third one')
})

test('the API takes one and gives none', async () => {
  const { SLUICE_SERVER: url = '', SLUICE_TOKEN: token = '' } = project.environmentOf('admin')
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/api/v1/${path}`, { ...init, headers })
    return { status: answer.status, text: await answer.text() }
  }
  const made = await ask('resources/Person', {
    method: 'POST',
    body: JSON.stringify({ name: 'Zoe', password: 'Z0e' }),
  })
  expect(made.status).toBe(201)
  const listed = await ask(`resources/Person?where=${encodeURIComponent('name=Zoe')}`)
  expect(JSON.parse(listed.text)).toMatchObject({ values: { name: 'Zoe', phone: null } })
  expect(listed.text).not.toContain('password')
  expect(await ask('resources/Person?where=password=Z0e')).toMatchObject({ status: 400 })
  const wrong = await ask('edits', {
    method: 'POST',
    body: JSON.stringify({
      edits: [{ action: 'create', type: 'Person', values: { name: 'x', password: { id: '4711' } } }],
    }),
  })
  expect(wrong.status).toBe(422)
  expect(wrong.text).not.toContain('4711')
})
