/**
 * What a project keeps is its owner's alone, and nothing in it leads elsewhere.
 */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { spawnSluice } from '../test/sluice-process.ts'

const configuration = `repository: ./repository
entityTypes:
  Rack: { display: name, properties: { name: string } }
sources:
  racks:
    folder: data
    entities:
      Rack: { file: racks.csv, key: name, properties: { name: name } }
`

let folder: string
let umask: number
beforeEach(() => {
  umask = process.umask(0)
  folder = mkdtempSync(join(tmpdir(), 'sluice-private-'))
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'sluice.yaml'), configuration)
  writeFileSync(join(folder, 'data', 'racks.csv'), 'name\na\na\n\nb\n')
})
afterEach(() => {
  process.umask(umask)
  rmSync(folder, { recursive: true, force: true })
})

const sluice = (...args: readonly string[]) => callCommandLine(folder, args)

/** What others may do something with, below a folder and itself. */
function openIn(path: string): readonly string[] {
  const found = lstatSync(path)
  const inside = found.isDirectory() ? readdirSync(path).flatMap((name) => openIn(join(path, name))) : []
  return [...((found.mode & 0o077) === 0 ? [] : [relative(folder, path)]), ...inside]
}

test('nobody else may read what a run has left, whatever the umask', async () => {
  expect((await sluice('sync')).status).toBe(0)
  expect((await sluice('prepare', 'racks')).status).toBe(0)
  expect(openIn(join(folder, '.sluice'))).toEqual([])
  expect(openIn(join(folder, 'repository')).filter((path) => !path.startsWith('repository/data/'))).toEqual(
    [],
  )
})

test('what an earlier version has left open is made private when the project is opened, and what is not Sluice’s is left alone', async () => {
  await sluice('sync')
  const opened = ['.sluice', '.sluice/outbox', '.sluice/state', '.sluice/inbox', 'repository']
  for (const path of [...opened, 'data']) chmodSync(join(folder, path), 0o777)
  await sluice('sync')
  for (const path of opened)
    expect((lstatSync(join(folder, path)).mode & 0o777).toString(8), path).toBe('700')
  expect(lstatSync(join(folder, 'data')).mode & 0o777).toBe(0o777)
  expect(lstatSync(folder).mode & 0o777).toBe(0o700)
})

test('a link in the place of a folder of the work folder stops whatever would go through it', async () => {
  mkdirSync(join(folder, 'elsewhere'))
  mkdirSync(join(folder, '.sluice'))
  symlinkSync(join(folder, 'elsewhere'), join(folder, '.sluice', 'outbox'))
  const { status, stderr } = await sluice('sync')
  expect(status).not.toBe(0)
  expect(stderr).toContain('SLUICE-PREPARE-45')
  expect(readdirSync(join(folder, 'elsewhere'))).toEqual([])
})

// Windows has neither modes nor pipes among its files.
test.skipIf(process.platform === 'win32')(
  'a pipe in the place of a source file is refused, and nobody waits for it',
  async () => {
    rmSync(join(folder, 'data', 'racks.csv'))
    execFileSync('mkfifo', [join(folder, 'data', 'racks.csv')])
    for (const args of [['plan'], ['sync'], ['check']]) {
      const { status, stdout, stderr } = await sluice(...args)
      expect(status).not.toBe(0)
      expect(stdout + stderr).toMatch(/racks\.csv is not a file but a pipe or a device/)
    }
  },
)

// Windows has neither modes nor pipes among its files.
test.skipIf(process.platform === 'win32')('a token that other users may read is told of', async () => {
  writeFileSync(
    join(folder, 'sluice.yaml'),
    `${configuration}agent: { server: 'http://127.0.0.1:1', tokenFile: token, retryFor: 1s }
jobs: { all: { schedule: '@daily', steps: [{ sync: racks }] } }\n`,
  )
  writeFileSync(join(folder, 'token'), 'secret')
  chmodSync(join(folder, 'token'), 0o644)
  const warning = /warning SLUICE-CONFIGURATION-17: Other users of this machine may read the token in .*token/
  expect((await sluice('check')).stdout).toMatch(warning)
  // And by whoever uses it: once in a process.
  const used = spawnSluice(folder, ['status'])
  let printed = ''
  used.child.stderr?.on('data', (chunk) => {
    printed += String(chunk)
  })
  await used.ended
  expect(
    printed.match(/Other users of this machine may read the token in .*token\.\n→ chmod 600 /g),
  ).toHaveLength(1)
  const agent = spawnSluice(folder, ['agent', '--once'])
  await agent.ended
  expect(
    agent.lines().filter(({ msg }) => String(msg).startsWith('Other users of this machine')),
  ).toMatchObject([{ level: 'warn', remedy: expect.stringContaining('chmod 600') }])
  chmodSync(join(folder, 'token'), 0o600)
  expect((await sluice('check')).stdout).not.toMatch(warning)
})
