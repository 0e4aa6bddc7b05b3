/**
 * As in a container: a user that has no name and no home, a file system of which only the work folder can be written.
 */
import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { main } from '../test/sluice-process.ts'

// Processes one after the other, which take a busy machine their time.
vi.setConfig({ testTimeout: 600_000 })

const run = promisify(execFile)
const nobody = 54321
const mayUnshare =
  spawnSync('unshare', ['--mount', 'setpriv', '--reuid', String(nobody), 'true']).status === 0

// Only root may mount, and only Linux has such namespaces.
describe.skipIf(!mayUnshare)('a user without a name on a read-only file system', () => {
  test('synchronizes, tries a mapping and asks, and writes into the work folder alone', async () => {
    const folder = await mkdtemp(join(inject('testFolder'), 'read-only-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const [project, work] = [join(folder, 'project'), join(folder, 'work')]
    for (const made of [join(project, 'data'), work]) mkdirSync(made, { recursive: true })
    writeFileSync(
      join(project, 'sluice.yaml'),
      `repository: ${work}/repository
workFolder: ${work}/sluice
entityTypes:
  Person: {display: name, properties: {no: string, name: string}}
  Asset: {display: no, properties: {no: string}}
sources:
  assets: {table: true, entities: {Asset: {reconciliation: {rules: [[no]]}, properties: {no: {}}}}}
  hr:
    mode: incremental
    folder: data
    entities:
      Person:
        file: people.csv
        key: no
        properties: {no: no, name: {column: name, table: {file: names.csv, from: code, to: name}}}
`,
    )
    writeFileSync(join(project, 'data/people.csv'), 'no,name\n1,al\n')
    writeFileSync(join(project, 'names.csv'), 'code,name\nal,Ada\n')
    chmodSync(folder, 0o755)
    chownSync(work, nobody, nobody)
    const call = async (...args: readonly string[]) => {
      const inside = [
        'mount --make-rprivate /',
        `mount --bind ${work} ${work}`,
        'mount -o remount,bind,ro /',
        `cd ${project}`,
        `exec env -i PATH="$PATH" setpriv --reuid ${nobody} --regid ${nobody} --clear-groups "$@"`,
      ].join(' && ')
      const command = ['--mount', 'sh', '-c', inside, 'sh', process.execPath, main, ...args]
      return (await run('unshare', command)).stdout
    }
    writeFileSync(join(project, 'assets.csv'), 'primary_key;no\n1;A1\n')
    // Nothing is there yet: the repository of a moment needs a place.
    expect(await call('plan', 'hr')).toContain('inserted')
    expect(await call('sync', 'hr', '--yes')).toMatch(/applied[\s\S]*Started by 54321 at the command line/)
    expect(await call('resources', 'Person')).toContain('Ada')
    expect(await call('sync', 'hr', '--yes')).toContain('nothing had changed')
    await call('check', '--deep')
    await call('load', 'assets', 'assets.csv')
    expect(await call('resources', 'Asset')).toContain('A1')
    // Of what was there for a moment nothing is left.
    expect(readdirSync(join(work, 'sluice')).filter((name) => name.startsWith('plan-'))).toEqual([])
    expect(await call('mapping', 'try', 'hr')).toContain('Ada')
  })
})
