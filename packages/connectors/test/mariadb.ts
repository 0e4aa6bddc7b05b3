/**
 * MariaDB of Debian, on loopback, with a folder of its own.
 *
 * @module
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import mysql from 'mysql2/promise'
import { freePort } from '../../../test/free-port.ts'

const program = '/usr/sbin/mariadbd'

export const hasMariadb = existsSync(program) && existsSync('/usr/bin/mariadb-install-db')

/** Without what Debian configures, and as whoever runs the tests. */
const alone = ['--no-defaults', ...(process.getuid?.() === 0 ? ['--user=root'] : [])]

export class Mariadb implements AsyncDisposable {
  readonly port: number
  readonly #folder: string
  readonly #child: ChildProcess

  private constructor(folder: string, port: number, child: ChildProcess) {
    this.#folder = folder
    this.port = port
    this.#child = child
  }

  /** @param more Arguments of the server. */
  static async start(more: readonly string[] = []): Promise<Mariadb> {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-mariadb-'))
    const data = `--datadir=${join(folder, 'data')}`
    const quick = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve']
    await promisify(execFile)('/usr/bin/mariadb-install-db', [...alone, data, ...quick])
    const port = await freePort()
    const own = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(folder, 'socket')}`]
    const child = spawn(program, [...alone, data, ...own, '--skip-name-resolve', ...more], {
      stdio: 'ignore',
    })
    const started = new Mariadb(folder, port, child)
    await started.#answers()
    return started
  }

  url(database: string, user = 'reader'): string {
    return `mysql://${user}@127.0.0.1:${this.port}/${database}`
  }

  /** As the administrator; several statements at once. */
  async execute(text: string): Promise<void> {
    const connection = await mysql.createConnection({
      host: '127.0.0.1',
      port: this.port,
      user: 'root',
      multipleStatements: true,
    })
    try {
      await connection.query(text)
    } finally {
      await connection.end()
    }
  }

  async #answers(): Promise<void> {
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error(`mariadbd has ended with ${this.#child.exitCode}.`)
      const there = await this.execute('select 1').then(
        () => true,
        () => false,
      )
      if (there) return
      await sleep(100)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill()
    await ended
    await rm(this.#folder, { recursive: true, force: true })
  }
}
