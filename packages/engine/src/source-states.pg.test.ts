/**
 * How far a repository is with its sources, asked in one look.
 */
import { expect, test } from 'vitest'
import { readSourceStates } from '../../repository/src/read/read-source-states.ts'
import { describeWithEngine, type EngineHarness } from '../test/engine-harness.ts'

const yaml = `
entityTypes:
  Person: { display: name, properties: { number: string, name: string, grade: integer, boss: { type: reference, to: Person } } }
  Card: { display: code, properties: { code: string } }
sources:
  hr:
    folder: .
    entities:
      Person: { file: p.csv, key: number, properties: { number: n, name: name, grade: g, boss: { column: boss, by: number } } }
  cards:
    folder: .
    entities:
      Card: { file: c.csv, key: code, reconciliation: { rules: [[code]], onZero: error }, properties: { code: c } }
  silent:
    folder: .
    entities: { Card: { file: s.csv, key: code, reconciliation: { rules: [[code]] }, properties: { code: c } } }
`
const people = Array.from({ length: 20 }, (_, index) => `${index + 1},P${index + 1},1,`)
const whole = { Person: `n,name,g,boss\n${people.join('\n')}\n90,Zoe,high,\n91,Yan,1,77` }

async function stateOf(harness: EngineHarness, source: string) {
  const { at, sources } = await readSourceStates(harness.database)
  expect(at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
  return sources.get(source)
}

describeWithEngine('the trend of a source', (harness) => {
  test('is what its applied runs have come to, the oldest first, with the time between them', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', whole)
    await harness.deliver('cards', { Card: 'c\na\nb' })
    await harness.deliver('hr', { Person: whole.Person.replace('90,Zoe,high,', '90,Zoe,3,') })
    const held = await harness.deliver('hr', { Person: 'n,name,g,boss\n1,P1,1,' })
    expect(held).toMatchObject({ state: 'held' })
    await harness.rows(
      "update sluice_run set finished_at = timestamptz '2026-01-01 00:00+00' + run_id * interval '1 hour'",
    )
    const first = { run: 1, at: '2026-01-01T01:00:00Z', read: 22, rejected: 1, faulty: 0, age: null }
    const second = { run: 3, at: '2026-01-01T03:00:00Z', read: 22, rejected: 0, faulty: 0, age: 7_200_000 }
    expect(await harness.repository.sourceTrends({ runs: 10 })).toEqual([
      { source: 'cards', runs: [expect.objectContaining({ run: 2, read: 2, faulty: 2, age: null })] },
      { source: 'hr', runs: [first, second] },
    ])
    expect(await harness.repository.sourceTrends({ runs: 1, sources: ['hr'] })).toEqual([
      { source: 'hr', runs: [second] },
    ])
  })
})

describeWithEngine('the state of a source', (harness) => {
  test('is what its last runs have come to, what is held, and what is left out', async () => {
    await harness.begin(yaml)
    expect(await stateOf(harness, 'hr')).toMatchObject({ lastRun: null, lastApplied: null, heldRun: null })
    await harness.deliver('hr', whole)
    expect(await stateOf(harness, 'hr')).toMatchObject({
      lastRun: { run: 1, mode: 'complete', state: 'applied', error: null },
      lastApplied: { run: 1, finishedAt: expect.stringMatching(/Z$/), age: expect.any(Number) },
      failures: 0,
      appliedDelivery: expect.any(String),
      rejected: 1,
      faulty: 0,
      orphans: 1,
      queue: { announced: 0, ready: 0, held: 0, aside: 0 },
    })
    await harness.deliver('hr', { Person: 'n,name,g,boss\n1,P1,1,' })
    expect(await stateOf(harness, 'hr')).toMatchObject({
      lastRun: { run: 2, state: 'held' },
      lastApplied: { run: 1 },
      heldRun: 2,
      queue: { held: 1 },
      rejected: 1,
    })
  })

  test('counts how often it was run in vain since something was applied, and why the last time', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', whole)
    const failure = { code: 'SLUICE-EXPORT-05', message: 'The program ended with 1.' }
    await harness.engine.inbox.exportFailed('hr', failure)
    await harness.engine.inbox.exportFailed('hr', failure)
    expect(await stateOf(harness, 'hr')).toMatchObject({
      lastRun: { run: 3, mode: null, state: 'failed', error: failure },
      lastApplied: { run: 1 },
      failures: 2,
    })
    await harness.deliver('hr', whole)
    expect(await stateOf(harness, 'hr')).toMatchObject({ lastRun: { run: 4 }, failures: 0 })
  })

  test('says how many rows could not be applied', async () => {
    await harness.begin(yaml)
    await harness.deliver('cards', { Card: 'c\na\nb' })
    expect(await stateOf(harness, 'cards')).toMatchObject({ faulty: 2, rejected: 0 })
    expect(await stateOf(harness, 'silent')).toMatchObject({ faulty: 0, lastRun: null })
  })

  test('of a run that a process has left behind is that it was interrupted', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', whole)
    await harness.execute(`update sluice_run set state = 'running', finished_at = null`)
    expect(await stateOf(harness, 'hr')).toMatchObject({
      lastRun: { state: 'interrupted' },
      lastApplied: null,
    })
  })
})
