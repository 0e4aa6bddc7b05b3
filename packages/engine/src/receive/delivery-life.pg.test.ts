/**
 * Every cell of the table of deliveries, brought about as it is in earnest: a delivery that came to its state, and then
 * the event, through the inbox and the engine. What the table ignores must change nothing, neither of the delivery nor
 * of its runs.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import {
  type DeliveryEvent,
  type DeliveryState,
  deliveryEvents,
  deliveryLife,
  deliveryStates,
  runEvents,
  runLife,
  SluiceError,
} from '@sluice/model'
import type { Manifest } from '@sluice/protocol'
import { beforeAll, expect, test } from 'vitest'
import { guarded } from '../../test/companies.ts'
import { describeEachWorld, type World } from '../../test/world.ts'
import { approveHeldRun, rejectHeldRun } from '../decide-held-run.ts'
import { openEngine } from '../engine.ts'
import type { EngineContext } from '../engine-context.ts'
import { FolderInbox } from './folder-inbox.ts'

/** A delivery that something is going to happen to. */
interface Subject {
  readonly world: World
  readonly context: EngineContext
  readonly id: string
  readonly manifest: Manifest
}

const harmless = 'command,n,name,m\ninsert,3,Cid,'
/** Deletes one, where none may be. */
const excessive = 'command,n,name,m\ndelete,2,,'

/** An incremental, because nothing else is overtaken while it waits; announced, with its files in the inbox. */
async function announced(world: World, delta: string): Promise<Subject> {
  // Whatever the cell before has left.
  const base = await world.deliver('hr', { Person: 'n,name,m\n1,Ann,\n2,Bob,' }, { force: true })
  const { database, configuration } = world
  const inbox = new FolderInbox({ database, configuration, folder: join(configuration.workFolder, 'inbox') })
  const id = randomUUID()
  const { folder, manifest } = await world.prepare('hr', { Person: delta }, { mode: 'incremental' })
  await inbox.announce({ id, source: 'hr', mode: 'incremental', base: base.delivery })
  for (const file of manifest.files) await inbox.upload(id, { ...file, path: join(folder, file.name) })
  return { world, id, manifest, context: { database, configuration, inbox, onProgress: () => undefined } }
}

/** How a delivery that was announced comes to each state. */
const ways: Readonly<Record<DeliveryState, readonly DeliveryEvent[]>> = {
  announced: [],
  ready: ['sealed'],
  applied: ['sealed', 'passed'],
  held: ['sealed', 'thresholdExceeded'],
  rejected: ['sealed', 'thresholdExceeded', 'rejected'],
  cancelled: ['givenUp'],
  refused: ['preparationFailed'],
  failed: ['sealed', 'failed'],
}

/** What brings each event about. */
const occurrences: Readonly<Record<DeliveryEvent, (subject: Subject) => Promise<unknown>>> = {
  sealed: ({ context, id, manifest }) => context.inbox.seal(id, manifest),
  preparationFailed: ({ context, id }) => context.inbox.giveUp(id, 'refused', 'It has no header.'),
  givenUp: ({ context, id }) => context.inbox.giveUp(id, 'cancelled', 'It is not wanted any more.'),
  async expired({ world, context }) {
    await world.execute(`update sluice_delivery set touched_at = touched_at - interval '1 hour'`)
    return await context.inbox.expire(60_000)
  },
  overtaken: ({ context }) => context.inbox.announce({ id: randomUUID(), source: 'hr', mode: 'complete' }),
  async inapplicable({ world }) {
    await world.execute('update sluice_source set applied_delivery = null')
    return await world.engine.synchronize('hr')
  },
  passed: ({ world }) => world.engine.synchronize('hr'),
  thresholdExceeded: ({ world }) => world.engine.synchronize('hr'),
  async failed({ world, context, id }) {
    await context.inbox.discard(id)
    return await world.engine.synchronize('hr')
  },
  async interrupted({ world }) {
    const stop = new AbortController()
    const { repository, configuration } = world
    const onProgress = () => stop.abort()
    return await openEngine({ repository, configuration, onProgress }).synchronize('hr', {
      signal: stop.signal,
    })
  },
  approved: async (subject) => approveHeldRun(subject.context, await runOf(subject), 'eve'),
  async outdated(subject) {
    await subject.world.execute(`update person set name = 'Bobby' where number = '2'`)
    return await approveHeldRun(subject.context, await runOf(subject), 'eve')
  },
  rejected: async (subject) => rejectHeldRun(subject.context, await runOf(subject), { by: 'eve' }),
}

async function runOf({ context, id }: Subject): Promise<number> {
  return (await context.inbox.status(id))?.run ?? 0
}

/** The event, and what it threw, if anything. */
async function bringAbout(event: DeliveryEvent, subject: Subject): Promise<unknown> {
  return await occurrences[event](subject).then(
    () => undefined,
    (error: unknown) => error,
  )
}

async function recorded({ world, id }: Subject) {
  const [delivery] = await world.rows<{ state: DeliveryState; finished_at: string | null }>(
    'select state, reason, manifest, sealed_at, finished_at from sluice_delivery where delivery_id = $1',
    [id],
  )
  const runs = await world.rows<{ state: string }>(
    'select * from sluice_run where delivery_id = $1 order by run_id',
    [id],
  )
  return { delivery, runs }
}

/** Cells in which the run itself ends with an error, which whoever waits for it is told. */
const throwing: readonly DeliveryEvent[] = ['failed', 'interrupted']

const cells = deliveryStates.flatMap((state) =>
  deliveryEvents.map((event) => ({ state, event, outcome: deliveryLife.outcomeOf(event, state) })),
)

describeEachWorld(
  'a delivery',
  (world) => {
    beforeAll(() => world.begin(guarded('{ deleted: 0 }')))

    test.each(cells)('that is $state and $event: $outcome', async ({ state, event, outcome }) => {
      await world.execute('truncate sluice_delivery, sluice_run')
      const way = ways[state]
      const stopped = [...way, event].find((step) => step === 'passed' || step === 'thresholdExceeded')
      const subject = await announced(world, stopped === 'thresholdExceeded' ? excessive : harmless)
      for (const step of way) await bringAbout(step, subject)
      const before = await recorded(subject)
      expect(before.delivery?.state).toBe(state)

      const thrown = await bringAbout(event, subject)

      const after = await recorded(subject)
      for (const both of ['applied', 'held', 'rejected']) {
        expect(after.runs.some((run) => run.state === both)).toBe(after.delivery?.state === both)
      }
      if (outcome === 'ignored') {
        expect(after).toEqual(before)
        expect(thrown === undefined || thrown instanceof SluiceError).toBe(true)
        return
      }
      expect(after.delivery?.state).toBe(outcome)
      expect(after.delivery?.finished_at === null).toBe(deliveryLife.isOpen(outcome))
      expect(thrown !== undefined).toBe(throwing.includes(event))
      const ofRun = runEvents.find((name) => name === event)
      if (ofRun !== undefined && runLife.takes('running', ofRun)) {
        expect(after.runs.map((run) => run.state)).toEqual([runLife.outcomeOf(ofRun, 'running')])
      } else if (ofRun !== undefined && before.runs.length > 0) {
        expect(after.runs.map((run) => run.state)).toEqual([runLife.outcomeOf(ofRun, 'held')])
      }
    })
  },
  ['postgres-18'],
)
