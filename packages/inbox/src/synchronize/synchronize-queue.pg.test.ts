import { createHash } from 'node:crypto'
import { literal, repositoryApart, sourceLock } from '@sluice/repository'
import { expect, test } from 'vitest'
import { resourcesOf } from '../../../engine/test/contents.ts'
import { describeWithEngine, type EngineHarness, servers } from '../../../engine/test/engine-harness.ts'
import { openSynchronizer } from './open-synchronizer.ts'

const yaml = `
entityTypes:
  Person: { display: name, properties: { number: string, name: string } }
  Unit: { display: name, properties: { code: string, name: string } }
sources:
  hr:
    folder: .
    thresholds: off
    entities:
      Person: { file: p.csv, key: number, thresholds: { deleted: 1 }, properties: { number: n, name: name } }
  sites:
    folder: .
    thresholds: off
    entities:
      Unit: { file: u.csv, key: code, thresholds: off, properties: { code: c, name: name } }
`
const people = { Person: 'n,name\n1,Ann\n2,Bob\n3,Cid' }
const incremental = { mode: 'incremental' } as const
const dan = { Person: 'command,n,name\ninsert,4,Dan' }

/** Another process: an engine of its own on the same database, with connections and a line of runs of its own. */
function anotherEngine({ repository, configuration }: EngineHarness) {
  return openSynchronizer({ repository: repositoryApart(repository, 5), configuration })
}

const runLock = `hashtextextended(current_schema() || ' run', 0)`

/** Lets no run begin until it is told to; `waiting` resolves when so many of them want to. */
async function stopRuns(harness: EngineHarness): Promise<{
  waiting(count: number): Promise<void>
  letGo(): Promise<void>
}> {
  const gate = Promise.withResolvers<void>()
  const taken = Promise.withResolvers<void>()
  const holding = harness.database.transaction(async (session) => {
    await session.query(`select pg_advisory_xact_lock(${runLock})`)
    taken.resolve()
    await gate.promise
  })
  await taken.promise
  const wants = () => harness.rows(`select ${holders(runLock)} and not granted`)
  return {
    waiting: (count) => expect.poll(wants, { timeout: 10_000 }).toHaveLength(count),
    async letGo() {
      gate.resolve()
      await holding
    },
  }
}

/** Other tests use the same database at the same time, under other keys. */
function holders(key: string): string {
  return `pid from pg_locks where locktype = 'advisory' and (classid::bigint << 32 | objid::bigint) = ${key}`
}

/** Ends the connection that holds the lock of the source, as a broken network would. */
async function loseLock(harness: EngineHarness): Promise<void> {
  const name = `sluice ${literal(harness.database.schema)} ${literal(sourceLock('hr'))}`
  const key = createHash('sha256').update(name).digest().readBigInt64BE()
  const killed = await harness.rows(`select pg_terminate_backend(pid, 5000), ${holders(`${key}::bigint`)}`)
  expect(killed).toHaveLength(1)
}

async function names(harness: EngineHarness): Promise<readonly unknown[]> {
  return (await resourcesOf(harness, 'Person')).map(({ name }) => name)
}

async function runStates(harness: EngineHarness): Promise<readonly unknown[]> {
  const rows = await harness.rows<{ state: string }>('select state from sluice_run order by run_id')
  return rows.map(({ state }) => state)
}

