import type { Change } from '@sluice/model'
import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness, type Tables } from '../test/engine-harness.ts'

const cards = (thresholds: string) => `
entityTypes:
  Card: { display: id, properties: { id: string, serial: integer, balance: decimal } }
  Owner: { display: id, properties: { id: string } }
associations:
  Share: { from: Owner, to: Card, properties: { amount: decimal, since: integer } }
sources:
  cards:
    folder: .
    thresholds: ${thresholds}
    entities:
      Card: { file: c.csv, key: id, properties: { id: id, serial: serial, balance: balance } }
      Owner: { file: o.csv, key: id, properties: { id: id } }
    associations:
      Share:
        file: s.csv
        from: { column: o, by: id }
        to: { column: c, by: id }
        properties: { amount: amount, since: since }
`
const before = { serial: '8988211000000000017', balance: '1234567890123456789012345678901234567890.10' }
const after = { serial: '8988211000000000018', balance: '1234567890123456789012345678901234567890.20' }
const share = { amount: '0.1234567890123456789', since: '9007199254740993' }
const tables = ({ serial, balance }: typeof before, amount: string): Tables => ({
  Card: `id,serial,balance\nk1,${serial},${balance}\nk2,5,7`,
  Owner: 'id\no1',
  Share: `o,c,amount,since\no1,k1,${amount},${share.since}`,
})
const now = tables(before, share.amount)
const next = tables(after, '1.10')

async function changesOf({ engine }: EngineHarness, run: number | null): Promise<readonly Change[]> {
  const found: Change[] = []
  for await (const change of engine.changes(run ?? 0, {})) found.push(change)
  return found
}

describeWithEngine('numbers that no number of JavaScript can hold', (harness) => {
  const changed = [
    expect.objectContaining({ key: 'k1', before, after }),
    expect.objectContaining({
      from: 'o1',
      to: 'k1',
      before: { amount: share.amount },
      after: { amount: '1.10' },
    }),
  ]

  test('are exact in a plan, in the changes of a run that was applied, and in the history', async () => {
    await harness.begin(cards('off'))
    await harness.deliver('cards', now)
    const prepared = { ...(await harness.prepare('cards', next)), references: [] }
    const { changes } = await harness.engine.plan('cards', 'complete', prepared, {
      by: { kind: 'program', name: 'test' },
    })
    expect(changes).toEqual(changed)
    const { run } = await harness.deliver('cards', next)
    expect(await changesOf(harness, run)).toEqual(changed)
    const explained = await harness.repository.explain('Card', 'k1')
    expect(explained?.history[0]).toMatchObject({ before, after })
  })

  test('are exact in a run that is held, and in what it would insert', async () => {
    await harness.begin(cards('{ updated: 0, inserted: 0, deleted: 0 }'))
    await harness.deliver('cards', now, { force: true })
    const { run, state } = await harness.deliver('cards', next)
    expect(state).toBe('held')
    expect(await changesOf(harness, run)).toEqual(changed)
    const others = { ...now, Card: `${String(now['Card'])}\nk3,${after.serial},${after.balance}` }
    const inserted = await harness.deliver('cards', others)
    expect(await changesOf(harness, inserted.run)).toMatchObject([
      { key: 'k3', after: { id: 'k3', ...after } },
    ])
  })
})
