/**
 * A server that speaks TLS itself, with certificates that are renewed while it runs.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { createServerHarness } from '../../test/server-harness.ts'
import { CertificateError, type RunningServer } from '../index.ts'

function makeCertificate(folder: string, name: string) {
  const files = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) }
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
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
  execFileSync('openssl', [...how, ...subject, '-keyout', files.key, '-out', files.certificate], {
    stdio: 'ignore',
  })
  return files
}

/** Status of /health and the name in the certificate, which must be signed by `authority`. */
function health(
  server: RunningServer,
  authority: string,
): Promise<{ status: number | undefined; name: unknown }> {
  return new Promise((resolve, reject) => {
    const options = { ca: readFileSync(authority), agent: false, headers: { connection: 'close' } }
    get(`${server.url}/health`, options, (answer) => {
      const { socket } = answer
      const name = socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : undefined
      answer.resume()
      resolve({ status: answer.statusCode, name })
    }).on('error', reject)
  })
}

test('speaks TLS, takes a new certificate while it runs, and keeps the old one when the new is broken', async () => {
  await using harness = await createServerHarness()
  const tls = makeCertificate(harness.folder, 'first')
  const server = await harness.serve({ tls })
  expect(server.url).toMatch(/^https:/)
  expect(await health(server, tls.certificate)).toEqual({ status: 200, name: 'first' })
  const second = makeCertificate(harness.folder, 'second')
  copyFileSync(second.certificate, tls.certificate)
  copyFileSync(second.key, tls.key)
  await server.reloadCertificate()
  expect(await health(server, second.certificate)).toEqual({ status: 200, name: 'second' })
  writeFileSync(tls.key, 'broken')
  await server.reloadCertificate()
  expect(await health(server, second.certificate)).toEqual({ status: 200, name: 'second' })
  expect(harness.logged.join('')).toContain('SLUICE-SERVER-08')
})

test('does not start with a certificate that cannot be used', async () => {
  await using harness = await createServerHarness()
  const [one, two] = [makeCertificate(harness.folder, 'one'), makeCertificate(harness.folder, 'two')]
  for (const tls of [
    { ...one, certificate: join(harness.folder, 'missing.pem') },
    { certificate: one.certificate, key: two.key },
  ]) {
    await expect(harness.serve({ tls })).rejects.toThrow(CertificateError)
  }
})
