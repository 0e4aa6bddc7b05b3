/**
 * Resources and links changed at the command line: with the repository here, and behind a server.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initProject } from '@sluice/project'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'
import { serveFolder } from '../test/serve-folder.ts'

const scratch = mkdtempSync(join(tmpdir(), 'sluice-edit-'))
const opened = new AsyncDisposableStack()
opened.defer(() => rmSync(scratch, { recursive: true, force: true }))
let environment: Readonly<Record<string, string>> = {}

const [here, there] = [join(scratch, 'here'), join(scratch, 'there')]

beforeAll(async () => {
  for (const folder of [here, there]) {
    await initProject(folder)
    const path = join(folder, 'sluice.yaml')
    const text = readFileSync(path, 'utf8')
    writeFileSync(
      path,
      text
        .replace('      active: boolean\n', '      active: boolean\n      phone: string\n      photo: file\n')
        .replace(
          '  hr:\n',
          '  hr:\n    description: The personnel system\n    link: https://hr.example.com/{key}\n',
        ),
    )
    opened.use(await moveToServer(folder))
    expect(await callCommandLine(folder, ['sync', '--quiet'])).toEqual({ status: 0, stdout: '', stderr: '' })
  }
  const server = opened.use(await serveFolder(there))
  environment = await server.environmentOf({ name: 'grace', role: 'editor', sources: [] })
})
afterAll(() => opened.disposeAsync())

const stable = (text: string) =>
  text
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '(instant)')
    .replaceAll(/^Took .*$/gm, 'Took (time)')
    .replaceAll(/(token grace|tester at the command line)/g, '(whom)')
    .replaceAll(/ {3,}/g, '  ')

describe.each(['here', 'through a server'] as const)('%s', (place) => {
  const sluice = async (...args: readonly string[]) => {
    const called = await callCommandLine(place === 'here' ? here : there, args, {
      environment: place === 'here' ? {} : environment,
    })
    return { ...called, stdout: stable(called.stdout), stderr: stable(called.stderr) }
  }

  test('a resource is created, changed, explained and deleted', async () => {
    const created = await sluice(
      'resource',
      'create',
      'Department',
      'code=LAB',
      'name=The laboratory',
      '--comment',
      'new house',
    )
    const id = Number(/#(\d+)\n/.exec(created.stdout)?.[1])
    const run = Number(/\d+/.exec(created.stderr)?.[0])
    expect(created).toEqual({
      status: 0,
      stdout: `+ Department The laboratory  code=LAB name=The laboratory  #${id}\n`,
      stderr: `Run ${run} is applied.\n`,
    })
    expect(await sluice('resource', 'set', 'Department', 'code:LAB', 'name=Laboratory')).toMatchObject({
      stdout: '~ Department The laboratory  name "The laboratory" → "Laboratory"\n',
    })
    expect((await sluice('explain', 'Department', 'Laboratory')).stdout).toBe(`\
Department Laboratory  resource ${id}

  property  value  from  since
  code  LAB  (whom)  run ${run} ((instant))
  name  Laboratory  (whom)  run ${run + 1} ((instant))

History:
  run ${run + 1} ((instant)), by (whom): name "The laboratory" → "Laboratory"
  run ${run} ((instant)), by (whom) (new house): inserted
`)
    expect(await sluice('resource', 'delete', 'Department', `#${id}`)).toEqual({
      status: 0,
      stdout: '- Department Laboratory  code=LAB name=Laboratory\n',
      stderr: `Run ${run + 2} is applied.\n`,
    })
  })

  test('what a source locks is refused with the source, and where its row is', async () => {
    expect(await sluice('resource', 'set', 'Person', '1007', 'phone=42', 'name=Ada')).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining(
        'name of Person "1007" is locked by source hr (The personnel system): https://hr.example.com/1007.',
      ),
    })
    expect(await sluice('resource', 'set', 'Person', '1007', 'phone=42')).toMatchObject({ status: 0 })
    expect(await sluice('resource', 'set', 'Person', '1007', 'phone=42')).toEqual({
      status: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Run \d+: the resources already have these values\.\n$/),
    })
    expect((await sluice('resource', 'delete', 'Person', '1007')).stderr).toContain('SLUICE-EDIT-02')
    expect(
      (await sluice('resources', 'Person', '--where', 'phone=42', '--columns', 'phone', '--csv')).stdout,
    ).toBe('phone\n42\n')
  })

  test('a file is given by its path, and what cannot be read is said', async () => {
    const path = join(scratch, 'photo.txt')
    writeFileSync(path, 'hello')
    expect(await sluice('resource', 'set', 'Person', '1007', `photo=@${path}`)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('5 bytes, md5 5d41402abc4b2a76b9719d911017c592'),
    })
    expect(await sluice('resource', 'set', 'Person', '1007', 'photo=@nowhere')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('cannot be read'),
    })
  })

  test('links are added and removed, beside those of a source', async () => {
    const links = async () => (await sluice('links', 'Approver', '--where', 'source is null', '--csv')).stdout
    expect(await sluice('link', 'add', 'Approver', '1007', 'code:FIN', 'since=2026-01-31')).toMatchObject({
      status: 0,
    })
    expect(await links()).toContain('2026-01-31')
    expect(await sluice('link', 'remove', 'Approver', '1007', 'FIN')).toMatchObject({ status: 0 })
    expect(await sluice('link', 'remove', 'Approver', '1007', 'FIN')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('There is no link of Approver from "1007" to "FIN".'),
    })
    expect(await links()).toBe('from,to,source,since\n')
  })

  test('nothing is written by a dry run, and what is no value is refused', async () => {
    await sluice('resource', 'set', 'Person', '1008', 'phone=6')
    const dry = await sluice('resource', 'set', 'Person', '1008', 'phone=7', '--dry-run')
    expect(dry).toMatchObject({ status: 0, stdout: expect.stringContaining('phone "6" → "7"') })
    expect(dry.stdout).toContain('Plan (edit): nothing was written')
    expect(
      (await sluice('resources', 'Person', '--where', 'phone=7', '--csv', '--columns', 'phone')).stdout,
    ).toBe('phone\n')
    expect(await sluice('resource', 'set', 'Person', '1008', 'phone')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('It must be name=value.'),
    })
  })

  test('resources are listed in the order that is asked for', async () => {
    const { stdout } = await sluice(
      'resources',
      'Department',
      '--sort',
      '-code',
      '--columns',
      'code',
      '--csv',
    )
    const codes = stdout.trim().split('\n').slice(1)
    expect(codes).toEqual(codes.toSorted().toReversed())
  })
})
