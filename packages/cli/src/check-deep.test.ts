/**
 * `sluice check --deep`: the first rows of every file, as a run would take them.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'

// Each makes a repository of its own, which takes a busy machine its time.
vi.setConfig({ testTimeout: 300_000 })

const scratch = mkdtempSync(join(tmpdir(), 'sluice-deep-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const configuration = `
repository: ./repository
entityTypes:
  Person:
    properties:
      number: {type: string, required: true}
      hired: date
      boss: {type: reference, to: Person}
sources:
  hr:
    folder: data
    entities:
      Person: {file: people.csv, key: number, properties: {number: number, hired: hired, boss: boss}}
`

const hosts = `tpl 1.15 module Hosts;
syncmapping Hosts 1.0
  "Hosts."
  overview tags CMDB; end overview;
  mapping on Host as host
    cs -> Host;
  end mapping;
  body
    cs := sync.Host(key := host.key);
  end body;
end syncmapping;
`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(scratch, 'project-'))
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'sluice.yaml'), configuration)
})
const people = (...rows: readonly string[]) =>
  writeFileSync(join(folder, 'data', 'people.csv'), ['number,hired,boss', ...rows, ''].join('\n'))

test('shows rows that would be rejected with file, line, column, value and reason, and leaves nothing behind', async () => {
  people('1,2020-01-31,', '2,31.01.2020,1', '3,2020-02-01', '4,2020-02-02,nobody')
  const plain = await callCommandLine(folder, ['check'])
  expect(plain).toMatchObject({ status: 0, stdout: 'No errors, 0 warnings.\n' })
  const { status, stdout } = await callCommandLine(folder, ['check', '--deep'])
  expect(status).toBe(0)
  expect(stdout).toMatch(
    /people\.csv(?::3)?: warning SLUICE-CONFIGURATION-21: Person "2" would be rejected: hired "31\.01\.2020": /,
  )
  expect(stdout).toMatch(/people\.csv:4: .*the row has 2 fields, the header 3/)
  expect(stdout).toContain('No errors, 2 warnings.')
  expect(existsSync(join(folder, 'repository'))).toBe(false)
  expect(existsSync(join(folder, '.sluice'))).toBe(false)
})

test('shows what of the first items of a graph cannot be read', async () => {
  writeFileSync(
    join(folder, 'sluice.yaml'),
    `repository: ./repository
entityTypes:
  Host: {display: SyncKey, properties: {SyncKey: string}}
sources:
  discovery:
    folder: data
    graph: {files: [{file: nodes.jsonl}], modules: hosts.tpl}
`,
  )
  writeFileSync(join(folder, 'hosts.tpl'), hosts)
  const good = (id: number) => JSON.stringify({ id: `h${id}`, kind: 'Host', attributes: { key: `K${id}` } })
  const lines = Array.from({ length: 1200 }, (_, id) => good(id))
  lines[1] = '{"id": "h1", '
  lines[2] = '{"kind": "Host"}'
  lines[1100] = 'far behind'
  writeFileSync(join(folder, 'data', 'nodes.jsonl'), `${lines.join('\n')}\n`)
  const { status, stdout } = await callCommandLine(folder, ['check', '--deep'])
  expect(stdout).toMatch(/nodes\.jsonl:2: warning SLUICE-CONFIGURATION-21: .*not valid JSON/)
  expect(stdout).toMatch(
    /nodes\.jsonl:3: warning SLUICE-CONFIGURATION-21: A row of nodes would be rejected: /,
  )
  expect(stdout).toContain('No errors, 2 warnings.')
  expect(status).toBe(0)
})

test('reads the first thousand rows, shows ten of each source, and counts the others', async () => {
  const bad = Array.from({ length: 1500 }, (_, at) => `${at},soon,`)
  people(...bad, 'far behind, "a broken quote\n')
  const { stdout } = await callCommandLine(folder, ['check', '--deep', '--json'])
  const findings: readonly { readonly line?: number; readonly message: string }[] = JSON.parse(stdout)
  expect(findings).toHaveLength(11)
  expect(findings.at(-1)?.message).toBe(
    '990 more of the first 1000 rows of each file of hr would be rejected.',
  )
  expect(Math.max(...findings.map(({ line = 0 }) => line))).toBeLessThan(1002)
})

test('says when what it works with cannot be reached, and when a file cannot be taken', async () => {
  people('1,2020-01-31,')
  writeFileSync(
    join(folder, 'sluice.yaml'),
    configuration.replace('./repository', 'postgresql://nobody@127.0.0.1:1/nothing'),
  )
  const { status, stdout } = await callCommandLine(folder, ['check', '--deep'])
  expect(status).toBe(1)
  expect(stdout).toMatch(/sluice\.yaml:2:13: error SLUICE-CONFIGURATION-22: /)
  expect(stdout).toContain('2 | repository: postgresql://nobody@127.0.0.1:1/nothing')
})
