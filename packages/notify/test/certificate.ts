/**
 * A certificate for 127.0.0.1 that no authority has signed.
 *
 * @module
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate extends Disposable {
  readonly key: string
  readonly cert: string
  /** Of a PEM file. */
  readonly path: string
}

export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-certificate-'))
  const [path, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const how = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ]
  const whom = ['-subj', '/CN=receiver', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync('openssl', [...how, ...whom, '-keyout', key, '-out', path], { stdio: 'ignore' })
  return {
    path,
    key: readFileSync(key, 'utf8'),
    cert: readFileSync(path, 'utf8'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
