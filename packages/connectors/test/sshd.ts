/**
 * An OpenSSH server for tests: its own folder, port and keys, on loopback; the user of this process may read files by SFTP.
 *
 * @module
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '../../../test/free-port.ts'
import { endServer, listens } from './own-server.ts'

const run = promisify(execFile)
const program = '/usr/sbin/sshd'

/** `.ci/run` installs it. */
export const hasSshd = existsSync(program) && existsSync('/usr/lib/openssh/sftp-server')

export class Sshd implements AsyncDisposable {
  readonly port: number
  readonly folder: string
  readonly user = userInfo().username
  readonly passphrase = 'correct horse battery'
  readonly #process: ChildProcess

  private constructor(folder: string, port: number, child: ChildProcess) {
    this.folder = folder
    this.port = port
    this.#process = child
  }

  static async open(): Promise<Sshd> {
    const folder = await mkdtemp(join(tmpdir(), 'sshd-'))
    const port = await freePort()
    await mkdir(join(folder, 'data'))
    const make = (name: string, passphrase: string) =>
      run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', join(folder, name)])
    await Promise.all([make('host', ''), make('user', 'correct horse battery'), make('stranger', '')])
    await copyFile(join(folder, 'user.pub'), join(folder, 'authorized'))
    await writeFile(join(folder, 'sshd.conf'), configuration(folder, port))
    // Debian makes it when the service starts.
    if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 })
    const child = spawn(program, ['-D', '-e', '-f', join(folder, 'sshd.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr.on('data', (text) => {
      complaint += String(text)
    })
    while (!(await listens(port))) {
      if (child.exitCode !== null) throw new Error(`sshd did not start: ${complaint}`)
      await sleep(20)
    }
    return new Sshd(folder, port, child)
  }

  get data(): string {
    return join(this.folder, 'data')
  }

  /** As `ssh-keygen -l` shows it. */
  async fingerprint(): Promise<string> {
    const { stdout } = await run('ssh-keygen', ['-l', '-f', join(this.folder, 'host.pub')])
    return stdout.split(' ')[1] ?? ''
  }

  /** A file as `~/.ssh/known_hosts`, with names hashed where that is asked for. */
  async knownHosts({ hashed = false } = {}): Promise<string> {
    const path = join(this.folder, hashed ? 'known-hashed' : 'known')
    const [kind, key] = (await readFile(join(this.folder, 'host.pub'), 'utf8')).split(' ')
    await writeFile(path, `# ours\n[127.0.0.1]:${this.port} ${kind} ${key}\n`)
    if (hashed) await run('ssh-keygen', ['-q', '-H', '-f', path])
    return path
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endServer(this.#process)
    await rm(this.folder, { recursive: true, force: true })
  }
}

function configuration(folder: string, port: number): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/host`,
    `AuthorizedKeysFile ${folder}/authorized`,
    `PidFile ${folder}/pid`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication yes',
    'Subsystem sftp internal-sftp',
    'MaxStartups 100',
    '',
  ].join('\n')
}
