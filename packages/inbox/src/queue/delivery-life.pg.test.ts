/**
 * Every cell of the table of deliveries, brought about as it is in earnest: a delivery that came to its state, and then
 * the event, through the inbox and the engine. What the table ignores must change nothing, neither of the delivery nor
 * of its runs.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { nobodyListens, openEngine } from '@sluice/engine'
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
import { guarded } from '../../../engine/test/companies.ts'
import { describeWithEngine, type EngineHarness } from '../../../engine/test/engine-harness.ts'
import { settleLeftAtWork } from '../synchronize/put-aside.ts'
import { settleDelivery } from '../synchronize/settle-delivery.ts'
import { WorkMarks } from '../synchronize/work-marks.ts'
import { FolderInbox } from '../upload/folder-inbox.ts'

/** A delivery that something is going to happen to. */
interface Subject {
  readonly harness: EngineHarness
  readonly inbox: FolderInbox
  readonly id: string
  readonly manifest: Manifest
}

const harmless = 'command,n,name,m\ninsert,3,Cid,'
/** Deletes one, where none may be. */
const excessive = 'command,n,name,m\ndelete,2,,'

/** An incremental, because nothing else is overtaken while it waits; announced, with its files in the inbox. */
async function announced(harness: EngineHarness, delta: string): Promise<Subject> {
  // Whatever the cell before has left.
  const base = await harness.deliver('hr', { Person: 'n,name,m\n1,Ann,\n2,Bob,' }, { force: true })
  const { database, configuration } = harness
  const inbox = new FolderInbox({ database, configuration, folder: join(configuration.workFolder, 'inbox') })
  const id = randomUUID()
  const { folder, manifest } = await harness.prepare('hr', { Person: delta }, { mode: 'incremental' })
  await inbox.announce({ id, source: 'hr', mode: 'incremental', base: base.delivery ?? undefined })
  for (const file of manifest.files) await inbox.upload(id, { ...file, path: join(folder, file.name) })
  return { harness, id, manifest, inbox }
}

/** How a delivery that was announced comes to each state. */
const ways: Readonly<Record<DeliveryState, readonly DeliveryEvent[]>> = {
  announced: [],
  ready: ['sealed'],
  applied: ['sealed', 'passed'],
  held: ['sealed', 'thresholdExceeded'],
  aside: ['sealed', 'putAside'],
  rejected: ['sealed', 'thresholdExceeded', 'rejected'],
  cancelled: ['givenUp'],
  refused: ['preparationFailed'],
  failed: ['sealed', 'failed'],
}

/** What brings each event about. */
const occurrences: Readonly<Record<DeliveryEvent, (subject: Subject) => Promise<unknown>>> = {
  sealed: ({ inbox, id, manifest }) => inbox.seal(id, manifest),
  preparationFailed: ({ inbox, id }) => inbox.giveUp(id, 'refused', 'It has no header.'),
  givenUp: ({ inbox, id }) => inbox.giveUp(id, 'cancelled', 'It is not wanted any more.'),
  async expired({ harness, inbox }) {
    await harness.execute(`update sluice_delivery set touched_at = touched_at - interval '1 hour'`)
    return await inbox.expire(60_000)
  },
  overtaken: ({ inbox }) => inbox.announce({ id: randomUUID(), source: 'hr', mode: 'complete' }),
  async inapplicable({ harness }) {
    await harness.execute('update sluice_source set applied_delivery = null')
    return await harness.engine.synchronize('hr')
  },
  async baseLost({ harness, inbox, id }) {
    // Something that came to nothing, which it is then found to build on.
    const base = randomUUID()
    await inbox.announce({ id: base, source: 'hr', mode: 'incremental' })
    await harness.execute(`update sluice_delivery set base = '${base}' where delivery_id = '${id}'`)
    return await inbox.giveUp(base, 'refused', 'It has no header.')
  },
  passed: ({ harness }) => harness.engine.synchronize('hr'),
  thresholdExceeded: ({ harness }) => harness.engine.synchronize('hr'),
  async failed({ harness, inbox, id }) {
    await inbox.discard(id)
    return await harness.engine.synchronize('hr')
  },
  async interrupted({ harness }) {
    const stop = new AbortController()
    return await harness.engine.synchronize('hr', { signal: stop.signal, onProgress: () => stop.abort() })
  },
  approved: async (subject) => subject.harness.engine.approve(await runOf(subject), { by: 'eve' }),
  async outdated(subject) {
    await subject.harness.execute(`update person set name = 'Bobby' where number = '2'`)
    // The engine alone: the synchronizer would compute it again at once.
    const { harness, inbox } = subject
    const engine = openEngine({
      repository: harness.repository,
      configuration: harness.configuration,
      settlementOf: (origin) =>
        settleDelivery(origin, { discard: (id) => inbox.discard(id), onClosed: nobodyListens }),
    })
    return await engine.approve(await runOf(subject), { by: 'eve' })
  },
  rejected: async (subject) => subject.harness.engine.reject(await runOf(subject), { by: 'eve' }),
  async putAside({ harness, inbox, id }) {
    // Another process has died of it already.
    await harness.execute('update sluice_delivery set deaths = 1')
    const marks = new WorkMarks((delivery) => inbox.folderOf(delivery))
    const [run] = await harness.rows<{ run_id: string }>(
      `insert into sluice_run (cause, by_kind, by_name, delivery_id, source_id, mode, state)
      select 'delivery', by_kind, by_name, delivery_id, source_id, mode, 'running' from sluice_delivery where delivery_id = $1
      returning run_id`,
      [id],
    )
    await marks.leave(id)
    await settleLeftAtWork({ database: harness.database, marks, onClosed: nobodyListens }, 'hr')
    // The run of the process that died.
    await harness.rows('delete from sluice_run where run_id = $1', [run?.run_id])
  },
  released: ({ inbox, id }) => inbox.release(id, { by: 'eve' }),
}

async function runOf({ inbox, id }: Subject): Promise<number> {
  return (await inbox.status(id))?.run ?? 0
}

/** The event, and what it threw, if anything. */
async function bringAbout(event: DeliveryEvent, subject: Subject): Promise<unknown> {
  return await occurrences[event](subject).then(
    () => undefined,
    (error: unknown) => error,
  )
}

async function recorded({ harness, id }: Subject) {
  const [delivery] = await harness.rows<{ state: DeliveryState; finished_at: string | null }>(
    'select state, reason, manifest, sealed_at, finished_at from sluice_delivery where delivery_id = $1',
    [id],
  )
  const runs = await harness.rows<{ state: string }>(
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

describeWithEngine(
  'a delivery',
  (harness) => {
    beforeAll(() => harness.begin(guarded('{ deleted: 0 }')))

    test.each(cells)('that is $state and $event: $outcome', async ({ state, event, outcome }) => {
      await harness.execute('truncate sluice_delivery, sluice_run')
      const way = ways[state]
      const stopped = [...way, event].find((step) => step === 'passed' || step === 'thresholdExceeded')
      const subject = await announced(harness, stopped === 'thresholdExceeded' ? excessive : harmless)
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
      } else if (ofRun !== undefined && before.runs.some((run) => run.state === 'held')) {
        expect(after.runs.map((run) => run.state)).toEqual([runLife.outcomeOf(ofRun, 'held')])
      }
    })
  },
  ['postgres-18'],
)
