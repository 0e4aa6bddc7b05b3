/**
 * SIGTERM ends every process in its time, whatever is at work and does not end by itself.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RepositoryLocation } from '@sluice/model'
import { openRepository } from '@sluice/project'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testLocation } from '../../../test/databases.ts'
import { freePort } from '../../../test/free-port.ts'
import { callCommandLine } from '../test/call-command-line.ts'
import { type SluiceProcess, spawnSluice } from '../test/sluice-process.ts'

const common = `
entityTypes:
  Person: {properties: {no: string, name: string}}
sources:
  hr: {thresholds: off, entities: {Person: {file: people.csv, key: no, properties: {no: no, name: name}}}}
`

let folder: string
const places = new AsyncDisposableStack()
const running = new Set<SluiceProcess>()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-stop-'))
})
afterEach(async () => {
  for (const one of running) one.child.kill('SIGKILL')
  for (const one of running) await one.ended
  running.clear()
  rmSync(folder, { recursive: true, force: true })
})

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): SluiceProcess {
  const started = spawnSluice(folder, args, environment)
  running.add(started)
  return started
}

function project(repository: string, more = ''): void {
  writeFileSync(join(folder, 'sluice.yaml'), `${repository}\n${more}${common}`)
  people(1)
}

function people(count: number): void {
  const lines = Array.from({ length: count }, (_, number) => `${number},Name ${number}\n`)
  writeFileSync(join(folder, 'people.csv'), `no,name\n${lines.join('')}`)
}

async function onServer(more = ''): Promise<RepositoryLocation> {
  const { location } = places.use(await testLocation('postgres-18'))
  if (location.kind !== 'postgres') throw new Error('a server')
  project(`repository: {url: "${location.url}", schema: ${location.schema}}`, more)
  return location
}

/** From now on each new person takes as long as a statement can. */
async function makeEndless(location: RepositoryLocation, statement: string): Promise<void> {
  await using repository = await openRepository(location)
  await repository.database.session((session) =>
    session.execute(`create function endless() returns trigger language plpgsql as
      $$ begin raise log 'endless'; ${statement}; return new; end $$;
      create trigger endless before insert or update on person for each row execute function endless()`),
  )
}

const sync = (...args: readonly string[]) => callCommandLine(folder, ['sync', '--quiet', ...args])

/** Until a statement of the run waits in the trigger. */
async function untilEndless(location: RepositoryLocation): Promise<void> {
  await using repository = await openRepository(location)
  for (;;) {
    const { rows } = await repository.database.session((session) =>
      session.query("select from pg_stat_activity where wait_event = 'PgSleep'"),
    )
    if (rows.length > 0) return
    await sleep(50)
  }
}

/** Half a minute is what schedulers give before they kill. */
async function endsInTime({ child, ended }: SluiceProcess): Promise<number> {
  child.kill('SIGTERM')
  const late = new AbortController()
  const status = await Promise.race([
    ended,
    sleep(28_000, 'too late' as const, { signal: late.signal }).catch(() => 'too late' as const),
  ])
  late.abort()
  if (status === 'too late') throw new Error('It was still there after 28 seconds.')
  return status
}

test('a sync whose statement does not end', async () => {
  const location = await onServer()
  expect(await sync()).toMatchObject({ status: 0 })
  await makeEndless(location, 'perform pg_sleep(600)')
  people(2)
  const running = start(['sync'])
  await untilEndless(location)
  expect(await endsInTime(running)).toBe(130)
})

/** Until the run has left its mark beside the files of its delivery: its turn has come. */
async function untilMarked({ child }: SluiceProcess): Promise<void> {
  const inbox = join(folder, '.sluice/inbox')
  for (;;) {
    expect(child.exitCode).toBe(null)
    const names = existsSync(inbox) ? readdirSync(inbox, { recursive: true, encoding: 'utf8' }) : []
    if (names.some((name) => basename(name) === 'at-work')) return
    await sleep(25)
  }
}

