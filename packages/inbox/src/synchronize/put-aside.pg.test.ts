/**
 * Deliveries in the middle of whose runs processes died, as they leave them: a run that says it is at work, and a mark.
 */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { twoSources } from '../../../engine/test/companies.ts'
import { resourcesOf } from '../../../engine/test/contents.ts'
import { describeWithEngine, type EngineHarness, servers } from '../../../engine/test/engine-harness.ts'

const people = { Person: 'n,name\n1,Ann' }
const more = { Person: 'n,name\n1,Ann\n2,Bob' }
const incremental = { mode: 'incremental' } as const

const markOf = ({ configuration }: EngineHarness, id: string) =>
  join(configuration.workFolder, 'inbox', id, 'at-work')

/** A process has begun a run of the delivery, which was waiting for its turn or in the middle when it died. */
async function die(harness: EngineHarness, id: string, at: 'waiting' | 'middle' = 'middle'): Promise<void> {
  await harness.execute(`insert into sluice_run (cause, by_kind, by_name, delivery_id, source_id, mode, state)
    select 'delivery', by_kind, by_name, delivery_id, source_id, mode, 'running' from sluice_delivery where delivery_id = '${id}'`)
  if (at === 'middle') await writeFile(markOf(harness, id), '')
}

/** The second process that finds what the first has left dies too, before it ends its run. */
async function dieTwice(harness: EngineHarness, id: string): Promise<void> {
  await harness.execute(`update sluice_delivery set deaths = 1 where delivery_id = '${id}'`)
  await die(harness, id)
}

async function stateOf({ engine }: EngineHarness, id: string): Promise<string | undefined> {
  return (await engine.inbox.status(id))?.state
}

const names = async (harness: EngineHarness) => (await resourcesOf(harness, 'Person')).map(({ name }) => name)

