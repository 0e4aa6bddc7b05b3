/**
 * Rows that are tried out at the command line: with the repository here, and through a server.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'
import { serveFolder } from '../test/serve-folder.ts'

const configuration = `repository: ./repository
entityTypes:
  Person: { display: name, properties: { name: { type: string, required: true }, badge: string, born: date } }
sources:
  hr:
    folder: data
    thresholds: off
    entities:
      Person:
        file: people.csv
        key: badge
        reconciliation: { rules: [[{ property: badge, normalize: [serial, worthless] }], [name, born]] }
        properties: { name: name, badge: badge, born: born }
`

const scratch = mkdtempSync(join(tmpdir(), 'sluice-reconcile-'))
const opened = new AsyncDisposableStack()
opened.defer(() => rmSync(scratch, { recursive: true, force: true }))
const [here, there, agent] = [join(scratch, 'here'), join(scratch, 'there'), join(scratch, 'agent')]
let environment: Readonly<Record<string, string>> = {}

beforeAll(async () => {
  for (const folder of [here, there, agent]) {
    mkdirSync(join(folder, 'data'), { recursive: true })
    writeFileSync(join(folder, 'sluice.yaml'), configuration)
    writeFileSync(
      join(folder, 'data', 'people.csv'),
      'name,badge,born\nAda,B-1,1815-12-10\nBob,B-2,1990-01-01\n',
    )
    writeFileSync(join(folder, 'rows.csv'), 'badge;name;born\nb 2;<NULL>;<NULL>\nN/A;Ada;1900-01-01\n')
  }
  opened.use(await moveToServer(here))
  opened.use(await moveToServer(there))
  for (const folder of [here, there]) await callCommandLine(folder, ['sync', 'hr', '--quiet'])
  const server = opened.use(await serveFolder(there))
  environment = await server.environmentOf({ name: 'viewer', role: 'viewer', sources: [] })
})
afterAll(() => opened.disposeAsync())

describe.each(['here', 'through a server'])('rows tried out %s', (where) => {
  const sluice = (...args: readonly string[]) =>
    where === 'here' ? callCommandLine(here, args) : callCommandLine(agent, args, { environment })

  test('find their resource, and say why', async () => {
    const found = await sluice('reconcile', 'test', 'hr', 'Person', '--row', 'badge=s/n: b1', 'name=X')
    expect(found).toMatchObject({ status: 0, stderr: '' })
    expect(found.stdout).toMatch(
      /^Row 1 \(s\/n: b1\): belongs to resource (\d+) Ada, by rule 1\n {2}rule 1: badge "s\/n: b1" = "B1" \(serial, worthless\): finds 1: #\1 Ada\n {2}rule 2: name "X", born has no value: not searched\n$/,
    )
  })

  test('come from a CSV, too, and are told as JSON', async () => {
    const { stdout } = await sluice('reconcile', 'test', 'hr', '--file', 'rows.csv')
    expect(stdout).toMatch(/^Row 1 \(b 2\): belongs to resource \d+ Bob, by rule 1$/m)
    expect(stdout).toContain(
      'Row 2 (N/A): makes a new resource, since no rule finds one\n' +
        '  rule 1: badge "N/A" is a placeholder: not searched\n' +
        '  rule 2: name "Ada", born "1900-01-01": finds nothing\n' +
        '    alone: name finds 1, born finds 0\n',
    )
    const json = await sluice('reconcile', 'test', 'hr', '--file', 'rows.csv', '--json')
    expect(JSON.parse(json.stdout)).toMatchObject([{ outcome: 'link' }, { outcome: 'create' }])
    // Nothing of it is stored.
    expect((await sluice('resources', 'Person', '--csv')).stdout.trim().split('\n')).toHaveLength(3)
  })

  test('are refused where they cannot be read, with the line', async () => {
    writeFileSync(join(where === 'here' ? here : agent, 'bad.csv'), 'badge,name\n1,2,3\n')
    expect((await sluice('reconcile', 'test', 'hr', '--file', 'bad.csv')).stderr).toContain(
      'SLUICE-MATCH-07: Line 2 of bad.csv: it has 3 cells, and the header 2.',
    )
    expect(await sluice('reconcile', 'test', 'hr')).toMatchObject({ status: 2 })
    expect((await sluice('reconcile', 'test', 'hr', '--row', 'mail=x')).stderr).toContain('SLUICE-MATCH-05')
    expect((await sluice('reconcile', 'test', 'hr', 'Unit', '--row', 'badge=x')).stderr).toContain(
      'SLUICE-MATCH-06',
    )
  })
})