test('a sync of an embedded repository whose statement does not end; the next one goes on', async () => {
  project('repository: ./repository')
  expect(await sync()).toMatchObject({ status: 0 })
  const location = { kind: 'folder', path: join(folder, 'repository') } as const
  await makeEndless(location, 'perform count(*) from generate_series(1, 1e12)')
  people(2)
  const running = start(['sync'])
  await untilMarked(running)
  expect(await endsInTime(running)).toBe(130)
  {
    await using repository = await openRepository(location)
    await repository.database.session((session) => session.execute('drop function endless cascade'))
  }
  expect(await sync()).toMatchObject({ status: 0 })
})

test('a server whose run does not end, and whose deliveries wait for the next one', async () => {
  const port = await freePort()
  const location = await onServer(`server: {listen: "127.0.0.1:${port}", stopTimeout: 1s}\n`)
  expect(await sync()).toMatchObject({ status: 0 })
  await makeEndless(location, 'perform pg_sleep(600)')
  const created = await callCommandLine(folder, ['token', 'create', 'desk', '--role', 'admin'])
  const server = start(['server'])
  await server.says('listening')
  people(2)
  const desk = start(['sync', '--server', `http://127.0.0.1:${port}`], {
    SLUICE_TOKEN: created.stdout.trim(),
  })
  await untilEndless(location)
  expect([0, 130]).toContain(await endsInTime(server))
  expect([0, 1, 130]).toContain(await endsInTime(desk))
})

test('an agent whose export program does not listen', async () => {
  writeFileSync(
    join(folder, 'deaf.js'),
    "process.on('SIGTERM', () => {}); require('fs').writeFileSync('begun', ''); setInterval(() => {}, 1000)",
  )
  const location = await onServer('jobs: {long: {schedule: "* * * * * *", steps: [{sync: deaf}]}}\n')
  expect(location.kind).toBe('postgres')
  const yaml = readFileSync(join(folder, 'sluice.yaml'), 'utf8')
  writeFileSync(
    join(folder, 'sluice.yaml'),
    `${yaml.replace('Person:', 'Deaf: {properties: {no: string}}\n  Person:')}  deaf: {export: {command: [node, deaf.js]}, entities: {Deaf: {file: p.csv, key: no, properties: {no: no}}}}\n`,
  )
  const agent = start(['agent', '--stop-timeout', '1'])
  while (!existsSync(join(folder, 'begun'))) {
    expect(agent.child.exitCode).toBe(null)
    await sleep(50)
  }
  expect([0, 130]).toContain(await endsInTime(agent))
})

/**
 * The way to a server of databases on which a COPY begins and does not come to its end: more than a megabyte is all that a connection is let
 * send, or get.
 */
async function narrowWay(
  location: RepositoryLocation,
  narrow: 'there' | 'back' = 'there',
): Promise<{ readonly url: string; readonly close: () => void }> {
  if (location.kind !== 'postgres') throw new Error('a server')
  const there = new URL(location.url)
  const ends = new Set<Socket>()
  const way = createServer((socket) => {
    const far = connect(Number(there.port), there.hostname)
    let passed = 0
    socket.on('data', (bytes) => {
      far.write(bytes)
      if (narrow === 'there') passed += bytes.length
      if (passed > 1 << 20) socket.pause()
    })
    far.on('data', (bytes) => {
      socket.write(bytes)
      if (narrow === 'back') passed += bytes.length
      if (passed > 1 << 20) far.pause()
    })
    far.on('end', () => socket.end())
    for (const one of [socket, far]) {
      ends.add(one)
      one.on('error', () => undefined).on('close', () => socket.destroy() && far.destroy())
    }
  })
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve))
  const address = way.address()
  if (typeof address !== 'object' || address === null) throw new Error('a port')
  const url = new URL(location.url)
  url.hostname = '127.0.0.1'
  url.port = String(address.port)
  // Of an end that is not read it is not seen that the other one has gone.
  const close = () => {
    way.close()
    for (const one of ends) one.destroy()
  }
  return { url: url.href, close }
}

