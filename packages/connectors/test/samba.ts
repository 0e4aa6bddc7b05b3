/**
 * An Active Directory for tests: a domain controller of Samba with its own folder, on a loopback address of its own, which serves LDAP alone.
 *
 * @module
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { endServer } from './own-server.ts'

const run = promisify(execFile)
const program = '/usr/sbin/samba'

/** Its ports are those of LDAP, which only root may open. */
export const hasSamba =
  existsSync(program) &&
  existsSync('/usr/share/samba/setup/provision.ldif') &&
  existsSync('/usr/bin/ldapmodify') &&
  process.getuid?.() === 0

export const domain = 'DC=example,DC=test'
export const administrator = { user: 'Administrator@EXAMPLE.TEST', password: 'Correct-Horse-7' }
/** May read, and has no right to replicate. */
export const reader = { user: 'reader@EXAMPLE.TEST', password: 'Battery-Staple-8' }

export class Samba implements AsyncDisposable {
  readonly host: string
  readonly folder: string
  readonly port = 389
  readonly #process: ChildProcess
  readonly #complaints: string[]

  private constructor(folder: string, host: string, child: ChildProcess, complaints: string[]) {
    this.folder = folder
    this.host = host
    this.#process = child
    this.#complaints = complaints
  }

  /** A new domain, in which `OU=People`, `OU=Groups` and the reader are. */
  static async open(): Promise<Samba> {
    const folder = await mkdtemp(join(tmpdir(), 'samba-'))
    await run('tar', ['-xf', await provisioned(), '-C', folder])
    await mkdir(join(folder, 'log'))
    const part = () => 1 + Math.floor(Math.random() * 250)
    const host = `127.${part()}.${part()}.${part()}`
    await makeCertificate(folder, host)
    await writeFile(join(folder, 'smb.conf'), configuration(folder, host))
    const { child, complaints } = start(folder)
    const samba = new Samba(folder, host, child, complaints)
    await samba.#ready()
    await samba.change([
      `dn: OU=People,${domain}\nchangetype: add\nobjectClass: organizationalUnit`,
      `dn: OU=Groups,${domain}\nchangetype: add\nobjectClass: organizationalUnit`,
      `dn: CN=reader,CN=Users,${domain}\nchangetype: add\nobjectClass: user\nsAMAccountName: reader\nuserPrincipalName: reader@EXAMPLE.TEST\nuserAccountControl: 66048\nunicodePwd:: ${unicodePassword(reader.password)}`,
    ])
    return samba
  }

  get url(): string {
    return `ldaps://${this.host}`
  }

  /** A PEM file of the authority that vouches for it. */
  get authority(): string {
    return join(this.folder, 'server.pem')
  }

  /** Changes as LDIF, with their `changetype`. */
  async change(changes: readonly string[]): Promise<void> {
    const file = join(this.folder, 'changes.ldif')
    await writeFile(file, `${changes.join('\n\n')}\n`)
    await run('ldapmodify', [...this.#login, '-f', file], this.#environment)
  }

  async #ready(): Promise<void> {
    for (;;) {
      const answer = await run(
        'ldapsearch',
        [...this.#login, '-b', '', '-s', 'base', '1.1'],
        this.#environment,
      )
        .then(() => true)
        .catch(() => false)
      if (answer) return
      if (this.#process.exitCode !== null)
        throw new Error(`Samba did not start: ${this.#complaints.join('')}`)
      await sleep(100)
    }
  }

  get #login(): readonly string[] {
    return ['-x', '-H', this.url, '-D', administrator.user, '-w', administrator.password]
  }

  get #environment() {
    return { env: { ...process.env, LDAPTLS_CACERT: this.authority } }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endServer(this.#process)
    await rm(this.folder, { recursive: true, force: true })
  }
}

function start(folder: string): { readonly child: ChildProcess; readonly complaints: string[] } {
  const child = spawn(program, ['-s', join(folder, 'smb.conf'), '-F', '--no-process-group', '-M', 'single'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const complaints: string[] = []
  child.stderr.on('data', (text) => complaints.push(String(text)))
  return { child, complaints }
}

/** An empty domain, packed. Making one takes half a minute, so it is kept for the tests that come after. */
async function provisioned(): Promise<string> {
  const { stdout } = await run(program, ['--version'])
  const packed = join(tmpdir(), `sluice-${stdout.trim().replaceAll(/[^\w.]+/g, '-')}.tar`)
  if (existsSync(packed)) return packed
  const folder = await mkdtemp(join(tmpdir(), 'samba-new-'))
  const options = [
    '--realm=EXAMPLE.TEST',
    '--domain=EXAMPLE',
    '--server-role=dc',
    '--dns-backend=NONE',
    `--adminpass=${administrator.password}`,
    '--host-name=dc1',
    '--host-ip=127.0.0.1',
    `--targetdir=${folder}`,
    '--option=interfaces=lo',
    '--option=bind interfaces only=yes',
  ]
  await run('samba-tool', ['domain', 'provision', ...options], {
    env: { ...process.env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  })
  await run('tar', ['-cf', join(folder, 'packed.tar'), '-C', folder, 'private', 'state'])
  await rename(join(folder, 'packed.tar'), packed)
  await rm(folder, { recursive: true, force: true })
  return packed
}

/** One that vouches for itself, of its address and that of proxies before it. */
async function makeCertificate(folder: string, host: string): Promise<void> {
  const names = `DNS:dc1.example.test,IP:${host},IP:127.0.0.1`
  const subject = ['-subj', '/CN=dc1.example.test', '-addext', `subjectAltName=${names}`]
  const files = ['-keyout', join(folder, 'server.key'), '-out', join(folder, 'server.pem')]
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files])
}

function configuration(folder: string, host: string): string {
  const settings = {
    'netbios name': 'DC1',
    realm: 'EXAMPLE.TEST',
    workgroup: 'EXAMPLE',
    'server role': 'active directory domain controller',
    'server services': 'ldap',
    interfaces: `${host}/8`,
    'bind interfaces only': 'yes',
    'private dir': join(folder, 'private'),
    'state directory': join(folder, 'state'),
    'cache directory': join(folder, 'cache'),
    'lock directory': folder,
    'pid directory': folder,
    'ncalrpc dir': join(folder, 'ncalrpc'),
    'log file': join(folder, 'log', 'samba.log'),
    'tls certfile': join(folder, 'server.pem'),
    'tls keyfile': join(folder, 'server.key'),
    'tls cafile': join(folder, 'server.pem'),
    'ldb:nosync': 'true',
  }
  return `[global]\n${Object.entries(settings)
    .map(([name, value]) => `\t${name} = ${value}\n`)
    .join('')}`
}

/** As a password is set: between quotation marks, two bytes for each character. */
function unicodePassword(password: string): string {
  return Buffer.from(`"${password}"`, 'utf16le').toString('base64')
}