describeWithEngine(
  'the queue, between processes',
  (harness) => {
    test('lets nobody apply a delivery twice when the lock of the source is lost in the middle of a run', async () => {
      await harness.begin(yaml)
      await harness.deliver('hr', people)
      await harness.send('hr', dan, incremental)
      const runs = await stopRuns(harness)
      const first = harness.engine.synchronize('hr')
      const ended = first.catch((error: unknown) => error)
      await runs.waiting(1)
      await loseLock(harness)
      const second = anotherEngine(harness).synchronize('hr')
      await runs.waiting(2)
      await runs.letGo()
      expect(await ended).toMatchObject({ code: 'SLUICE-REPOSITORY-02' })
      expect(await second).toMatchObject([{ state: 'applied', entities: [{ changes: { inserted: 1 } }] }])
      expect(await runStates(harness)).toEqual(['applied', 'interrupted', 'applied'])
      expect(await names(harness)).toEqual(['Ann', 'Bob', 'Cid', 'Dan'])
      // Though it had to wait for its turn, what it wrote is known as ours.
      expect(
        await harness.rows('select from person where xmin not in (select xid from sluice_known_transaction)'),
      ).toEqual([])
    })

    test('gives a source to one process: a run that was taken over applies nothing, even if it does not know', async () => {
      await harness.begin(yaml)
      await harness.deliver('hr', people)
      await harness.send('hr', dan, incremental)
      const runs = await stopRuns(harness)
      const first = harness.engine.synchronize('hr', { limit: 1 })
      await runs.waiting(1)
      await harness.execute(`update sluice_run set state = 'interrupted' where state = 'running'`)
      await runs.letGo()
      // It looks at the queue again, finds its delivery there, and takes it as anybody would.
      expect(await first).toMatchObject([{ state: 'applied' }])
      expect(await runStates(harness)).toEqual(['applied', 'interrupted', 'applied'])
    })

    test('keeps a second process out while a run is at work', async () => {
      await harness.begin(yaml)
      await harness.send('hr', people)
      const runs = await stopRuns(harness)
      const first = harness.engine.synchronize('hr')
      await runs.waiting(1)
      await expect(anotherEngine(harness).synchronize('hr')).rejects.toMatchObject({ code: 'SLUICE-RUN-02' })
      expect((await harness.repository.runs())[0]).toMatchObject({ state: 'running' })
      await runs.letGo()
      expect(await first).toMatchObject([{ state: 'applied' }])
    })

    test('lets go of a run that is asked to stop while it waits for its turn', async () => {
      await harness.begin(yaml)
      const id = await harness.send('hr', people)
      const runs = await stopRuns(harness)
      const stop = new AbortController()
      const work = harness.engine.synchronize('hr', { signal: stop.signal, requeue: true })
      const ended = work.catch((error: unknown) => error)
      await runs.waiting(1)
      stop.abort()
      expect(await ended).toMatchObject({ name: 'AbortError' })
      await runs.letGo()
      expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'ready' })
    })

    test('applies nothing of an incremental that a complete overtakes before its run begins', async () => {
      await harness.begin(yaml)
      await harness.deliver('hr', people)
      await harness.send('hr', dan, incremental)
      const runs = await stopRuns(harness)
      const work = harness.engine.synchronize('hr')
      await runs.waiting(1)
      await harness.send('hr', { Person: 'n,name\n1,Ann\n2,Bob' })
      await runs.letGo()
      expect(await work).toMatchObject([{ mode: 'complete', state: 'applied' }])
      expect(await runStates(harness)).toEqual(['applied', 'cancelled', 'applied'])
      expect(await names(harness)).toEqual(['Ann', 'Bob'])
    })

    test('lets a delivery go that was held while a complete was announced', async () => {
      await harness.begin(yaml)
      await harness.deliver('hr', people)
      const held = await harness.send('hr', { Person: 'n,name\n1,Ann' })
      const [report] = await harness.engine.synchronize('hr')
      expect(report).toMatchObject({ state: 'held' })
      expect(await harness.engine.waitingSources()).toEqual([])
      // As if it had been held a moment after the announcement.
      const later = await harness.send('hr', people)
      await harness.execute(`update sluice_delivery set state = 'held' where delivery_id = '${held}'`)
      await harness.execute(
        `update sluice_run set state = 'held', change_set = '{"entities":[],"replicas":[],"links":[],"loaded":[],"checked":[],"stored":[],"source":null}' where delivery_id = '${held}'`,
      )
      expect(await harness.engine.waitingSources()).toMatchObject([{ source: 'hr' }])
      expect(await harness.engine.synchronize('hr')).toMatchObject([{ delivery: later, state: 'applied' }])
      expect(await harness.engine.inbox.status(held)).toMatchObject({ state: 'cancelled' })
    })
  },
  servers,
)

