/**
 * An OpenLDAP server for tests: its own folder, on loopback, with content synchronization.
 *
 * @module
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '../../../test/free-port.ts'
import { endServer, listens } from './own-server.ts'

const run = promisify(execFile)
const program = '/usr/sbin/slapd'

/** `npm run` says why its tests are left out; `.ci/run` installs it. */
export const hasSlapd = existsSync(program) && existsSync('/usr/bin/ldapmodify')

export const suffix = 'dc=example,dc=org'
export const manager = { user: `cn=admin,${suffix}`, password: 'correct horse battery' }

const base = [
  `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example`,
  `dn: ou=people,${suffix}\nobjectClass: organizationalUnit\nou: people`,
  `dn: ou=groups,${suffix}\nobjectClass: organizationalUnit\nou: groups`,
]

export interface SlapdOptions {
  /** Deleted entries that it remembers; 0: it cannot tell them. */
  readonly sessionLog?: number
  /** Refuses a cookie that it does not know, in place of naming all that is there. */
  readonly refusesCookies?: boolean
  /** The most entries that it sends to who is not the manager. */
  readonly sizeLimit?: number
  /** Lines for its configuration, in front of the database. */
  readonly more?: readonly string[]
  /** Also listens with TLS. */
  readonly secure?: boolean
  /** With TLS, knows `client.pem` of its folder, whose key lies beside: cn=reader. */
  readonly knowsClient?: boolean
  /** Entries as LDIF, each with an empty line behind it, that are there from the start: many of them. */
  readonly filled?: Iterable<string>
}

export class Slapd implements AsyncDisposable {
  readonly port: number
  readonly securePort: number
  readonly folder: string
  readonly #process: ChildProcess

  private constructor(folder: string, ports: readonly [number, number], child: ChildProcess) {
    this.folder = folder
    this.port = ports[0]
    this.securePort = ports[1]
    this.#process = child
  }

  static async open(options: SlapdOptions = {}): Promise<Slapd> {
    const folder = await mkdtemp(join(tmpdir(), 'slapd-'))
    await mkdir(join(folder, 'data'))
    await writeFile(join(folder, 'slapd.conf'), configuration(folder, options))
    if (options.secure === true) await makeCertificate(folder, 'server', 'localhost')
    if (options.knowsClient === true) await makeCertificate(folder, 'client', 'reader')
    const { filled } = options
    if (filled !== undefined) await fill(folder, [...base.map((entry) => `${entry}\n\n`), ...filled])
    const ports = [await freePort(), await freePort()] as const
    const urls = [
      `ldap://127.0.0.1:${ports[0]}`,
      ...(options.secure === true ? [`ldaps://127.0.0.1:${ports[1]}`] : []),
    ]
    const child = spawn(program, ['-d', '0', '-h', urls.join(' '), '-f', join(folder, 'slapd.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr.on('data', (text) => {
      complaint += String(text)
    })
    const slapd = new Slapd(folder, ports, child)
    while (!(await listens(ports[0]))) {
      if (child.exitCode !== null) throw new Error(`slapd did not start: ${complaint}`)
      await sleep(20)
    }
    if (filled === undefined) await slapd.add(base)
    return slapd
  }

  get url(): string {
    return `ldap://127.0.0.1:${this.port}`
  }

  /** Entries as LDIF. */
  async add(entries: readonly string[]): Promise<void> {
    await this.change(entries.map((entry) => entry.replace('\n', '\nchangetype: add\n')))
  }

  /** Changes as LDIF, with their `changetype`. */
  async change(changes: readonly string[]): Promise<void> {
    const file = join(this.folder, 'changes.ldif')
    await writeFile(file, `${changes.join('\n\n')}\n`)
    const { user, password } = manager
    await run('ldapmodify', ['-x', '-H', this.url, '-D', user, '-w', password, '-f', file])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endServer(this.#process)
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** Without a server. */
async function fill(folder: string, entries: readonly string[]): Promise<void> {
  const file = join(folder, 'filled.ldif')
  await writeFile(file, entries)
  await run('/usr/sbin/slapadd', ['-q', '-f', join(folder, 'slapd.conf'), '-l', file])
}

/** One that vouches for itself. */
async function makeCertificate(folder: string, name: string, subject: string): Promise<void> {
  const of = ['-subj', `/CN=${subject}`, '-addext', `subjectAltName=DNS:${subject}`]
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)]
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...of, ...files])
}

function configuration(
  folder: string,
  { sessionLog = 1000, refusesCookies, sizeLimit, more = [], secure, knowsClient }: SlapdOptions,
): string {
  return [
    ...['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`),
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    'moduleload syncprov',
    `pidfile ${folder}/pid`,
    ...(secure === true
      ? [`TLSCertificateFile ${folder}/server.pem`, `TLSCertificateKeyFile ${folder}/server.key`]
      : []),
    ...(knowsClient === true ? [`TLSCACertificateFile ${folder}/client.pem`, 'TLSVerifyClient demand'] : []),
    ...more,
    'database mdb',
    'maxsize 1073741824',
    `suffix ${suffix}`,
    `rootdn ${manager.user}`,
    `rootpw ${JSON.stringify(manager.password)}`,
    `directory ${folder}/data`,
    'index objectClass eq',
    'index entryUUID,entryCSN eq',
    ...(sizeLimit === undefined ? [] : [`limits * size=${sizeLimit}`]),
    'access to * by * read',
    'overlay syncprov',
    ...(sessionLog === 0 ? [] : [`syncprov-sessionlog ${sessionLog}`]),
    ...(refusesCookies === true ? ['syncprov-reloadhint TRUE'] : []),
    '',
  ].join('\n')
}
