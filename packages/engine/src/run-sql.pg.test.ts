/**
 * The whole SQL of a run for a small model, statement by statement, as a person would read it in the database's log.
 *
 * A change of what a run executes shows here as a difference to read: `npx vitest run -u run-sql` renews the files. What
 * the statements do is held by the other tests.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { openSynchronizer } from '../../inbox/src/index.ts'
import { describeWithEngine, type EngineHarness, type Tables } from '../test/engine-harness.ts'
import { intercepted } from '../test/intercepted-repository.ts'

const yaml = `
entityTypes:
  Person:
    display: name
    properties:
      number: {type: string, required: true}
      name: string
      grade: integer
      unit: {type: reference, to: Unit}
  Unit:
    display: name
    properties: {code: string, name: string}
associations:
  Membership: {from: Person, to: Unit, properties: {since: date}}
sources:
  hr:
    folder: .
    thresholds: off
    entities:
      Person: {file: p.csv, key: number, properties: {number: n, name: name, grade: grade, unit: {column: u, by: code}}}
      Unit: {file: u.csv, key: code, properties: {code: c, name: name}}
    associations:
      Membership: {file: m.csv, from: {column: p, by: number}, to: {column: u, by: code}, properties: {since: since}}
`

const first = {
  Person: 'n,name,grade,u\n1,Ann,3,IT\n2,Bob,4,HR\n3,Cid,5,',
  Unit: 'c,name\nIT,Information\nHR,People',
  Membership: 'p,u,since\n1,IT,2024-01-01\n2,HR,',
}
const changed = {
  Person: 'n,name,grade,u\n1,Ann,4,IT\n2,Bob,4,LAW\n4,Dan,x,IT',
  Unit: 'c,name\nIT,Information\nPO,People',
  Membership: 'p,u,since\n1,IT,2025-01-01\n4,IT,',
}
const links = { Membership: 'p,u,since\n1,IT,2024-01-01\n1,HR,\n9,HR,' }
const delta = {
  Person: 'command,n,name,grade,u\nupdate,1,Ann,9,HR\ninsert,5,Eve,1,IT\ndelete,3,,,',
  Membership: 'command,p,u,since\ninsert,5,IT,\ndelete,2,HR,',
}

/** What a run executes between `begin` and `commit` and around it. */
async function statementsOf(
  harness: EngineHarness,
  tables: Tables,
  mode: 'complete' | 'incremental' = 'complete',
): Promise<string> {
  await harness.send('hr', tables, { mode })
  const texts: string[] = []
  const engine = openSynchronizer({
    repository: intercepted(harness.repository, async (text) => void texts.push(text)),
    configuration: harness.configuration,
  })
  const [report] = await engine.synchronize('hr')
  expect(report?.state).toBe('applied')
  return `${texts.map((text) => `${tidy(text)};`).join('\n\n')}\n\n-- ${texts.length} statements\n`
}

/** Lines without the indentation of the code that made them. */
function tidy(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n  ')
}

const snapshot = (name: string) => `../test/sql/${name}.sql`

describeWithEngine(
  'the statements of a run',
  (harness) => {
    test('are these when nothing is stored', async () => {
      await harness.begin(yaml)
      await expect(await statementsOf(harness, first)).toMatchFileSnapshot(snapshot('first-load'))
    })

    test('are these when nothing has changed', async () => {
      await harness.begin(yaml)
      await harness.deliver('hr', first)
      await expect(await statementsOf(harness, first)).toMatchFileSnapshot(snapshot('unchanged'))
    })

    test('are these when resources come, change, go and are rejected', async () => {
      await harness.begin(yaml)
      await harness.deliver('hr', first)
      await expect(await statementsOf(harness, changed)).toMatchFileSnapshot(snapshot('changed'))
    })

    test('are these when only links change', async () => {
      await harness.begin(yaml)
      await harness.deliver('hr', first)
      await expect(await statementsOf(harness, links)).toMatchFileSnapshot(snapshot('links'))
    })

    test('are these when changes are delivered', async () => {
      await harness.begin(yaml)
      await harness.deliver('hr', first)
      await expect(await statementsOf(harness, delta, 'incremental')).toMatchFileSnapshot(
        snapshot('incremental'),
      )
    })

    test('are at most a hundred when a handful of changes is delivered', async () => {
      await harness.begin(yaml)
      await harness.deliver('hr', first)
      const statements = await statementsOf(harness, delta, 'incremental')
      expect(Number(/-- (\d+) statements/.exec(statements)?.[1])).toBeLessThanOrEqual(100)
    })
  },
  ['postgres-18'],
)
