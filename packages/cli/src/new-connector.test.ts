/**
 * A connector is written to begin with, keeps the contract as it stands, and what it reads is applied.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'

const scratch = mkdtempSync(join(tmpdir(), 'sluice-new-connector-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A project in which `sluice` and `zod` are found as if they were installed. */
function project(): string {
  const folder = mkdtempSync(join(scratch, 'project-'))
  writeFileSync(join(folder, 'sluice.yaml'), 'repository: ./repository\n')
  const library = join(folder, 'library')
  mkdirSync(library)
  const exports = { '.': './index.ts', './connector-contract': './contract.ts' }
  writeFileSync(join(library, 'package.json'), JSON.stringify({ name: 'sluice', type: 'module', exports }))
  writeFileSync(
    join(library, 'index.ts'),
    `export * from ${JSON.stringify(join(root, 'packages/project/src/index.ts'))}\n`,
  )
  const contract = join(root, 'packages/connectors/src/suite/connector-contract.ts')
  writeFileSync(join(library, 'contract.ts'), `export * from ${JSON.stringify(contract)}\n`)
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(library, join(folder, 'node_modules', 'sluice'))
  symlinkSync(join(root, 'node_modules', 'zod'), join(folder, 'node_modules', 'zod'))
  return folder
}

/** What Node's own test runner says of it. */
async function tested(folder: string, file: string): Promise<string> {
  const environment = Object.entries(process.env).filter(([name]) => !/^(NODE_|VITEST)/.test(name))
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter', 'tap', file], {
    cwd: folder,
    env: Object.fromEntries(environment),
  })
  return stdout
}

describe.each([
  ['a manifest', [], 'connector.yaml'],
  ['a module', ['--code'], 'connector.mjs'],
])('a new connector that is %s', (_, flags, file) => {
  test('keeps the contract as it stands', async () => {
    const folder = project()
    const { stdout, status } = await callCommandLine(folder, ['connector', 'new', 'crm', ...flags])
    expect(status).toBe(0)
    expect(stdout).toContain(`Wrote connectors/crm:\n  ${file}\n  system.mjs\n  contract.test.mjs\n`)
    const output = await tested(folder, 'connectors/crm/contract.test.mjs')
    expect(output).toContain('# pass 8\n# fail 0\n')
  })
})

test('a new manifest is added as a source, page by page past a system that is busy, and is not used when page 4 never comes', async () => {
  const folder = project()
  await callCommandLine(folder, ['connector', 'new', 'crm'])
  let broken = false
  const asked = new Set<string>()
  const people = Array.from({ length: 150 }, (_, index) => ({ id: `p${index}`, name: `Person ${index}` }))
  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost')
    const offset = Number(searchParams.get('offset') ?? 0)
    // Whatever is asked for is refused at first.
    if (!asked.has(url)) {
      asked.add(url)
      return void response.writeHead(429, { 'retry-after': '0' }).end()
    }
    if (broken && offset >= 120) return void response.writeHead(500).end('{"message": "Out of order"}')
    const all =
      pathname === '/people' ? people : pathname === '/groups' ? [{ id: 'staff' }] : [{ id: 'staff' }]
    response.end(JSON.stringify({ total: all.length, data: all.slice(offset, offset + 40) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    writeFileSync(join(folder, 'token'), 'correct-horse')
    const options = [
      '--option',
      `address=http://127.0.0.1:${port}`,
      '--option',
      'token={"file":"token"}',
      '--option',
      'limits={"pause":"0.001s"}',
    ]
    const added = await callCommandLine(folder, [
      'source',
      'add',
      './connectors/crm',
      '--name',
      'crm',
      ...options,
    ])
    expect(added).toMatchObject({ status: 0, stderr: '' })
    expect(readFileSync(join(folder, 'crm.yaml'), 'utf8')).toContain(
      'memberships: {from: People, to: Groups}',
    )
    const first = await callCommandLine(folder, ['sync', 'crm', '--yes'])
    expect(first.stderr).toBe('')
    expect(first.stdout).toMatch(/People +150 +150 /)
    expect(first.stdout).toMatch(/memberships +150 +150 /)
    broken = true
    const yaml = readFileSync(join(folder, 'crm.yaml'), 'utf8')
    writeFileSync(join(folder, 'crm.yaml'), yaml.replace('export:\n', 'export:\n      retries: 0\n'))
    const second = await callCommandLine(folder, ['sync', 'crm', '--yes'])
    expect(second.status).toBe(1)
    expect(second.stderr).toContain('/people answers with 500: Out of order.')
    expect(
      (await callCommandLine(folder, ['resources', 'People', '--csv'])).stdout.trim().split('\n'),
    ).toHaveLength(1 + 150)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('what is there is not written over, and a name has to be one', async () => {
  const folder = project()
  mkdirSync(join(folder, 'connectors', 'crm'), { recursive: true })
  const again = await callCommandLine(folder, ['connector', 'new', 'crm'])
  expect(again).toMatchObject({ status: 2 })
  expect(again.stderr).toContain('There is a folder connectors/crm already.')
  const wrong = await callCommandLine(folder, ['connector', 'new', '../crm'])
  expect(wrong).toMatchObject({ status: 2 })
  expect(wrong.stderr).toContain('is no name of a connector.')
})
