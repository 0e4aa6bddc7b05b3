/**
 * Databases that are reached with TLS: by the authority that is named, and by no other.
 */
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasDebianPostgres, startDebianPostgres } from '../../../../test/debian-postgres.ts'
import { hasMariadb, Mariadb } from '../../test/mariadb.ts'
import { surroundings } from '../../test/recorded-export.ts'
import { mysql } from '../mysql/connector.ts'
import { postgresql } from '../postgresql/connector.ts'

let folder = ''
const path = (name: string) => join(folder, name)

async function makeCertificate(name: string, host: string): Promise<void> {
  const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.crt`)]
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=IP:${host}`]
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files]
  await promisify(execFile)('openssl', made)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-encrypted-'))
  await chmod(folder, 0o755)
  await makeCertificate('server', '127.0.0.1')
  await makeCertificate('other', '127.0.0.1')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.runIf(hasDebianPostgres)('PostgreSQL with TLS (needs postgresql-15)', () => {
  let server: Awaited<ReturnType<typeof startDebianPostgres>>
  beforeAll(async () => {
    server = await startDebianPostgres(path('postgresql'), {
      settings: ['fsync=off', 'ssl=on', 'ssl_cert_file=server.crt', 'ssl_key_file=server.key'],
      files: ['server.crt', 'server.key'].map(path),
      hba: ['hostssl all all 127.0.0.1/32 trust'],
    })
  })
  afterAll(() => server?.stop())

  const checked = (more: Record<string, unknown>, parameters = '') =>
    postgresql
      .with({ url: `${server.url}${parameters}`, tables: { x: { query: 'select 1 as a' } }, ...more })
      .check(surroundings())

  test('is read by the authority that vouches for it', async () => {
    const { facts } = await checked({ certificateAuthority: path('server.crt') })
    expect(facts['connection']).toBe('encrypted')
  })

  test('is not read where another one vouches for it', async () => {
    await expect(checked({ certificateAuthority: path('other.crt') })).rejects.toThrow(/certificate/)
  })

  test('is not read without, because the server wants it', async () => {
    await expect(checked({}, '?sslmode=disable')).rejects.toThrow(/no encryption|no pg_hba.conf entry/)
  })
})

describe.runIf(hasMariadb)('MariaDB with TLS (needs mariadb-server)', () => {
  let server: Mariadb
  beforeAll(async () => {
    server = await Mariadb.start([`--ssl-cert=${path('server.crt')}`, `--ssl-key=${path('server.key')}`])
    await server.execute(`create database hr; create user reader require ssl; grant select on hr.* to reader`)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  const checked = (more: Record<string, unknown>) =>
    mysql
      .with({ url: server.url('hr'), tables: { x: { query: 'select 1 as a' } }, ...more })
      .check(surroundings())

  test('is read by the authority that vouches for it', async () => {
    const { facts } = await checked({ certificateAuthority: path('server.crt') })
    expect(facts['connection']).toBe('encrypted')
  })

  test('is not read where another one vouches for it', async () => {
    await expect(checked({ certificateAuthority: path('other.crt') })).rejects.toThrow(/certificate/)
    await expect(checked({ encrypted: true })).rejects.toThrow(/certificate/)
  })

  test('is not read without, because the server wants it', async () => {
    await expect(checked({})).rejects.toThrow(/Access denied/)
  })
})
