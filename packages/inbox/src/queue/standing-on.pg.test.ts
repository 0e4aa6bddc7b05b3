/**
 * Deliveries of a source that build on one another and wait together: applied in the order of announcement, or refused
 * together.
 */
import { randomUUID } from 'node:crypto'
import { nobodyListens, openEngine } from '@sluice/engine'
import type { RunReport } from '@sluice/model'
import { expect, test } from 'vitest'
import { guarded, twoSources } from '../../../engine/test/companies.ts'
import { resourcesOf } from '../../../engine/test/contents.ts'
import { describeWithEngine, type EngineHarness } from '../../../engine/test/engine-harness.ts'
import { settleDelivery } from '../synchronize/settle-delivery.ts'
import { FolderInbox } from '../upload/folder-inbox.ts'

const incremental = { mode: 'incremental' } as const
const adds = (n: number, name: string) => ({ Person: `command,n,name,m\ninsert,${n},${name},` })
const deletes = { Person: 'command,n,name,m\ndelete,2,,' }

async function begin(harness: EngineHarness): Promise<void> {
  await harness.begin(guarded('{ deleted: 0 }'))
  await harness.deliver('hr', { Person: 'n,name,m\n1,Ann,\n2,Bob,' })
}

function inboxOf({ database, configuration }: EngineHarness): FolderInbox {
  return new FolderInbox({ database, configuration, folder: `${configuration.workFolder}/inbox` })
}

/** The engine alone, which works on nothing behind what is decided. */
function engineOf(harness: EngineHarness) {
  const { repository, configuration } = harness
  const inbox = inboxOf(harness)
  const settlementOf = (origin: Parameters<typeof settleDelivery>[0]) =>
    settleDelivery(origin, { discard: (id) => inbox.discard(id), onClosed: nobodyListens })
  return openEngine({ repository, configuration, settlementOf })
}

async function statesOf({ engine }: EngineHarness, ids: readonly string[]) {
  const found = await Promise.all(ids.map((id) => engine.inbox.status(id)))
  return found.map((status) => status?.state)
}

/** Two that wait: the second builds on the first, and the third on the second. */
async function three(
  harness: EngineHarness,
  first: Readonly<Record<string, string>>,
): Promise<readonly [string, string, string]> {
  const one = await harness.send('hr', first, incremental)
  const two = await harness.send('hr', adds(4, 'Dan'), incremental)
  return [one, two, await harness.send('hr', adds(5, 'Eve'), incremental)]
}

async function heldRun({ engine }: EngineHarness): Promise<RunReport> {
  const [report] = await engine.synchronize('hr')
  expect(report?.state).toBe('held')
  if (report === undefined) throw new Error('nothing ran')
  return report
}

