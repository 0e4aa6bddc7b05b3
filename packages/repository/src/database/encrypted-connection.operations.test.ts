import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import {
  hasDebianPostgres,
  type PostgresServer,
  startDebianPostgres,
} from '../../../../test/debian-postgres.ts'
import { openDatabase } from './open-database.ts'

const run = promisify(execFile)

// .ci/run installs it; a standby and a server with certificates of its own need more programs than npm's PostgreSQL brings.
describe.skipIf(!hasDebianPostgres)('a server with TLS', () => {
  let folder = ''
  let server: PostgresServer
  let plain: PostgresServer

  beforeAll(async () => {
    folder = await mkdtemp(join(inject('testFolder'), 'encrypted-'))
    await chmod(folder, 0o755)
    await makeCertificates(folder)
    server = await startDebianPostgres(join(folder, 'with'), {
      settings: ['ssl=on', 'ssl_cert_file=server.crt', 'ssl_key_file=server.key', 'ssl_ca_file=ca.crt'],
      files: ['server.crt', 'server.key', 'ca.crt'].map((name) => join(folder, name)),
      hba: [
        'hostssl all certified 127.0.0.1/32 cert',
        'hostssl all secret 127.0.0.1/32 scram-sha-256',
        'hostnossl all open 127.0.0.1/32 trust',
        'hostssl all postgres 127.0.0.1/32 trust',
      ],
    })
    await ask(`postgresql://postgres@127.0.0.1:${server.port}/postgres?sslmode=require`, [
      'create role certified login',
      'create role open login',
      "create role secret login password 'pass:word'",
    ])
    plain = await startDebianPostgres(join(folder, 'without'))
  })
  afterAll(async () => {
    await Promise.all([server?.stop(), plain?.stop()])
    await rm(folder, { recursive: true, force: true })
  })

  async function ask(url: string, statements: readonly string[] = []): Promise<boolean> {
    await using database = await openDatabase({ kind: 'postgres', url, schema: 's' })
    return await database.session(async (session) => {
      for (const statement of statements) await session.execute(statement)
      const { rows } = await session.query<{ ssl: boolean }>(
        'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
      )
      return rows[0]?.ssl === true
    })
  }

  const url = (parameters: string, { user = 'postgres', host = '127.0.0.1', port = server.port } = {}) =>
    `postgresql://${user}@${host}:${port}/postgres?${parameters}`
  const refused = (text: string) =>
    ask(text).then(
      () => 'it was not refused',
      (error: unknown) => String(error),
    )

  test('where nothing is said it is encrypted when the server can, and plain when it cannot', async () => {
    expect(await ask(url(''))).toBe(true)
    expect(await ask(url('', { port: plain.port }))).toBe(false)
    expect(await ask(url('', { user: 'open' }))).toBe(false)
  })

  test('require encrypts or fails, whoever signed the certificate', async () => {
    expect(await ask(url('sslmode=require'))).toBe(true)
    expect(await refused(url('sslmode=require', { port: plain.port }))).toContain('does not support SSL')
    expect(await refused(url('sslmode=disable'))).toContain('no pg_hba.conf entry')
  })

  test('verify-ca believes the named authority, verify-full the name of the host as well', async () => {
    const ca = `sslrootcert=${join(folder, 'ca.crt')}`
    const other = `sslrootcert=${join(folder, 'other.crt')}`
    expect(await ask(url(`sslmode=verify-full&${ca}`, { host: 'localhost' }))).toBe(true)
    expect(await ask(url(`sslmode=verify-ca&${ca}`))).toBe(true)
    expect(await refused(url(`sslmode=verify-full&${ca}`))).toMatch(/IP: 127\.0\.0\.1 is not in the cert/)
    expect(await refused(url(`sslmode=verify-ca&${other}`))).toContain('Cannot connect to the repository')
    expect(await refused(url(`sslmode=require&${other}`))).toContain('Cannot connect to the repository')
    expect(await refused(url('sslmode=verify-full', { host: 'localhost' }))).toContain('certificate')
  })

  test('a certificate of the client opens what asks for one; a file that lacks is named', async () => {
    const own = `sslcert=${join(folder, 'client.crt')}&sslkey=${join(folder, 'client.key')}`
    expect(await ask(url(`sslmode=require&${own}`, { user: 'certified' }))).toBe(true)
    expect(await refused(url('sslmode=require', { user: 'certified' }))).toContain('certificate')
    const missing = `sslmode=verify-ca&sslrootcert=${join(folder, 'missing.crt')}`
    expect(await refused(url(missing))).toMatch(/"sslrootcert".*missing\.crt/)
  })

  test('a password comes from PGPASSFILE, and is asked for by its host and port', async () => {
    const file = join(folder, 'pgpass')
    await writeFile(file, `127.0.0.1:${server.port}:*:secret:pass\\:word\n`, { mode: 0o600 })
    vi.stubEnv('PGPASSFILE', file)
    try {
      expect(await ask(url('sslmode=require', { user: 'secret' }))).toBe(true)
    } finally {
      vi.unstubAllEnvs()
    }
    expect(await refused(url('sslmode=require', { user: 'secret:wrong' }))).toContain(
      'password authentication failed',
    )
  })
})

/** An authority that signs for `localhost` and for a client, and another one that signs nothing. */
async function makeCertificates(folder: string): Promise<void> {
  const openssl = (...of: readonly string[]) => run('openssl', [...of], { cwd: folder })
  const authority = (name: string) =>
    openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${name}`],
    )
  await Promise.all([authority('ca'), authority('other')])
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost\n')
  for (const [name, subject] of [
    ['server', 'localhost'],
    ['client', 'certified'],
  ]) {
    await openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${subject}`],
    )
    await openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-out', `${name}.crt`, '-days', '2', ...(name === 'server' ? ['-extfile', 'names'] : [])],
    )
  }
}
