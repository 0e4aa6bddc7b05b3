/**
 * Somebody reads the whole repository, as pg_dump does, while runs are decided: nobody waits for that.
 */
import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness, servers } from '../../test/engine-harness.ts'
import { sweepKept } from '../changes/sweep-kept.ts'

const yaml = `
entityTypes:
  Person: {properties: {number: {type: string, required: true}, name: string}}
  Client: {properties: {number: {type: string, required: true}}}
sources:
  hr:
    thresholds: {updated: {count: 1}}
    entities: {Person: {file: p.csv, key: number, properties: {number: n, name: name}}}
  crm:
    thresholds: off
    entities: {Client: {file: c.csv, key: number, properties: {number: n}}}
`

/** Holds what pg_dump holds of every table of the schema, until it is disposed. */
async function dump(harness: EngineHarness): Promise<AsyncDisposable> {
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  let begun = () => {}
  const reading = new Promise<void>((resolve) => {
    begun = resolve
  })
  const whole = harness.database.transaction(async (session) => {
    const { rows } = await session.query<{ name: string }>(
      `select quote_ident(relname) as name from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace`,
    )
    for (const { name } of rows) await session.execute(`lock table ${name} in access share mode`)
    begun()
    await ended
  })
  await Promise.race([reading, whole])
  return {
    [Symbol.asyncDispose]: async () => {
      end()
      await whole
    },
  }
}

const kept = (harness: EngineHarness) =>
  harness.rows(
    `select from pg_tables where schemaname = current_schema() and tablename ~ '^sluice_run_[0-9]'`,
  )

async function held(harness: EngineHarness): Promise<number> {
  await harness.begin(yaml)
  await harness.deliver('hr', { Person: 'n,name\n1,Ann\n2,Bob\n3,Cid' })
  const report = await harness.deliver('hr', { Person: 'n,name\n1,Anna\n2,Bobby\n3,Cid' })
  expect(report).toMatchObject({ state: 'held' })
  return report.run ?? 0
}

describeWithEngine(
  'a held run',
  (harness) => {
    test.each(['approve', 'reject'] as const)(
      'that somebody decides to %s while a dump is made waits for nobody, and what it kept goes later',
      async (verb) => {
        const run = await held(harness)
        expect((await kept(harness)).length).toBeGreaterThan(0)
        {
          await using _dump = await dump(harness)
          const decided = await harness.engine[verb](run, { by: 'eve' })
          const report = 'report' in decided ? decided.report : decided
          expect(report.state).toBe(verb === 'approve' ? 'applied' : 'rejected')
          // The turn of all sources is free.
          expect(await harness.deliver('crm', { Client: 'n\n1' })).toMatchObject({ state: 'applied' })
          expect((await kept(harness)).length).toBeGreaterThan(0)
          expect(await sweepKept(harness.database)).toBe(0)
        }
        await harness.engine.expireDeliveries(3_600_000)
        expect(await kept(harness)).toEqual([])
      },
    )

    test('that a later complete replaces while a dump is made does not hold it up', async () => {
      const run = await held(harness)
      await using _dump = await dump(harness)
      expect(await harness.deliver('hr', { Person: 'n,name\n1,Ann\n2,Bob\n3,Cid' })).toMatchObject({
        state: 'applied',
      })
      expect(await harness.repository.run(run)).toMatchObject({ state: 'cancelled' })
    })

    test('that still waits keeps what it has computed', async () => {
      const run = await held(harness)
      const before = (await kept(harness)).length
      expect(await sweepKept(harness.database)).toBe(0)
      expect((await kept(harness)).length).toBe(before)
      expect(await harness.engine.approve(run, { by: 'eve' })).toMatchObject({ report: { state: 'applied' } })
      expect(await kept(harness)).toEqual([])
    })
  },
  servers,
)