describeWithEngine(
  'deliveries that build on one another',
  (harness) => {
    test('wait together and are applied in the order of announcement', async () => {
      await begin(harness)
      const ids = await three(harness, adds(3, 'Cid'))
      const { lastDelivery } = await harness.engine.inbox.chain('hr')
      expect(lastDelivery).toBe(ids[2])
      const reports = await harness.engine.synchronize('hr')
      expect(reports.map(({ delivery }) => delivery)).toEqual(ids)
      expect((await resourcesOf(harness, 'Person')).map(({ name }) => name)).toEqual([
        'Ann',
        'Bob',
        'Cid',
        'Dan',
        'Eve',
      ])
    })

    test('wait for a decision about a held one before them, and go on when it is approved', async () => {
      await begin(harness)
      const ids = await three(harness, deletes)
      const { run } = await heldRun(harness)
      expect(await statesOf(harness, ids)).toEqual(['held', 'ready', 'ready'])
      expect((await harness.engine.inbox.chain('hr')).lastDelivery).toBe(ids[2])
      await engineOf(harness).approve(run ?? 0, { by: 'eve' })
      await harness.engine.synchronize('hr')
      expect(await statesOf(harness, ids)).toEqual(['applied', 'applied', 'applied'])
    })

    test('are refused with the reason when the one before them is rejected', async () => {
      await begin(harness)
      const ids = await three(harness, deletes)
      const { run } = await heldRun(harness)
      await engineOf(harness).reject(run ?? 0, { by: 'eve', reason: 'half an export' })
      expect(await statesOf(harness, ids)).toEqual(['rejected', 'refused', 'refused'])
      const [last, before] = await harness.repository.runs({ source: 'hr' })
      for (const [run, id] of [
        [before, ids[1]],
        [last, ids[2]],
      ] as const) {
        expect(run).toMatchObject({ delivery: id, state: 'failed', error: { code: 'SLUICE-RECEIVE-15' } })
        expect(run?.error?.message).toContain(
          `${ids[0]} of hr, which was not applied: it is rejected: half an export.`,
        )
      }
    })

    test('are refused when the run of the one before them fails', async () => {
      await begin(harness)
      const ids = await three(harness, adds(3, 'Cid'))
      await inboxOf(harness).discard(ids[0])
      await expect(harness.engine.synchronize('hr')).rejects.toThrow()
      expect(await statesOf(harness, ids)).toEqual(['failed', 'refused', 'refused'])
    })

    test('are refused when the one before them does not fit what is stored', async () => {
      await begin(harness)
      const ids = await three(harness, adds(3, 'Cid'))
      await harness.execute('update sluice_source set applied_delivery = null')
      expect(await harness.engine.synchronize('hr')).toEqual([])
      expect(await statesOf(harness, ids)).toEqual(['refused', 'refused', 'refused'])
      expect((await harness.engine.inbox.status(ids[2]))?.reason).toContain(ids[0])
    })

    test.each(['cancelled', 'refused'] as const)('are refused when it is given up as %s', async (state) => {
      await begin(harness)
      const ids = await three(harness, adds(3, 'Cid'))
      await harness.engine.inbox.giveUp(ids[0], state, 'It has no header.')
      expect(await statesOf(harness, ids)).toEqual([state, 'refused', 'refused'])
    })

    test('are refused when the one before them expires, announced as they are', async () => {
      await begin(harness)
      const [one, two] = [randomUUID(), randomUUID()]
      const { inbox } = harness.engine
      await inbox.announce({ id: one, source: 'hr', ...incremental, base: randomUUID() })
      await harness.execute(`update sluice_delivery set touched_at = touched_at - interval '1 hour'`)
      await inbox.announce({ id: two, source: 'hr', ...incremental, base: one })
      await harness.engine.expireDeliveries(60_000)
      expect(await statesOf(harness, [one, two])).toEqual(['cancelled', 'refused'])
    })

    test('are refused as they are announced, when what they build on is over already', async () => {
      await begin(harness)
      const { inbox } = harness.engine
      const one = await harness.send('hr', adds(3, 'Cid'), incremental)
      await inbox.giveUp(one, 'cancelled', 'It is not wanted any more.')
      const announced = await inbox.announce({ id: randomUUID(), source: 'hr', ...incremental, base: one })
      expect(announced).toMatchObject({ state: 'refused', reason: expect.stringContaining('not wanted') })
    })

    test('are those of one source: what another names as its base, it will find missing itself', async () => {
      await harness.begin(twoSources)
      const { inbox } = harness.engine
      const [one, other] = [randomUUID(), randomUUID()]
      await inbox.announce({ id: one, source: 'hr', ...incremental, base: randomUUID() })
      await inbox.announce({ id: other, source: 'sites', ...incremental, base: one })
      await inbox.giveUp(one, 'cancelled', 'It is not wanted any more.')
      expect(await statesOf(harness, [one, other])).toEqual(['cancelled', 'announced'])
    })

    test('are cancelled together by a complete, which says all of it', async () => {
      await begin(harness)
      const ids = await three(harness, adds(3, 'Cid'))
      await harness.send('hr', { Person: 'n,name,m\n1,Ann,\n2,Bob,' })
      expect(await statesOf(harness, ids)).toEqual(['cancelled', 'cancelled', 'cancelled'])
    })
  },
  ['postgres-18'],
)
