/**
 * A delivery in the middle of whose run servers die: the third puts it aside, and goes on with the next complete.
 */
import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Configuration } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { openRepository, openTokenStore, type Repository } from '@sluice/repository'
import { expect, test } from 'vitest'
import { testLocation } from '../../../test/databases.ts'
import { clientOf, configurationIn, createServerHarness, decided, deliver } from '../test/server-harness.ts'
import { type ServerProcess, spawnServer } from '../test/server-process.ts'

/** What everybody is told of it, who asks. */
async function expectAside(server: ServerProcess, token: string, id: string): Promise<void> {
  const aside = await decided(server, token, id)
  expect(aside).toMatchObject({ state: 'aside', reason: expect.stringContaining('2 processes died') })
  const client = clientOf(server, token)
  const report = await client.call(routes.run, { params: { run: aside.run ?? 0 } })
  expect(report).toMatchObject({ state: 'failed', delivery: id, error: { code: 'SLUICE-RECEIVE-19' } })
  const described = await client.call(routes.describeDelivery, { params: { delivery: id } })
  expect(described).toMatchObject({ deaths: 2, asideAt: expect.stringContaining('T') })
  const errors = () => server.logged.filter((line) => /"level":"?(error|50)/.test(line))
  await expect.poll(errors).toEqual([expect.stringMatching(/SLUICE-RECEIVE-19.*was put aside/)])
}

/** The source goes on by itself. */
async function expectNextApplied(server: ServerProcess, token: string, id: string): Promise<void> {
  const next = await deliver(server, token, 'hr', ['ada', 'edsger'])
  expect(await decided(server, token, next.id)).toMatchObject({ state: 'applied' })
  expect(await decided(server, token, id)).toMatchObject({ state: 'cancelled' })
  expect(await server.end('SIGTERM')).toBe(0)
}

test('PostgreSQL: two servers die of a delivery, the third puts it aside and applies the next', async () => {
  await using harness = await createServerHarness()
  const { repository, configuration, folder, secrets } = harness
  const spawned = () => spawnServer(configuration.repository, folder)
  let id = ''
  await diesInRun(repository, async () => {
    const one = await spawned()
    id = (await deliver(one, secrets.admin, 'hr', ['ada'])).id
    return one
  })
  await diesInRun(repository, spawned)
  await using three = await spawned()
  await expectAside(three, secrets.admin, id)
  await expectNextApplied(three, secrets.admin, id)
})

/** Lets the run of a server come as far as its changes, and kills the server there. */
async function diesInRun(repository: Repository, start: () => Promise<ServerProcess>): Promise<void> {
  await repository.database.transaction(async (session) => {
    await session.execute('lock table person in exclusive mode')
    const server = await start()
    const waiting = "select from pg_locks where not granted and relation = 'person'::regclass"
    await expect.poll(async () => (await session.query(waiting)).count, { timeout: 20_000 }).toBe(1)
    await server.end('SIGKILL')
  })
}

test('PGlite: two servers die of a delivery, the third puts it aside and applies the next', async () => {
  await using place = await testLocation('pglite')
  const folder = await mkdtemp(join(tmpdir(), 'sluice-aside-'))
  await using cleared = new AsyncDisposableStack()
  cleared.defer(() => rm(folder, { recursive: true, force: true }))
  const configuration = { ...configurationIn(folder), repository: place.location }
  const token = await endlessFor(configuration, 'grace')
  const one = cleared.use(await spawnServer(place.location, folder))
  const { id } = await deliver(one, token, 'hr', ['ada', 'grace'])
  const first = await untilAtWork(configuration, id)
  await one.end('SIGKILL')
  const two = cleared.use(await spawnServer(place.location, folder))
  await untilAtWork(configuration, id, first)
  await two.end('SIGKILL')
  await using three = await spawnServer(place.location, folder)
  await expectAside(three, token, id)
  await expectNextApplied(three, token, id)
})

/** When a run has begun on the delivery, another one than that which began `before`. */
async function untilAtWork({ server }: Configuration, id: string, before = 0): Promise<number> {
  const mark = join(server.inbox, id, 'at-work')
  const begun = () => statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0
  await expect.poll(begun, { timeout: 20_000 }).toBeGreaterThan(before)
  return begun()
}

/** Whoever inserts a person of this name never ends. An administrator's token. */
async function endlessFor(configuration: Configuration, name: string): Promise<string> {
  await using repository = await openRepository(configuration.repository)
  await repository.evolve(configuration)
  await repository.database.session((session) =>
    session.execute(`create function never_ends() returns trigger language plpgsql as
        $$ begin loop exit when new.name <> '${name}'; end loop; return new; end $$;
      create trigger never_ends before insert on person for each row execute function never_ends()`),
  )
  const token = { name: 'admin', role: 'admin', sources: [] } as const
  return (await openTokenStore(repository.database).create({ ...token, sources: [] }, 'test', ['hr'])).secret
}
