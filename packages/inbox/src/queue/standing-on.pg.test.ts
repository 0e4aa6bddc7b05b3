/**
 * Deliveries of a source that build on one another and wait together: applied in the order of announcement, or refused
 * together.
 */
import { randomUUID } from 'node:crypto'
import { openEngine } from '@sluice/engine'
import type { RunReport } from '@sluice/model'
import { expect, test } from 'vitest'
import { guarded } from '../../../engine/test/companies.ts'
import { resourcesOf } from '../../../engine/test/contents.ts'
import { describeEachWorld, type World } from '../../../engine/test/world.ts'
import { FolderInbox } from '../upload/folder-inbox.ts'
import { settleDelivery } from '../work/settle-delivery.ts'

const incremental = { mode: 'incremental' } as const
const adds = (n: number, name: string) => ({ Person: `command,n,name,m\ninsert,${n},${name},` })
const deletes = { Person: 'command,n,name,m\ndelete,2,,' }

async function begin(world: World): Promise<void> {
  await world.begin(guarded('{ deleted: 0 }'))
  await world.deliver('hr', { Person: 'n,name,m\n1,Ann,\n2,Bob,' })
}

function inboxOf({ database, configuration }: World): FolderInbox {
  return new FolderInbox({ database, configuration, folder: `${configuration.workFolder}/inbox` })
}

/** The engine alone, which works on nothing behind what is decided. */
function engineOf(world: World) {
  const { repository, configuration } = world
  const inbox = inboxOf(world)
  const settlementOf = (origin: Parameters<typeof settleDelivery>[0]) =>
    settleDelivery(origin, (id) => inbox.discard(id))
  return openEngine({ repository, configuration, settlementOf })
}

async function statesOf({ engine }: World, ids: readonly string[]) {
  const found = await Promise.all(ids.map((id) => engine.inbox.status(id)))
  return found.map((status) => status?.state)
}

/** Two that wait: the second builds on the first, and the third on the second. */
async function three(
  world: World,
  first: Readonly<Record<string, string>>,
): Promise<readonly [string, string, string]> {
  const one = await world.send('hr', first, incremental)
  const two = await world.send('hr', adds(4, 'Dan'), incremental)
  return [one, two, await world.send('hr', adds(5, 'Eve'), incremental)]
}

async function heldRun({ engine }: World): Promise<RunReport> {
  const [report] = await engine.synchronize('hr')
  expect(report?.state).toBe('held')
  if (report === undefined) throw new Error('nothing ran')
  return report
}

describeEachWorld(
  'deliveries that build on one another',
  (world) => {
    test('wait together and are applied in the order of announcement', async () => {
      await begin(world)
      const ids = await three(world, adds(3, 'Cid'))
      const { lastDelivery } = await world.engine.inbox.chain('hr')
      expect(lastDelivery).toBe(ids[2])
      const reports = await world.engine.synchronize('hr')
      expect(reports.map(({ delivery }) => delivery)).toEqual(ids)
      expect((await resourcesOf(world, 'Person')).map(({ name }) => name)).toEqual([
        'Ann',
        'Bob',
        'Cid',
        'Dan',
        'Eve',
      ])
    })

    test('wait for a decision about a held one before them, and go on when it is approved', async () => {
      await begin(world)
      const ids = await three(world, deletes)
      const { run } = await heldRun(world)
      expect(await statesOf(world, ids)).toEqual(['held', 'ready', 'ready'])
      expect((await world.engine.inbox.chain('hr')).lastDelivery).toBe(ids[2])
      await engineOf(world).approve(run ?? 0, { by: 'eve' })
      await world.engine.synchronize('hr')
      expect(await statesOf(world, ids)).toEqual(['applied', 'applied', 'applied'])
    })

    test('are refused with the reason when the one before them is rejected', async () => {
      await begin(world)
      const ids = await three(world, deletes)
      const { run } = await heldRun(world)
      await engineOf(world).reject(run ?? 0, { by: 'eve', reason: 'half an export' })
      expect(await statesOf(world, ids)).toEqual(['rejected', 'refused', 'refused'])
      const [last, before] = await world.repository.runs({ source: 'hr' })
      for (const [run, id] of [
        [before, ids[1]],
        [last, ids[2]],
      ] as const) {
        expect(run).toMatchObject({ delivery: id, state: 'failed', error: { code: 'SLUICE-RECEIVE-15' } })
        expect(run?.error?.message).toContain(`${ids[0]} of hr, which is rejected: half an export.`)
      }
    })

    test('are refused when the run of the one before them fails', async () => {
      await begin(world)
      const ids = await three(world, adds(3, 'Cid'))
      await inboxOf(world).discard(ids[0])
      await expect(world.engine.synchronize('hr')).rejects.toThrow()
      expect(await statesOf(world, ids)).toEqual(['failed', 'refused', 'refused'])
    })

    test('are refused when the one before them does not fit what is stored', async () => {
      await begin(world)
      const ids = await three(world, adds(3, 'Cid'))
      await world.execute('update sluice_source set applied_delivery = null')
      expect(await world.engine.synchronize('hr')).toEqual([])
      expect(await statesOf(world, ids)).toEqual(['refused', 'refused', 'refused'])
      expect((await world.engine.inbox.status(ids[2]))?.reason).toContain(ids[0])
    })

    test.each(['cancelled', 'refused'] as const)('are refused when it is given up as %s', async (state) => {
      await begin(world)
      const ids = await three(world, adds(3, 'Cid'))
      await world.engine.inbox.giveUp(ids[0], state, 'It has no header.')
      expect(await statesOf(world, ids)).toEqual([state, 'refused', 'refused'])
    })

    test('are refused when the one before them expires, announced as they are', async () => {
      await begin(world)
      const [one, two] = [randomUUID(), randomUUID()]
      const { inbox } = world.engine
      await inbox.announce({ id: one, source: 'hr', ...incremental, base: randomUUID() })
      await world.execute(`update sluice_delivery set touched_at = touched_at - interval '1 hour'`)
      await inbox.announce({ id: two, source: 'hr', ...incremental, base: one })
      await world.engine.expireDeliveries(60_000)
      expect(await statesOf(world, [one, two])).toEqual(['cancelled', 'refused'])
    })

    test('are refused as they are announced, when what they build on is over already', async () => {
      await begin(world)
      const { inbox } = world.engine
      const one = await world.send('hr', adds(3, 'Cid'), incremental)
      await inbox.giveUp(one, 'cancelled', 'It is not wanted any more.')
      const announced = await inbox.announce({ id: randomUUID(), source: 'hr', ...incremental, base: one })
      expect(announced).toMatchObject({ state: 'refused', reason: expect.stringContaining('not wanted') })
    })

    test('are cancelled together by a complete, which says all of it', async () => {
      await begin(world)
      const ids = await three(world, adds(3, 'Cid'))
      await world.send('hr', { Person: 'n,name,m\n1,Ann,\n2,Bob,' })
      expect(await statesOf(world, ids)).toEqual(['cancelled', 'cancelled', 'cancelled'])
    })
  },
  ['postgres-18'],
)
