/**
 * The certificate of a server, read from its files, and again when they change.
 *
 * Certificates are renewed every few weeks by programs that replace the files; a server that had to be
 * restarted for it would one day not be.
 *
 * @module
 */
import { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { createSecureContext, type Server as TlsServer } from 'node:tls'
import type { ServerSettings } from '@sluice/model'
import type { FastifyBaseLogger } from 'fastify'
import { CertificateError } from '../server-errors.ts'

export type CertificateFiles = NonNullable<ServerSettings['tls']>

export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
}

/** Milliseconds between two looks at the files: looking works on every file system, watching does not. */
const lookEvery = 10_000

/** Throws `CertificateError` where the two are missing or do not belong together. */
export async function readCertificate({ certificate, key }: CertificateFiles): Promise<Certificate> {
  try {
    const read = { cert: await readFile(certificate), key: await readFile(key) }
    createSecureContext(read)
    return read
  } catch (error) {
    throw new CertificateError(certificate, key, error)
  }
}

/** When the certificate ends. */
export function endOf({ cert }: Certificate): Date {
  return new Date(new X509Certificate(cert).validTo)
}

export interface CertificateWatch {
  /** The one that is in use. */
  readonly certificate: Certificate
  /** Now, whether or not the files have changed. */
  reload(): Promise<void>
  stop(): void
}

/** Gives `server`, which uses `first`, the new certificate; one that cannot be used is logged, and the old one stays. */
export function watchCertificate(
  server: Pick<TlsServer, 'setSecureContext'>,
  {
    files,
    first,
    log,
  }: { readonly files: CertificateFiles; readonly first: Certificate; readonly log: FastifyBaseLogger },
): CertificateWatch {
  let current = first
  let seen: string | undefined
  const reload = async () => {
    try {
      const read = await readCertificate(files)
      server.setSecureContext({ ...read, minVersion: 'TLSv1.2' })
      current = read
      log.info({ certificate: files.certificate }, 'certificate read again')
    } catch (error) {
      log.error({ err: error }, 'the certificate stays as it was')
    }
  }
  const look = async () => {
    const now = await stampOf(files)
    const changed = seen !== undefined && now !== seen
    seen = now
    if (changed) await reload()
  }
  void look()
  const timer = setInterval(() => void look(), lookEvery)
  timer.unref()
  return {
    reload,
    stop: () => clearInterval(timer),
    get certificate() {
      return current
    },
  }
}

async function stampOf({ certificate, key }: CertificateFiles): Promise<string> {
  const stamps = [certificate, key].map(async (path) => {
    const found = await stat(path).catch(() => undefined)
    return `${found?.mtimeMs} ${found?.size} ${found?.ino}`
  })
  return (await Promise.all(stamps)).join(' ')
}
