/**
 * The ways in which a URL says that its server can be reached: which host, with or without TLS, in the order in which they are tried.
 *
 * As libpq has it (https://www.postgresql.org/docs/current/libpq-ssl.html): `prefer`, which holds where nothing is said, takes a
 * connection without TLS from a server that knows none; `require` encrypts and believes any certificate; only `verify-ca` and
 * `verify-full` know whom they talk to.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import type { ConnectionOptions } from 'node:tls'
import * as tls from 'node:tls'
import type { DatabaseUrl, SslMode } from '@sluice/model'
import { CertificateFileError } from './errors.ts'

export interface ServerWay {
  readonly host: string
  readonly port: number
  readonly ssl: ConnectionOptions | false
}

/** Reads the certificates that the URL names; throws `CertificateFileError` where it cannot. */
export async function waysTo(url: DatabaseUrl, location: string): Promise<readonly ServerWay[]> {
  const encrypted = await encryption(url, location)
  return url.hosts.flatMap(({ host, port }) =>
    // A socket of this machine has no need of it.
    (host.startsWith('/') ? [false as const] : ordered(url.sslMode ?? 'prefer', encrypted)).map((ssl) => ({
      host,
      port,
      ssl,
    })),
  )
}

function ordered(mode: SslMode, encrypted: ConnectionOptions): readonly (ConnectionOptions | false)[] {
  switch (mode) {
    case 'disable':
      return [false]
    case 'allow':
      return [false, encrypted]
    case 'prefer':
      return [encrypted, false]
    default:
      return [encrypted]
  }
}

async function encryption(url: DatabaseUrl, location: string): Promise<ConnectionOptions> {
  const { sslRootCert, sslCert, sslKey } = url
  const read = async (parameter: string, path: string | undefined) =>
    path === undefined
      ? undefined
      : await readFile(path, 'utf8').catch((cause: unknown) => {
          throw new CertificateFileError(location, parameter, cause)
        })
  const [root, cert, key] = await Promise.all([
    sslRootCert === 'system' ? systemRoots() : read('sslrootcert', sslRootCert),
    read('sslcert', sslCert),
    read('sslkey', sslKey),
  ])
  return {
    ...(root === undefined ? {} : { ca: root }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...trust(url),
  }
}

/** Who is believed. A root that is named makes `require` the same as `verify-ca`, as it always did. */
function trust({ sslMode = 'prefer', sslRootCert }: DatabaseUrl): ConnectionOptions {
  if (sslMode === 'verify-full' || sslRootCert === 'system') return { rejectUnauthorized: true }
  const checks = sslMode === 'verify-ca' || (sslMode === 'require' && sslRootCert !== undefined)
  // Any name will do, as long as one of the authorities has signed it.
  return checks
    ? { rejectUnauthorized: true, checkServerIdentity: () => undefined }
    : { rejectUnauthorized: false }
}

/** `undefined`: those that Node brings along, where it cannot ask the system (before Node 22.15). */
function systemRoots(): string[] | undefined {
  const ask: unknown = Reflect.get(tls, 'getCACertificates')
  const found: unknown = typeof ask === 'function' ? ask('system') : undefined
  return Array.isArray(found) ? found.map(String) : undefined
}
