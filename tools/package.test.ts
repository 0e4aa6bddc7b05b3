import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { version } from '../packages/cli/src/version.ts'
import { thorough } from '../test/thoroughness.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifestSchema = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
})
const manifestOf = (path: string) => manifestSchema.parse(JSON.parse(readFileSync(join(root, path), 'utf8')))

describe('the published package', () => {
  test('depends on exactly what the packages inside depend on', () => {
    const inside = globSync('packages/*/package.json', { cwd: root })
      .flatMap((path) => Object.entries(manifestOf(path).dependencies))
      .filter(([name]) => !name.startsWith('@sluice/'))
    expect(manifestOf('package.json').dependencies).toEqual(Object.fromEntries(inside))
  })

  test('has the version that `sluice --version` says', () => {
    expect(manifestOf('package.json').version).toBe(version)
  })
})

describe.runIf(thorough)('installed from its tarball into an empty folder', () => {
  // Not below the clone, whose node_modules would help where an installed package has no help.
  const folder = mkdtempSync(join(tmpdir(), 'sluice-package-'))
  const consumer = join(folder, 'consumer')
  const demo = join(consumer, 'demo')
  // The machine's own Node and npm, as a user has them: not the Node that this clone brought.
  const path = (process.env['PATH'] ?? '')
    .split(':')
    .filter((entry) => !entry.includes('node_modules'))
    .join(':')

  function run(cwd: string, command: string, ...args: readonly string[]): string {
    const environment = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST)/.test(name))
    const env = { ...Object.fromEntries(environment), PATH: path, NO_COLOR: '1' }
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  }

  beforeAll(() => {
    run(root, 'npm', 'pack', '--pack-destination', folder)
    mkdirSync(consumer)
    const [tarball = ''] = globSync('*.tgz', { cwd: folder })
    writeFileSync(join(consumer, 'package.json'), '{"name": "consumer", "private": true, "type": "module"}\n')
    run(consumer, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', join('..', tarball))
  }, 600_000)

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test('`npx sluice init demo && cd demo && npx sluice sync` loads the demo', { timeout: 120_000 }, () => {
    run(consumer, 'npx', 'sluice', 'init', 'demo')
    const report = run(demo, 'npx', 'sluice', 'sync')
    expect(report).toContain('applied')
    expect(run(demo, 'npx', 'sluice', 'resources', 'Person', '--where', 'name~Okafor')).toContain(
      'amara.okafor',
    )
    expect(run(demo, 'npx', 'sluice', 'check')).toContain('No errors')
  })

  test('programs find a typed library in it', { timeout: 120_000 }, () => {
    writeFileSync(join(consumer, 'program.ts'), program)
    const types = join(root, 'node_modules', '@types')
    const flags = [
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--types',
      'node',
      '--typeRoots',
      types,
    ]
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    execFileSync(process.execPath, [tsc, ...flags, 'program.ts'], { cwd: consumer, stdio: 'inherit' })
    expect(run(consumer, 'node', 'program.js').trim()).toBe('applied, then 0 changes; 1001 is Amara Okafor')
  })
})

const program = `
import { openProject, openRepository, type RunReport } from 'sluice'

let report: RunReport
{
  await using project = await openProject('demo')
  report = await project.sync('hr', { mode: 'complete' })
}
const changes = report.entities.reduce((sum, { changes }) => sum + changes.inserted + changes.updated + changes.deleted, 0)

await using repository = await openRepository({ kind: 'folder', path: 'demo/repository' })
for await (const { values } of repository.resources('Person', { limit: 1 })) {
  console.log(\`\${report.state}, then \${changes} changes; \${values['employeeNumber']} is \${values['name']}\`)
}
`