/** How many sessions of the database are in the middle of a statement that begins so. */
async function copying(location: RepositoryLocation, like: string): Promise<number> {
  await using repository = await openRepository(location)
  const { rows } = await repository.database.session((session) =>
    session.query(
      `select from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query ilike '${like}'`,
    ),
  )
  return rows.length
}

async function untilCopying(
  { child }: SluiceProcess,
  location: RepositoryLocation,
  like: string,
): Promise<void> {
  while ((await copying(location, like)) === 0) {
    expect(child.exitCode).toBe(null)
    await sleep(50)
  }
}

async function peopleIn(location: RepositoryLocation): Promise<number> {
  await using repository = await openRepository(location)
  const { rows } = await repository.database.session((session) =>
    session.query<{ count: string }>('select count(*) as count from person'),
  )
  return Number(rows[0]?.count)
}

const many = 120_000

test('a sync in the middle of the COPY that brings its rows; the next one brings them', async () => {
  const location = await onServer()
  expect(await sync()).toMatchObject({ status: 0 })
  const { url, close } = await narrowWay(location)
  const straight = readFileSync(join(folder, 'sluice.yaml'), 'utf8')
  writeFileSync(join(folder, 'sluice.yaml'), straight.replace(/url: "[^"]*"/, `url: "${url}"`))
  people(many)
  const running = start(['sync', '--quiet', '--yes'])
  await untilCopying(running, location, 'copy %sluice_run%from stdin%')
  expect(await endsInTime(running)).toBe(130)
  close()
  expect(await peopleIn(location)).toBe(1)
  writeFileSync(join(folder, 'sluice.yaml'), straight)
  expect(await sync('--yes')).toMatchObject({ status: 0 })
  expect(await peopleIn(location)).toBe(many)
})

test('a sync whose connector copies out of a database that does not go on', async () => {
  const { location: system } = places.use(await testLocation('postgres-18'))
  {
    await using database = await openRepository(system)
    await database.database.session((session) =>
      session.execute(`create table staff (no text primary key, name text);
        insert into staff select n, repeat('x', 100) from generate_series(1, ${many}) n`),
    )
  }
  if (system.kind !== 'postgres') throw new Error('a server')
  const { url, close } = await narrowWay(system, 'back')
  const location = await onServer()
  const yaml = readFileSync(join(folder, 'sluice.yaml'), 'utf8')
  const reader = new URL(url)
  const secret = reader.password
  reader.password = ''
  const query = `select * from ${system.schema}.staff`
  const options = `{connector: postgresql, url: "${reader.href}", password: {environment: STAFF}, tables: {people: {query: "${query}"}}}`
  writeFileSync(
    join(folder, 'sluice.yaml'),
    yaml.replace('hr: {thresholds', `hr: {export: ${options}, thresholds`),
  )
  const running = start(['sync', '--quiet', '--yes'], { STAFF: decodeURIComponent(secret) })
  await untilCopying(running, system, '%staff%')
  await sleep(500)
  expect(await endsInTime(running)).toBe(130)
  close()
  expect(await peopleIn(location)).toBe(0)
})

test('a server in the middle of the COPY that brings the rows of a delivery; the next server takes it up', async () => {
  const port = await freePort()
  const location = await onServer(`server: {listen: "127.0.0.1:${port}", stopTimeout: 1s}\n`)
  expect(await sync()).toMatchObject({ status: 0 })
  const created = await callCommandLine(folder, ['token', 'create', 'desk', '--role', 'admin'])
  const { url, close } = await narrowWay(location)
  const straight = readFileSync(join(folder, 'sluice.yaml'), 'utf8')
  writeFileSync(join(folder, 'sluice.yaml'), straight.replace(/url: "[^"]*"/, `url: "${url}"`))
  const server = start(['server'])
  await server.says('listening')
  people(many)
  const desk = start(['sync', '--quiet', '--yes', '--server', `http://127.0.0.1:${port}`], {
    SLUICE_TOKEN: created.stdout.trim(),
  })
  await untilCopying(server, location, 'copy %sluice_run%from stdin%')
  expect([0, 130]).toContain(await endsInTime(server))
  close()
  expect(await peopleIn(location)).toBe(1)
  writeFileSync(join(folder, 'sluice.yaml'), straight)
  const next = start(['server'])
  await next.says('listening')
  // Whoever waits for the result gets it.
  expect(await desk.ended).toBe(0)
  expect(await peopleIn(location)).toBe(many)
  expect([0, 130]).toContain(await endsInTime(next))
})

/** A server of databases that takes connections and says nothing. */
async function muteDatabase(): Promise<Server> {
  const mute = createServer(() => {})
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  const address = mute.address()
  if (typeof address !== 'object' || address === null) throw new Error('a port')
  project(
    `repository: {url: "postgres://sluice@127.0.0.1:${address.port}/none"}`,
    'jobs: {nightly: {schedule: "* * * * * *", retry: {times: 3, wait: 10m}, steps: [{sync: hr}]}}\n',
  )
  return mute
}

test.each([
  ['run', ['run', 'nightly']],
  ['agent', ['agent', '--stop-timeout', '600']],
  ['agent that runs once', ['agent', '--once', '--stop-timeout', '600']],
])('a %s whose database takes the connection and says nothing', async (_, args) => {
  const mute = await muteDatabase()
  const connected = new Promise((resolve) => mute.once('connection', resolve))
  const running = start(args)
  await connected
  expect([0, 130]).toContain(await endsInTime(running))
  mute.close()
})

test('an agent lets go of a job that waits for such a database when somebody stops the job', async () => {
  const mute = await muteDatabase()
  const connected = new Promise((resolve) => mute.once('connection', resolve))
  const agent = start(['agent'])
  await connected
  // The first connection may be one that looks whether the database is there, before the job is due.
  await expect
    .poll(() => callCommandLine(folder, ['jobs', 'stop', 'nightly']), { timeout: 30_000 })
    .toMatchObject({ status: 0, stdout: 'nightly had not begun, and does not.\n' })
  await agent.says('the job was stopped before it began')
  expect([0, 130]).toContain(await endsInTime(agent))
  mute.close()
})

test('a server whose receiver of notifications does not answer', async () => {
  const mute: Server = createServer(() => {})
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  const address = mute.address()
  if (typeof address !== 'object' || address === null) throw new Error('a port')
  const connected = new Promise((resolve) => mute.once('connection', resolve))
  mkdirSync(join(folder, 'hooks'))
  const port = await freePort()
  await onServer(
    `server: {listen: "127.0.0.1:${port}", stopTimeout: 1s}\nnotifications:\n  receivers: {ops: {webhook: {url: "http://127.0.0.1:${address.port}/"}}}\n`,
  )
  rmSync(join(folder, 'people.csv'))
  const failed = sync()
  const server = start(['server'])
  await server.says('listening')
  await failed
  await connected
  expect([0, 130]).toContain(await endsInTime(server))
  mute.close()
})

test('a server that is started before its database waits for it, and does not while it is asked to stop', async () => {
  const { location } = places.use(await testLocation('postgres-18'))
  if (location.kind !== 'postgres') throw new Error('a server')
  const [there, port] = [new URL(location.url), await freePort()]
  const away = new URL(location.url)
  away.hostname = '127.0.0.1'
  away.port = String(port)
  project(
    `repository: {url: "${away.href}", schema: ${location.schema}}`,
    `server: {listen: "127.0.0.1:${await freePort()}"}\n`,
  )
  const stopped = start(['server'])
  await stopped.says('waits for the database')
  expect(await endsInTime(stopped)).toBe(0)

  const server = start(['server'])
  await server.says('waits for the database')
  const wire = createServer((socket) => {
    const far = connect(Number(there.port), there.hostname)
    socket.pipe(far).pipe(socket)
    for (const one of [socket, far]) one.on('error', () => far.destroy())
  })
  await new Promise<void>((resolve) => wire.listen(port, '127.0.0.1', resolve))
  await server.says('the database is there')
  await server.says('listening')
  expect(await endsInTime(server)).toBe(0)
  wire.close()
})
