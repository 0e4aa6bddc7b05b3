/**
 * `sluice deliveries`, with the repository here and behind a server: what waits is listed, shown and cancelled.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initProject } from '@sluice/project'
import type { Inbox } from '@sluice/protocol'
import type { Database } from '@sluice/repository'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'
import { serveFolder } from '../test/serve-folder.ts'

const payroll =
  '  payroll: {folder: data, entities: {Department: {file: departments.csv, key: code, properties: {code: code}}}}\n'

const opened = new AsyncDisposableStack()
let folder: string
const environments: Record<string, Readonly<Record<string, string>>> = {
  here: {},
  operator: {},
  viewer: {},
  agent: {},
}
/** Of `hr`, the newest first. Nothing becomes of them, and no other delivery of `hr` is made: what is changed is of `payroll`. */
let waiting: readonly string[]
let applied: string
let database: Database
let inbox: Inbox

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-deliveries-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  await initProject(folder)
  const path = join(folder, 'sluice.yaml')
  await writeFile(path, (await readFile(path, 'utf8')).replace('  hr:\n', `${payroll}  hr:\n`))
  opened.use(await moveToServer(folder))
  const synced = await sluice('here', 'sync', 'hr', '--json')
  applied = JSON.parse(synced.stdout).delivery
  const server = opened.use(await serveFolder(folder))
  for (const role of ['operator', 'viewer', 'agent'] as const) {
    const sources = role === 'agent' ? ['hr', 'payroll'] : []
    environments[role] = await server.environmentOf({ name: role, role, sources })
  }
  const { repository, synchronizer } = server.project
  database = repository.database
  inbox = synchronizer.inbox
  const [first, second] = [await announce('hr'), await announce('hr')]
  waiting = [second, first]
})
afterAll(() => opened.disposeAsync())

function sluice(who: string, ...args: readonly string[]) {
  return callCommandLine(folder, args, { environment: environments[who] ?? {} })
}

async function announce(source: string, id: string = randomUUID()): Promise<string> {
  await inbox.announce({ id, source, mode: 'complete' })
  return id
}

/** As the second process that dies of a delivery leaves it to the third. */
async function putAside(id: string = randomUUID()): Promise<string> {
  await announce('payroll', id)
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
    expect(ids(list.stdout)).toEqual(waiting)
    const all = await sluice(who, 'deliveries', 'list', '--all', '--source', 'hr', '--json')
    expect(ids(all.stdout)).toEqual([...waiting, applied])
    expect((await sluice(who, 'deliveries', 'list')).stdout).toMatch(/delivery +source +mode +state/)
    const one = await sluice(who, 'deliveries', 'list', '--all', '--source', 'hr', '--limit', '1', '--json')
    expect(ids(one.stdout)).toEqual(waiting.slice(0, 1))
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
  const refused = await sluice(who, 'deliveries', 'cancel', waiting[0] ?? '')
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('SLUICE-SERVER-02') })
})

test.each(['here', 'operator'] as const)(
  '%s: one that waits is cancelled, with whom and why',
  async (who) => {
    const id = await announce('payroll')
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
        select gen_random_uuid(), source.source_id, mode, 'cancelled', by_kind, by_name, now(), now()
        from sluice_delivery, sluice_source source, generate_series(1, 2100)
        where delivery_id = $1 and source.name = 'payroll'`,
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
