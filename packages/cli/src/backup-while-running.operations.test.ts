/**
 * The chapter about backups, with runs that go on meanwhile: a server and an agent in processes of their own, `pg_dump` in the middle, the dump restored into
 * another database, and a server and the same agent that go on from there.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { testLocation } from '../../../test/databases.ts'
import { hasDebianDump } from '../../../test/debian-postgres.ts'
import { freePort } from '../../../test/free-port.ts'
import { main, spawnSluice } from '../test/sluice-process.ts'

// Processes one after the other, which take a busy machine their time.
vi.setConfig({ testTimeout: 600_000 })

const run = promisify(execFile)
const common = `
entityTypes:
  Person: {display: name, properties: {no: string, name: string}}
sources:
  hr:
    mode: incremental
    folder: hr
    thresholds: off
    entities: {Person: {file: people.csv, key: no, properties: {no: no, name: name}}}
`

const root = mkdtempSync(join(tmpdir(), 'sluice-backup-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** As many people as there are, all of them renamed by the version. */
function people(folder: string, version: number): void {
  const lines = Array.from({ length: 3000 }, (_, no) => `${no},Name ${no} of ${version}`)
  writeFileSync(join(folder, 'hr/people.csv'), ['no,name', ...lines].join('\n'))
}

async function call(cwd: string, args: readonly string[], environment = {}): Promise<string> {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...environment }
  return (await run(process.execPath, [main, ...args], { cwd, env, maxBuffer: 64 << 20 })).stdout
}

interface Place {
  readonly url: string
  readonly schema: string
}

/** A server of this repository with a folder of its own; at an address that agents know. */
async function startServer(name: string, port: number, { url, schema }: Place) {
  const folder = join(root, name)
  mkdirSync(folder)
  writeFileSync(
    join(folder, 'sluice.yaml'),
    `repository: {url: "${url}", schema: ${schema}}\nserver: {listen: "127.0.0.1:${port}"}\n${common}`,
  )
  const server = spawnSluice(folder, ['server'])
  onTestFinished(async () => {
    server.child.kill('SIGKILL')
    await server.ended
  })
  await server.says('listening')
  return { folder, server }
}

/** Names of people by the version that has named them: of one run, all of them have one. */
async function versionsIn({ url, schema }: Place): Promise<readonly number[]> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<{ version: number; count: string }>(
    `select distinct substring(name from 'of (\\d+)')::int as version from "${schema}".person`,
  )
  await client.end()
  return rows.map(({ version }) => version)
}

// .ci/run installs PostgreSQL 15 with its programs.
describe.skipIf(!hasDebianDump)('a dump that is made while runs go on (needs postgresql-15)', () => {
  test('holds whole runs, is restored elsewhere, and the agent goes on there', async () => {
    const opened = await testLocation('postgres-15')
    onTestFinished(() => opened[Symbol.asyncDispose]())
    const { location } = opened
    if (location.kind !== 'postgres') throw new Error('a server')
    const port = await freePort()
    const first = await startServer('first', port, location)
    const agent = join(root, 'agent')
    mkdirSync(join(agent, 'hr'), { recursive: true })
    writeFileSync(
      join(agent, 'sluice.yaml'),
      `agent: {server: "http://127.0.0.1:${port}", tokenFile: token}\n${common}`,
    )
    const token = await call(first.folder, ['token', 'create', 'office', '--role', 'agent', '--source', 'hr'])
    writeFileSync(join(agent, 'token'), token, { mode: 0o600 })
    people(agent, 1)
    await call(agent, ['sync', 'hr', '--yes', '--quiet'])

    // Runs, one behind the other, until the dump is there.
    const dumping = new AbortController()
    let version = 1
    const runs = (async () => {
      while (!dumping.signal.aborted) {
        version += 1
        people(agent, version)
        await call(agent, ['sync', 'hr', '--yes', '--quiet'])
      }
    })()
    await sleep(300)
    const dump = join(root, 'sluice.dump')
    const schemaOf = `--schema=${location.schema}`
    await run('pg_dump', ['--format=custom', schemaOf, `--file=${dump}`, location.url])
    dumping.abort()
    await runs
    expect(await versionsIn(location)).toEqual([version])

    // The machine is lost, with its inbox; the dump is restored into a database that knows nothing.
    first.server.child.kill('SIGKILL')
    await first.server.ended
    const elsewhere = await anotherDatabase(location.url)
    await run('pg_restore', ['--no-owner', `--dbname=${elsewhere}`, dump])
    const restored = { url: elsewhere, schema: location.schema }
    const [dumped = 0, ...others] = await versionsIn(restored)
    expect(others).toEqual([])
    expect(dumped).toBeGreaterThanOrEqual(1)
    const second = await startServer('second', port, restored)

    // With the token of before; what the dump does not know is compared anew.
    people(agent, version + 1)
    await call(agent, ['sync', 'hr', '--yes', '--quiet'])
    expect(await versionsIn(restored)).toEqual([version + 1])
    people(agent, version + 2)
    const { mode } = JSON.parse(await call(agent, ['sync', 'hr', '--yes', '--json'])) as {
      readonly mode: string
    }
    expect(mode).toBe('incremental')
    const status = await call(second.folder, ['status', '--json'])
    expect(status).toContain('"hr"')
  })
})

async function anotherDatabase(url: string): Promise<string> {
  const client = new pg.Client(url)
  await client.connect()
  const name = `restored_${process.pid}`
  await client.query(`create database ${name} encoding 'UTF8' template template0`)
  await client.end()
  onTestFinished(async () => {
    const again = new pg.Client(url)
    await again.connect()
    await again.query(`drop database ${name} with (force)`)
    await again.end()
  })
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}
