/**
 * PostgreSQL 15 of Debian, on loopback, with a folder of its own: alone, or following another one.
 *
 * @module
 */
import { execFile, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'

const run = promisify(execFile)
const programs = '/usr/lib/postgresql/15/bin'
const isRoot = process.getuid?.() === 0
/** The server refuses to run as root. */
const [program, ...prefix] = isRoot ? ['runuser', '-u', 'postgres', '--'] : ['env']

export const hasDebianPostgres = existsSync(join(programs, 'postgres'))

/** `pg_dump` is there, too, as old as the server that it dumps, which is not always so where tools are newer. `.ci/run` installs both. */
export const hasDebianDump = hasDebianPostgres && spawnSync('pg_dump', ['--version']).status === 0

export interface PostgresServer {
  readonly port: number
  /** Without a password: it trusts everybody, unless its `hba` says otherwise. */
  readonly url: string
  /** Of a standby: it follows nobody from now on, and can be written. */
  readonly promote: () => Promise<void>
  /** Ends sessions that are still there, too. */
  readonly stop: () => Promise<void>
}

export interface PostgresOptions {
  /** `name=value`, each. */
  readonly settings?: readonly string[]
  /** Lines of `pg_hba.conf`, in place of those that trust everybody. */
  readonly hba?: readonly string[]
  /** Copied into its folder, where it may read them: the keys of certificates. */
  readonly files?: readonly string[]
  /** The URL of the server that it is a copy of, and follows. */
  readonly follows?: string
}

/** @param folder Is made, in one that everybody may enter. */
export async function startDebianPostgres(
  folder: string,
  { settings = [], hba, files = [], follows }: PostgresOptions = {},
): Promise<PostgresServer> {
  await mkdir(folder, { mode: 0o700 })
  await own(folder)
  const call = (name: string, ...of: readonly string[]) =>
    run(program, [...prefix, join(programs, name), ...of], { cwd: folder })
  if (follows === undefined)
    await call('initdb', '-D', folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N')
  else await call('pg_basebackup', '-D', folder, '-R', '-X', 'stream', '-c', 'fast', '-d', follows)
  for (const file of files) {
    await copyFile(file, join(folder, basename(file)))
    await chmod(join(folder, basename(file)), 0o600)
    await own(join(folder, basename(file)))
  }
  if (hba !== undefined) await writeFile(join(folder, 'pg_hba.conf'), `${hba.join('\n')}\n`)
  const port = await freePort()
  const flags = settings.flatMap((setting) => ['-c', setting])
  const server = spawn(
    program,
    [...prefix, join(programs, 'postgres'), '-D', folder, '-p', String(port), ...flags, '-k', ''],
    { cwd: folder, stdio: 'ignore' },
  )
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`
  await untilReady(() => call('pg_isready', '--host', '127.0.0.1', '--port', String(port)))
  return {
    port,
    url,
    promote: async () => void (await call('pg_ctl', 'promote', '-D', folder)),
    stop: async () => {
      const pid = Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0])
      process.kill(pid, 'SIGINT')
      await ended
    },
  }
}

async function untilReady(ask: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await ask()
      return
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(100)
    }
  }
}

async function own(path: string): Promise<void> {
  if (!isRoot) return
  const ids = await Promise.all(
    ['-u', '-g'].map(async (flag) => (await run('id', [flag, 'postgres'])).stdout),
  )
  const [uid, gid] = ids.map(Number)
  await chown(path, uid ?? 0, gid ?? 0)
}