describeWithEngine('the queue', (harness) => {
  test('keeps the delivery of a run that a stopping server interrupts', async () => {
    await harness.begin(yaml)
    const id = await harness.send('hr', people)
    const stop = new AbortController()
    const stopping = harness.engine.synchronize('hr', {
      signal: stop.signal,
      requeue: true,
      onProgress: ({ stage }) => stage === 'resolve' && stop.abort(),
    })
    await expect(stopping).rejects.toThrow()
    expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'ready' })
    expect(await harness.engine.synchronize('hr')).toMatchObject([{ state: 'applied' }])
    expect(await runStates(harness)).toEqual(['interrupted', 'applied'])
  })

  test('names the sources that have work, the one that waits longest first, and how long each queue is', async () => {
    await harness.begin(yaml)
    await harness.send('sites', { Unit: 'c,name\nX,Ideas' })
    await harness.send('hr', people)
    await harness.send('hr', people)
    expect(await harness.engine.waitingSources()).toMatchObject([{ source: 'sites' }, { source: 'hr' }])
    expect(await harness.engine.queueLengths()).toMatchObject([
      { source: 'hr', announced: 0, ready: 2, held: 0, oldestReady: expect.any(Number) },
      { source: 'sites', announced: 0, ready: 1, held: 0 },
    ])
    await harness.engine.synchronize('sites')
    await harness.engine.synchronize('hr')
    expect(await harness.engine.waitingSources()).toEqual([])
    expect(await harness.engine.queueLengths()).toMatchObject([{ oldestReady: null }, { oldestReady: null }])
  })

  test('tells an agent the last delivery that waits, whatever its mode', async () => {
    await harness.begin(yaml)
    const { inbox } = harness.engine
    expect(await inbox.chain('hr')).toMatchObject({ lastDelivery: null, holdsResources: false })
    const first = await harness.send('hr', people)
    expect(await inbox.chain('hr')).toMatchObject({
      appliedDelivery: null,
      lastDelivery: first,
      holdsResources: true,
    })
    const second = await harness.send('hr', dan, incremental)
    expect(await inbox.chain('hr')).toMatchObject({ appliedDelivery: null, lastDelivery: second })
    await harness.engine.synchronize('hr', { limit: 1 })
    expect(await inbox.chain('hr')).toMatchObject({ appliedDelivery: first, lastDelivery: second })
    const third = await harness.send('hr', people)
    expect(await inbox.chain('hr')).toMatchObject({ appliedDelivery: first, lastDelivery: third })
    await harness.engine.synchronize('hr')
    expect(await inbox.chain('hr')).toMatchObject({ appliedDelivery: third, lastDelivery: third })
  })

  test('refuses an incremental on rows that were read otherwise, whatever the agent thinks', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', people)
    await harness.reconfigure(
      yaml.replace('number: string, name: string', 'number: string, name: { type: string, required: true }'),
    )
    const refused = await harness.send('hr', dan, incremental)
    expect(await harness.engine.synchronize('hr')).toEqual([])
    expect(await harness.engine.inbox.status(refused)).toMatchObject({
      state: 'refused',
      reason:
        'The mapping of Person changed since the last run: name: column name, string, required (it was: column name, string).',
    })
    expect((await harness.deliver('hr', people)).state).toBe('applied')
    expect((await harness.deliver('hr', dan, incremental)).state).toBe('applied')
  })

  test('says among the runs why a delivery was refused, and shows a run whose process died as interrupted', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', people)
    const base = '00000000-0000-4000-8000-000000000000'
    const refused = await harness.send('hr', dan, { ...incremental, base })
    expect(await harness.engine.synchronize('hr')).toEqual([])
    const [run] = await harness.repository.runs()
    expect(run).toMatchObject({ delivery: refused, state: 'failed', error: { code: 'SLUICE-RECEIVE-06' } })
    await harness.execute(`update sluice_run set state = 'running', report = null where run_id = ${run?.run}`)
    expect((await harness.repository.runs())[0]).toMatchObject({ state: 'interrupted' })
  })
})
