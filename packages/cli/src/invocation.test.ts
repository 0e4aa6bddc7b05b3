import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { asTyped, invocationOf } from './invocation.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-invocation-'))
const packageMain = join(folder, 'package', 'main.js')
const bin = join(folder, 'bin')
const project = join(folder, 'project')
mkdirSync(join(folder, 'package'))
mkdirSync(bin)
mkdirSync(join(project, 'node_modules', '.bin'), { recursive: true })
writeFileSync(packageMain, '')
chmodSync(packageMain, 0o755)
symlinkSync(packageMain, join(bin, 'sluice'))
symlinkSync(packageMain, join(project, 'node_modules', '.bin', 'sluice'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const started = {
  environment: { PATH: ['/nowhere', 'relative'].join(delimiter) },
  workingFolder: folder,
  node: '/usr/bin/node',
  main: packageMain,
  entries: [packageMain],
}

test('a program that is in the PATH is called by its name', () => {
  expect(invocationOf({ ...started, environment: { PATH: `/nowhere${delimiter}${bin}` } })).toBe('sluice')
})

test('another program of that name in the PATH is not meant', () => {
  const entries = [join(folder, 'other.js')]
  expect(invocationOf({ ...started, entries, environment: { PATH: bin } })).toBe(
    '/usr/bin/node ./package/main.js',
  )
})

test('npx finds the one that is installed in the folder or above it', () => {
  expect(invocationOf({ ...started, workingFolder: project })).toBe('npx sluice')
  expect(invocationOf({ ...started, workingFolder: join(project, 'below', 'it') })).toBe('npx sluice')
})

test('what npm has started is started by npx again, though npm has put it into the PATH', () => {
  expect(invocationOf({ ...started, environment: { PATH: bin, npm_execpath: '/usr/lib/npm-cli.js' } })).toBe(
    'npx sluice',
  )
})

test('anything else is called by its way, as a shell takes it', () => {
  expect(invocationOf(started)).toBe('/usr/bin/node ./package/main.js')
  expect(invocationOf({ ...started, node: '/opt/my node/node' })).toBe(
    "'/opt/my node/node' ./package/main.js",
  )
})

test.each([
  ['sluice runs', 'npx sluice runs'],
  [
    'Prepare it first: sluice prepare hr; or all stages: sluice sync hr',
    'Prepare it first: npx sluice prepare hr; or all stages: npx sluice sync hr',
  ],
  ['`sluice check` lists it', '`npx sluice check` lists it'],
  ['sluice -C /srv check', 'npx sluice -C /srv check'],
  ['npx sluice runs', 'npx sluice runs'],
  ['./sluice runs', './sluice runs'],
  ['/srv/sluice is full', '/srv/sluice is full'],
  ['alter schema "sluice" owner to …', 'alter schema "sluice" owner to …'],
  ['in sluice.yaml', 'in sluice.yaml'],
])('a hint is written as it is typed: %s', (hint, typed) => {
  expect(asTyped(hint, 'npx sluice')).toBe(typed)
})