describeWithEngine('a delivery', (harness) => {
  test('of which one process died is worked on again', async () => {
    await harness.begin(twoSources)
    const id = await harness.send('hr', people)
    await die(harness, id)
    expect(await harness.engine.synchronize('hr')).toMatchObject([{ state: 'applied', delivery: id }])
    expect(await harness.repository.delivery(id)).toMatchObject({ deaths: 1, asideAt: null })
  })

  test('of which two died is put aside, listed with its reason, and stops the queue', async () => {
    await harness.begin(twoSources)
    const id = await harness.send('hr', people)
    await dieTwice(harness, id)
    const error = { code: 'SLUICE-RECEIVE-19', remedy: expect.stringContaining(`release ${id}`) }
    expect(await harness.engine.synchronize('hr')).toMatchObject([{ state: 'failed', delivery: id, error }])
    expect(await harness.repository.delivery(id)).toMatchObject({
      state: 'aside',
      deaths: 2,
      asideAt: expect.any(String),
      finishedAt: null,
      reason: expect.stringContaining('2 processes died during its run'),
    })
    expect(await harness.repository.deliveries({ open: true })).toMatchObject([{ delivery: id }])
    expect((await harness.repository.runs({})).map(({ state }) => state)).toEqual(['failed', 'interrupted'])
    expect(await harness.engine.synchronize('hr')).toEqual([])
    expect(await harness.engine.waitingSources()).toEqual([])
    expect(await harness.engine.queueLengths()).toContainEqual(
      expect.objectContaining({ source: 'hr', aside: 1, ready: 0 }),
    )
    expect(await harness.engine.inbox.chain('hr')).toMatchObject({ asideDelivery: id, lastDelivery: id })
  })

  test('that was put aside gives way to the next complete, whether that comes later or waits already', async () => {
    for (const order of ['later', 'waits'] as const) {
      await harness.begin(twoSources)
      const first = await harness.send('hr', people)
      const waiting = order === 'waits' ? await harness.send('hr', more) : undefined
      await dieTwice(harness, first)
      // One at a time, as a server takes them.
      expect(await harness.engine.synchronize('hr', { limit: 1 })).toMatchObject([{ state: 'failed' }])
      const next = waiting ?? (await harness.send('hr', more))
      expect(await harness.engine.waitingSources()).toMatchObject([{ source: 'hr' }])
      const reports = await harness.engine.synchronize('hr', { limit: 1 })
      expect(reports).toMatchObject([{ state: 'applied', delivery: next }])
      expect([order, await stateOf(harness, first)]).toEqual([order, 'cancelled'])
      expect(await harness.engine.inbox.chain('hr')).toMatchObject({ asideDelivery: null })
    }
  })

  test('lets what builds on it wait, and go on once it was released and applied', async () => {
    await harness.begin(twoSources)
    const id = await harness.send('hr', people)
    const behind = await harness.send('hr', { Person: 'command,n,name\ninsert,2,Bob' }, incremental)
    await dieTwice(harness, id)
    await harness.engine.synchronize('hr')
    expect(await stateOf(harness, behind)).toBe('ready')

    await harness.engine.inbox.release(id, { by: 'ada', reason: 'the pods were evicted' })
    expect(await harness.repository.delivery(id)).toMatchObject({
      state: 'ready',
      deaths: 0,
      asideAt: null,
      reason: 'Released by ada: the pods were evicted',
    })
    // Two more may die of it.
    await die(harness, id)
    const reports = await harness.engine.synchronize('hr')
    expect(reports).toMatchObject([{ delivery: id }, { delivery: behind }])
    expect(await names(harness)).toEqual(['Ann', 'Bob'])
  })

  test('that is cancelled takes what builds on it along', async () => {
    await harness.begin(twoSources)
    const id = await harness.send('hr', people)
    const behind = await harness.send('hr', { Person: 'command,n,name\ninsert,2,Bob' }, incremental)
    await dieTwice(harness, id)
    await harness.engine.synchronize('hr')
    await harness.engine.inbox.cancel(id, { by: 'ada' })
    expect(await harness.engine.inbox.status(id)).toMatchObject({
      state: 'cancelled',
      reason: 'Cancelled by ada',
    })
    expect(await stateOf(harness, behind)).toBe('refused')
  })

  test('cannot be released when nobody died of it', async () => {
    await harness.begin(twoSources)
    const id = await harness.send('hr', people)
    await expect(harness.engine.inbox.release(id, { by: 'ada' })).rejects.toMatchObject({
      code: 'SLUICE-RECEIVE-20',
      message: expect.stringContaining('it is ready'),
    })
  })

  test('is not to blame where its run still waited for its turn, because another died in the same process', async () => {
    await harness.begin(twoSources)
    const id = await harness.send('hr', people)
    for (let death = 0; death < 3; death += 1) await die(harness, id, 'waiting')
    expect(await harness.engine.synchronize('hr')).toMatchObject([{ state: 'applied', delivery: id }])
  })

  test('is not to blame for what passes, however often its run is broken off', async () => {
    await harness.begin(twoSources)
    const id = await harness.send('hr', people)
    await harness.execute(`create or replace function busy() returns trigger language plpgsql as
        $$ begin raise exception 'busy' using errcode = '57014'; end $$;
      create trigger busy before insert on person execute function busy()`)
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(harness.engine.synchronize('hr', { requeue: true })).rejects.toMatchObject({ retry: true })
      expect(existsSync(markOf(harness, id))).toBe(false)
      // The end of the run could not be written down, with the database away.
      await harness.execute(`update sluice_run set state = 'running' where delivery_id = '${id}'`)
    }
    await harness.execute('drop function busy cascade')
    expect(await harness.engine.synchronize('hr')).toMatchObject([{ state: 'applied', delivery: id }])
  })

  test('bears a mark while its run is in the middle, and none as soon as the process is asked to stop', async () => {
    await harness.begin(twoSources)
    const id = await harness.send('hr', people)
    const stopping = new AbortController()
    const seen: boolean[] = []
    const marked = () => existsSync(markOf(harness, id))
    const applied = harness.engine.synchronize('hr', {
      stopping: stopping.signal,
      onProgress: ({ stage }) => {
        if (stage !== 'translate') return
        seen.push(marked())
        stopping.abort()
      },
    })
    expect(await applied).toMatchObject([{ state: 'applied' }])
    expect(seen[0]).toBe(true)

    const next = await harness.send('hr', more)
    const later: boolean[] = []
    await harness.engine.synchronize('hr', {
      stopping: stopping.signal,
      onProgress: () => later.push(existsSync(markOf(harness, next))),
    })
    expect(later).not.toContain(true)
  })
})

describeWithEngine(
  'a delivery whose source lost its lock',
  (harness) => {
    test('while another process was in the middle of its run is waited for, and nobody has died of it', async () => {
      await harness.begin(twoSources)
      const id = await harness.send('hr', people)
      await dieTwice(harness, id)
      const locked = Promise.withResolvers<number>()
      const ending = Promise.withResolvers<void>()
      const other = harness.database.transaction(async (session) => {
        await session.query('select from sluice_delivery where delivery_id = $1 for update', [id])
        const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid')
        locked.resolve(rows[0]?.pid ?? 0)
        await ending.promise
        await session.query(`update sluice_run set state = 'applied' where delivery_id = $1`, [id])
        await session.query(`update sluice_delivery set state = 'applied' where delivery_id = $1`, [id])
      })
      const pid = await locked.promise
      const taken = harness.engine.synchronize('hr')
      const waiting = () =>
        harness.rows('select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))', [pid])
      await expect.poll(waiting, { timeout: 20_000 }).toHaveLength(1)
      ending.resolve()
      await other
      expect(await taken).toEqual([])
      expect(await harness.repository.delivery(id)).toMatchObject({ state: 'applied', deaths: 1 })
    })
  },
  servers,
)
