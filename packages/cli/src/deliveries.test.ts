/**
 * `sluice deliveries`, with the repository here and behind a server: what waits is listed, shown and cancelled.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initProject } from '@sluice/project'
import type { Inbox } from '@sluice/protocol'
import type { Database } from '@sluice/repository'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'
import { serveFolder } from '../test/serve-folder.ts'

const opened = new AsyncDisposableStack()
let folder: string
const environments: Record<string, Readonly<Record<string, string>>> = {
  here: {},
  operator: {},
  viewer: {},
  agent: {},
}
/** Announced first, so the ones after it wait. */
const waiting = { here: '', operator: '' }
let applied: string
let database: Database
let inbox: Inbox

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-deliveries-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  await initProject(folder)
  opened.use(await moveToServer(folder))
  const synced = await sluice('here', 'sync', 'hr', '--json')
  applied = JSON.parse(synced.stdout).delivery
  const server = opened.use(await serveFolder(folder))
  for (const role of ['operator', 'viewer', 'agent'] as const) {
    const sources = role === 'agent' ? ['hr'] : []
    environments[role] = await server.environmentOf({ name: role, role, sources })
  }
  const { repository, synchronizer } = server.project
  database = repository.database
  inbox = synchronizer.inbox
  for (const where of ['here', 'operator'] as const) {
    waiting[where] = randomUUID()
    await synchronizer.inbox.announce({ id: waiting[where], source: 'hr', mode: 'complete' })
  }
})
afterAll(() => opened.disposeAsync())

function sluice(who: string, ...args: readonly string[]) {
  return callCommandLine(folder, args, { environment: environments[who] ?? {} })
}

/** As the second process that dies of a delivery leaves it to the third. */
async function putAside(id: string = randomUUID()): Promise<string> {
  await inbox.announce({ id, source: 'hr', mode: 'complete' })
  await database.session((session) =>
    session.query(
      `update sluice_delivery set state = 'aside', deaths = 2, aside_at = now(), reason = 'it died' where delivery_id = $1`,
      [id],
    ),
  )
  return id
}

const ids = (stdout: string) => JSON.parse(stdout).map(({ delivery }: { delivery: string }) => delivery)

test.each(['here', 'operator', 'viewer', 'agent'])(
  '%s: those that wait are listed, and all of them',
  async (who) => {
    const list = await sluice(who, 'deliveries', '--json')
    expect(ids(list.stdout)).toEqual([waiting.operator, waiting.here])
    const all = await sluice(who, 'deliveries', 'list', '--all', '--source', 'hr', '--json')
    expect(ids(all.stdout)).toEqual([waiting.operator, waiting.here, applied])
    expect((await sluice(who, 'deliveries', 'list')).stdout).toMatch(/delivery +source +mode +state/)
    const one = await sluice(who, 'deliveries', 'list', '--all', '--limit', '1', '--json')
    expect(ids(one.stdout)).toEqual([waiting.operator])
    expect(one.stderr).toBe('… there are more: sluice deliveries --limit all\n')
    expect(list.stderr).toBe('')
  },
)

test.each(['here', 'viewer'])('%s: one is shown with what it carries and what became of it', async (who) => {
  const { stdout } = await sluice(who, 'deliveries', 'show', applied)
  expect(stdout).toMatch(/state +applied/)
  expect(stdout).toMatch(/file +\w+\.sorted\.csv \(\d+ bytes\)/)
  expect(JSON.parse((await sluice(who, 'deliveries', 'show', applied, '--json')).stdout)).toMatchObject({
    delivery: applied,
    run: 1,
  })
  const unknown = await sluice(who, 'deliveries', 'show', randomUUID())
  expect(unknown).toMatchObject({ status: 1, stderr: expect.stringContaining('SLUICE-USAGE-05') })
})

test.each(['viewer', 'agent'])('a token of a %s cancels nothing', async (who) => {
  const refused = await sluice(who, 'deliveries', 'cancel', waiting.here)
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('SLUICE-SERVER-02') })
})

test.each(['here', 'operator'] as const)(
  '%s: one that waits is cancelled, with whom and why',
  async (who) => {
    const id = waiting[who]
    const cancelled = await sluice(
      who,
      'deliveries',
      'cancel',
      id,
      '--by',
      'ada',
      '--reason',
      'its disk is gone',
    )
    expect(cancelled).toMatchObject({ status: 0, stdout: expect.stringContaining('is cancelled') })
    const { state, reason } = JSON.parse((await sluice(who, 'deliveries', 'show', id, '--json')).stdout)
    const by = who === 'here' ? 'ada' : 'operator'
    expect({ state, reason }).toEqual({ state: 'cancelled', reason: `Cancelled by ${by}: its disk is gone` })
  },
)

test('one that was put aside is listed with since when and why, shown, and released or cancelled', async () => {
  const id = await putAside()
  const listed = (await sluice('viewer', 'deliveries', 'list')).stdout
  expect(listed).toMatch(new RegExp(`${id}.* aside .*since \\d{4}-\\d\\d-\\d\\d`))
  const shown = (await sluice('viewer', 'deliveries', 'show', id)).stdout
  expect(shown).toMatch(/put aside +\d{4}-\d\d-\d\d .* UTC/)
  expect(shown).toMatch(/deaths +2 in the middle of its run/)
  expect(shown).toContain('it died')

  for (const who of ['viewer', 'agent']) {
    const refused = await sluice(who, 'deliveries', 'release', id)
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('SLUICE-SERVER-02') })
  }
  for (const who of ['here', 'operator']) {
    await putAside(id)
    const released = await sluice(who, 'deliveries', 'release', id, '--by', 'ada', '--reason', 'evicted')
    expect(released).toMatchObject({ status: 0, stdout: expect.stringContaining('is released') })
  }
  await putAside(id)
  expect(await sluice('operator', 'deliveries', 'cancel', id)).toMatchObject({ status: 0 })
  const refused = await sluice('operator', 'deliveries', 'release', id)
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('SLUICE-RECEIVE-20') })
})

test.each(['here', 'operator'])('%s: one that is over is not cancelled', async (who) => {
  const refused = await sluice(who, 'deliveries', 'cancel', applied)
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('SLUICE-RECEIVE-18') })
})

test('a list has as many as are asked for, also where a server gives fewer at once', async () => {
  await database.session((session) =>
    session.query(
      `insert into sluice_delivery (delivery_id, source_id, mode, state, by_kind, by_name, announced_at, finished_at)
        select gen_random_uuid(), source_id, mode, 'cancelled', by_kind, by_name, now(), now()
        from sluice_delivery, generate_series(1, 2100) where delivery_id = $1`,
      [applied],
    ),
  )
  const listed = async (who: string, limit: string) =>
    ids((await sluice(who, 'deliveries', 'list', '--all', '--limit', limit, '--json')).stdout)
  const here = await listed('here', 'all')
  expect(here.length).toBeGreaterThan(2100)
  expect(await listed('viewer', 'all')).toEqual(here)
  expect(await listed('viewer', '1500')).toEqual(here.slice(0, 1500))
})
