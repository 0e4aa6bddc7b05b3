import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { version } from '../packages/cli/src/version.ts'
import { spawnSluice } from '../packages/cli/test/sluice-process.ts'
import { thorough } from '../test/thoroughness.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifestSchema = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.literal(true) })).default({}),
})
const manifestOf = (path: string) => manifestSchema.parse(JSON.parse(readFileSync(join(root, path), 'utf8')))

describe('the published package', () => {
  test('depends on exactly what the packages inside depend on', () => {
    const inside = globSync('packages/*/package.json', { cwd: root })
      .flatMap((path) => Object.entries(manifestOf(path).dependencies))
      .filter(([name]) => !name.startsWith('@sluice/'))
    expect(manifestOf('package.json').dependencies).toEqual(Object.fromEntries(inside))
  })

  test('names the packages that connectors need, and installs none of them by itself', () => {
    const { peerDependencies, peerDependenciesMeta, dependencies } = manifestOf('package.json')
    const connectors = manifestOf('packages/connectors/package.json')
    expect(peerDependencies).toEqual(connectors.peerDependencies)
    expect(Object.keys(peerDependenciesMeta)).toEqual(Object.keys(peerDependencies))
    expect(Object.keys(peerDependencies).filter((name) => name in dependencies)).toEqual([])
  })

  test('has the version that `sluice --version` says', () => {
    expect(manifestOf('package.json').version).toBe(version)
  })
})

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    // The old list of engines is written by some, and says nothing.
    z.object({
      dev: z.boolean().optional(),
      // Who wants the connector that needs it installs it.
      devOptional: z.boolean().optional(),
      engines: z.unknown().optional(),
    }),
  ),
})

/** The first version of Node in a range, as far as packages write them: `>=22.0.0`, `18 || 20 || >=22`, `^20.19.0 || >=22.12.0`. */
function majorsIn(range: string): readonly number[] {
  return range.split('||').map((part) => Number(/\d+/.exec(part)?.[0] ?? 0))
}

describe('libraries', () => {
  test('ask for no newer Node than we do, but those that the decision names', () => {
    const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
    const engines = z.object({ node: z.string() })
    const tooNew = Object.entries(packages).flatMap(([path, { dev, devOptional, engines: asked }]) => {
      const found = engines.safeParse(asked)
      if (dev === true || devOptional === true || !found.success) return []
      return Math.min(...majorsIn(found.data.node)) > 20 ? [path.replace('node_modules/', '')] : []
    })
    expect(tooNew).toEqual(['@graphile/lru', 'chevrotain', 'content-disposition', 'cookie', 'pg-sql2'])
    const decision = readFileSync(join(root, 'docs/decisions/0057-the-first-minute.md'), 'utf8').toLowerCase()
    expect(tooNew.filter((name) => !decision.includes(name))).toEqual([])
  })
})

describe.runIf(thorough)('installed from its tarball into an empty folder', () => {
  // Not below the clone, whose node_modules would help where an installed package has no help.
  const folder = mkdtempSync(join(tmpdir(), 'sluice-package-'))
  const consumer = join(folder, 'consumer')
  const demo = join(consumer, 'demo')
  /** What the first two commands of a newcomer print. */
  const first = { init: '', sync: '' }
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
    first.init = run(consumer, 'npx', 'sluice', 'init', 'demo')
    first.sync = run(demo, 'npx', 'sluice', 'sync')
  }, 600_000)

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test('`npx sluice init demo && cd demo && npx sluice sync` loads the demo', () => {
    expect(first.init).toContain('  npx sluice sync\n')
    expect(first.sync).toContain('applied')
    expect(first.sync).toMatch(/^Took .*: open /m)
    expect(first.sync).toContain('  npx sluice runs changes 1 ')
    expect(run(demo, 'npx', 'sluice', 'resources', 'Person', '--where', 'name~Okafor')).toContain(
      'amara.okafor',
    )
    expect(run(demo, 'npx', 'sluice', 'check')).toContain('No errors')
  })

  test('a new repository is unpacked from its image', () => {
    const image = 'node_modules/sluice/dist/repository/src/database/pglite-image.tar.gz'
    expect(existsSync(join(consumer, image))).toBe(true)
  })

  // Each connector and each command has some of its own, loaded when it is used.
  test('is few files, which a start is quick to load', () => {
    const files = globSync('**/*.js', { cwd: join(consumer, 'node_modules/sluice/dist') })
    const loaded = files.filter((file) => !file.startsWith('console'))
    expect(loaded.length).toBeLessThan(250)
  })

  test('its server gives out the console, compressed', async () => {
    const main = join(consumer, 'node_modules/sluice/dist/cli/src/main.js')
    const server = spawnSluice(demo, ['server', '--port', '0'], {}, main)
    try {
      const { url } = await server.says('listening')
      const page = await (await fetch(`${url}/console/runs/1`)).text()
      expect(page).toContain('<base href="../"')
      const [, script = ''] = /src="([^"]+\.js)"/.exec(page) ?? []
      const answer = await fetch(new URL(script, `${url}/console/`), { headers: { 'accept-encoding': 'br' } })
      expect(answer.headers.get('content-encoding')).toBe('br')
      expect(answer.headers.get('cache-control')).toContain('immutable')
    } finally {
      server.child.kill('SIGTERM')
      await server.ended
    }
  })

  test('its topics are told, and what a shell needs to complete it', () => {
    expect(run(consumer, 'npx', 'sluice', 'help', 'held')).toContain('npx sluice runs approve')
    expect(run(consumer, 'npx', 'sluice', 'completion', 'bash')).toContain('complete -F _sluice sluice')
  })

  test('installed for everybody, it is called by its name', () => {
    const prefix = join(folder, 'everybody')
    const [tarball = ''] = globSync('*.tgz', { cwd: folder })
    run(
      folder,
      'npm',
      'install',
      '--global',
      '--prefix',
      prefix,
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      tarball,
    )
    const env = { ...process.env, PATH: `${join(prefix, 'bin')}:${path}`, npm_execpath: undefined }
    const made = execFileSync(join(prefix, 'bin', 'sluice'), ['init', 'here'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
    expect(made).toContain('  sluice sync\n')
  })

  test('a new connector keeps the contract as it stands', () => {
    writeFileSync(join(consumer, 'sluice.yaml'), 'repository: ./repository\n')
    for (const [name, ...flags] of [['crm'], ['phones', '--code']] as const) {
      run(consumer, 'npx', 'sluice', 'connector', 'new', name, ...flags)
      expect(run(consumer, 'node', '--test', `connectors/${name}/contract.test.mjs`)).toMatch(/^\W*fail 0$/m)
    }
    rmSync(join(consumer, 'sluice.yaml'))
  })

  test('programs find a typed library in it', () => {
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
