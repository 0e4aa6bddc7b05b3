/**
 * A PgBouncer of Debian before a test's server, on loopback, with a folder of its own.
 *
 * @module
 */
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from './free-port.ts'

const program = '/usr/sbin/pgbouncer'

export const hasPgBouncer = existsSync(program)

export interface Pooler extends AsyncDisposable {
  /** The server's URL through the pooler. */
  readonly url: string
}

/** @param settings Of `pgbouncer.ini`, a line each. */
export async function startPgBouncer(serverUrl: string, settings: readonly string[]): Promise<Pooler> {
  const folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'))
  const [port, user] = await Promise.all([freePort(), ordinaryUser()])
  const server = new URL(serverUrl)
  const file = join(folder, 'pgbouncer.ini')
  const login = `user=${server.username}${server.password === '' ? '' : ` password=${server.password}`}`
  await writeFile(
    file,
    [
      '[databases]',
      `* = host=${server.hostname} port=${server.port} ${login}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      ...settings,
      '',
    ].join('\n'),
  )
  if (user !== undefined) await Promise.all([folder, file].map((path) => chown(path, user.uid, user.gid)))
  await chmod(folder, 0o755)
  const child = spawn(program, [file], { stdio: 'ignore', ...user })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = new URL(serverUrl)
  url.port = String(port)
  await untilReady(url.href)
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** PgBouncer does not run as root; `undefined`: we are not. */
async function ordinaryUser(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const id = promisify(execFile)
  const [uid = 0, gid = 0] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await id('id', [flag, 'postgres'])).stdout)),
  )
  return { uid, gid }
}

async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client(url)
    client.on('error', () => undefined)
    try {
      await client.connect()
      return await client.end()
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(50)
    }
  }
}
